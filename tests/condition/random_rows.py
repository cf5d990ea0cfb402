"""Rows for the small site from small pools, so that comparisons meet equal values, near misses and gaps."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from app.condition.facts import Facts
from app.condition.vocabulary import Kind, Shape
from app.manifest.model.values import Duration, Unit
from tests.condition.small_site import (
    DEPARTMENTS,
    ENTITIES,
    LINKED,
    PERSON,
    POSTS,
    ROLES,
    Row,
    Rows,
    column_keys,
    column_name,
    tables,
)

ZONES = ("Asia/Shanghai", "America/New_York")
NOW = datetime(2026, 3, 8, 18, 30, tzinfo=UTC)  # the day New York's clocks go forward
TEXT_POOL = (
    "a", "A", "ab", "aB", "b", "%", "_", "a%b", "a_b", "\\", "'", '"', "0010", "10", "é", "é",
    "中文", "中", "中文 ", "😀", "x😀y", "null", "a\nb",
)  # fmt: skip
LINE_POOL = ("a", "A", "ab", "中文", "😀", '"', "\\", "%")
LASTING = (Unit.MINUTES, Unit.HOURS, Unit.WORKDAYS, Unit.DAYS)
AMOUNTS = (0, 1, 2, 3, 10, 24, 60)
COUNTS = {"region": 5, "shop": 12, "department": 4, "post": 2, "user": 5, "ticket": 60, "visit": 40}
EMPTY_SHARE = 0.25


def moments(zone: ZoneInfo) -> list[datetime]:
    """Around midnights of the zone, around now, around the turn of the year."""
    days = [date(2026, 3, d) for d in (7, 8, 9)] + [
        date(2026, 1, 1),
        date(2025, 1, 1),
        date(2027, 1, 1),
    ]
    midnights = [datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC) for day in days]
    near = [
        m + d
        for m in midnights
        for d in (timedelta(0), timedelta(microseconds=-1), timedelta(hours=5))
    ]
    return [*near, NOW, NOW - timedelta(hours=4), NOW - timedelta(days=30), NOW + timedelta(days=1)]


def days() -> list[date]:
    today = date(2026, 3, 8)
    return [today + timedelta(days=d) for d in (-400, -365, -60, -30, -1, 0, 1, 30)] + [
        date(2026, 1, 1), date(2025, 12, 31), date(2024, 2, 29)
    ]  # fmt: skip


def numbers(shape: Shape) -> list[Decimal]:
    written = (
        "0",
        "1",
        "2",
        "2.5",
        "2.51",
        "2.512345",
        "-1",
        "-2.5",
        "20",
        "60",
        "100",
        "123456789012.25",
    )
    step = Decimal(1).scaleb(-shape.places)
    return [Decimal(one).quantize(step) for one in written]


def value(chance: random.Random, shape: Shape, zone: ZoneInfo) -> object:
    """A value of a field, often empty."""
    if chance.random() < EMPTY_SHARE and shape.key != "created_at":
        return None
    if shape.key == "code":
        return chance.choice(("R1", "R2", "S1", "0010", "A-1"))
    if shape.kind in (Kind.REFS, Kind.FILES):
        return some(chance, ids(shape))
    if shape.kind is Kind.CHOICES:
        return some(chance, tuple(option.key for option in shape.options))
    if shape.kind is Kind.LINES:
        return some(chance, LINE_POOL)
    return chance.choice(pool(shape, zone))


def ids(shape: Shape) -> tuple[int, ...]:
    return tuple(range(1, COUNTS[shape.targets[0] if shape.targets else "shop"] + 1))


def pool(shape: Shape, zone: ZoneInfo) -> Sequence[object]:
    """What a field with one value may hold."""
    kind = shape.kind
    if kind in (Kind.DECIMAL, Kind.MONEY, Kind.PERCENT):
        return numbers(shape)
    if kind is Kind.REF:
        return ids(shape)
    if kind is Kind.CHOICE:
        # A key that is in no list any more may stand on an old record.
        return [*(option.key for option in shape.options), "gone"]
    pools: dict[Kind, Sequence[object]] = {
        Kind.INTEGER: (0, 1, 2, 3, -1, 60, 2025, 2026, 10**15),
        Kind.YES_NO: (True, False),
        Kind.DATE: days(),
        Kind.DATETIME: moments(zone),
        Kind.TIME: (time(0), time(9), time(9, 30), time(23, 59, 59)),
        Kind.DURATION: [Duration(n, unit) for n in AMOUNTS for unit in LASTING],
    }
    return pools.get(kind, TEXT_POOL)


def some(chance: random.Random, pool: tuple[object, ...]) -> tuple[object, ...] | None:
    chosen = chance.sample(pool, min(len(pool), chance.choice((0, 1, 2, 3))))
    return tuple(chosen) or None


def rows(seed: int, zone: ZoneInfo) -> Rows:
    """The same rows for the same seed."""
    chance = random.Random(seed)
    made = Rows()
    for entity, count in COUNTS.items():
        made.of[entity] = {id_: one_row(chance, entity, id_, zone) for id_ in range(1, count + 1)}
    return made


def one_row(chance: random.Random, entity: str, id_: int, zone: ZoneInfo) -> Row:
    row: Row = {"id": id_}
    for shape in ENTITIES[entity].values():
        if shape.key == "id":
            continue
        if len(shape.targets) > 1:
            aimed = chance.choice(column_keys(shape))
            target = aimed.partition("@")[2]
            row[aimed] = (
                chance.randint(1, COUNTS[target]) if chance.random() > EMPTY_SHARE else None
            )
        else:
            row[shape.key] = value(chance, shape, zone)
    if entity in ("department", "post"):
        row["key"] = list(DEPARTMENTS if entity == "department" else POSTS)[id_ - 1]
    return row


def store(connection: Connection, made: Rows) -> None:
    """Into empty tables."""
    by_name = tables()[1]
    for entity, fields in ENTITIES.items():
        stored = [shape for shape in fields.values() if shape.kind not in LINKED]
        keys = [key for shape in stored for key in column_keys(shape)]
        records = made.of[entity].values()
        values = [{column_name(key): row.get(key) for key in keys} for row in records]
        connection.execute(insert(by_name[entity]), values)
        for shape in fields.values():
            if shape.kind in LINKED:
                ties = [
                    {"record_id": row["id"], "target_id": target}
                    for row in records
                    for target in row.get(shape.key) or ()  # type: ignore[attr-defined]
                ]
                connection.execute(insert(by_name[f"{entity}__{shape.key}"]), ties)


def facts(seed: int, zone: ZoneInfo) -> Facts:
    """Somebody, with whatever they may lack."""
    chance = random.Random(seed)
    own = chance.choice((None, 1, 2, 3))
    below = chance.choice(({own}, {own, 4}, {own, 2, 3})) if own else set()
    keys = list(DEPARTMENTS)
    posts = chance.choice((set(), {1}, {1, 2}))
    return Facts(
        now=NOW,
        zone=zone,
        user=chance.choice((None, 1, 2, 3)),
        department=own,
        department_key=keys[own - 1] if own else None,
        departments=frozenset(below),
        department_keys=frozenset(keys[one - 1] for one in below if one),
        posts=frozenset(posts),
        post_keys=frozenset(list(POSTS)[one - 1] for one in posts),
        roles=frozenset(chance.sample(list(ROLES), chance.choice((0, 1, 2)))),
        fields={shape.key: value(chance, shape, zone) for shape in PERSON.values()},
    )
