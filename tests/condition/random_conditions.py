"""Conditions over the small site as an administrator could write them, every kind of clause and operand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from app.condition.check import ALLOWED
from app.condition.operands import comparable
from app.condition.tree import ORDERING, Op
from app.condition.unparse import quoted
from app.condition.vocabulary import LISTS, TEXTS, Kind, Shape
from tests.condition.random_rows import AMOUNTS, LINE_POOL, TEXT_POOL
from tests.condition.small_site import DEPARTMENTS, ENTITIES, PERSON, POSTS, ROLES

Draw = Callable[[st.SearchStrategy[object]], object]
K = Kind
SINGLE = {K.REFS: K.REF, K.CHOICES: K.CHOICE, K.LINES: K.TEXT}
NUMBERS = (
    "0",
    "1",
    "2",
    "2.5",
    "2.51",
    "2.512345",
    "2.5123",
    "-1",
    "-2.5",
    "-2.505",
    "60",
    "123456789012.25",
)
SPANS = tuple(f"{n}{u}" for n in AMOUNTS for u in ("m", "h")) + tuple(
    f"{n} {u}" for n in AMOUNTS for u in ("days", "workdays")
)
SHIFTS = ("1 day", "30 days", "2 months", "1 year", "12 months", "400 days")
DATES = ("2026-03-08", "2026-03-07", "2026-01-01", "2025-12-31", "2024-02-29")
MOMENTS = ("2026-03-08 00:00", "2026-03-08 14:30", "2026-01-01 00:00:00", "2026-03-09T02:30")
TIMES = ("00:00", "9:00", "09:30", "23:59:59")
BARE = ("ab", "A", "0010", "10", "中文", "A-1")


@cache
def paths(entity: str, steps: int = 2) -> dict[Kind, list[tuple[str, Shape]]]:
    """Every path from an entity by kind, through at most `steps` refs."""
    found: dict[Kind, list[tuple[str, Shape]]] = defaultdict(list)
    for key, shape in ENTITIES[entity].items():
        found[shape.kind].append((key, shape))
        if shape.kind is K.REF and len(shape.targets) == 1 and steps:
            for kind, below in paths(shape.targets[0], steps - 1).items():
                dotted = f"{key}."
                clear = [(dotted + p, s) for p, s in below if dotted + p not in ENTITIES[entity]]
                found[kind] += clear
    return dict(found)


def pick(draw: Draw, pool: Iterable[object]) -> str:
    return str(draw(st.sampled_from(tuple(pool))))


@st.composite
def conditions(draw: Draw, entity: str = "ticket", *, counts: bool = True) -> str:
    """The text of a condition."""
    return _node(draw, entity, 3, counts=counts, host=None)


def _node(draw: Draw, entity: str, depth: int, *, counts: bool, host: str | None) -> str:
    shape = pick(draw, ("clause",) * 3 + (("not", "and", "or", "not") if depth else ()))
    below = {"counts": counts, "host": host}
    if shape == "clause":
        return _clause(draw, entity, **below)  # type: ignore[arg-type]
    if shape == "not":
        return f"not ({_node(draw, entity, depth - 1, **below)})"  # type: ignore[arg-type]
    size = int(pick(draw, (2, 2, 3)))
    parts = [_node(draw, entity, depth - 1, **below) for _ in range(size)]  # type: ignore[arg-type]
    return f" {shape} ".join(f"({part})" for part in parts)


def _clause(draw: Draw, entity: str, *, counts: bool, host: str | None) -> str:
    sort = pick(
        draw,
        ("path",) * 6
        + ("mine",)
        + (("count",) if counts else ())
        + (("same",) * 4 if host else ()),
    )
    if sort == "count":
        return _aggregate(draw, entity)
    if sort == "mine":
        return _of_person(draw)
    if sort == "same" and host:
        return f"same {pick(draw, _shared(entity, host))}"
    by_kind = paths(entity, int(pick(draw, (0, 0, 0, 1, 1, 2))))
    kind = draw(st.sampled_from(sorted(by_kind)))
    path, shape = draw(st.sampled_from(by_kind[kind]))  # type: ignore[index,misc]
    return _compared(draw, entity, path, shape, sorted(ALLOWED[shape.kind]))


@cache
def _shared(entity: str, host: str) -> list[str]:
    """What may stand after `same`."""
    theirs = {p: s for found in paths(entity, 1).values() for p, s in found}
    ours = {p: s for found in paths(host, 1).values() for p, s in found}
    bad = LISTS | {K.NOTE, K.CONDITION}
    both = [
        p
        for p, s in theirs.items()
        if p in ours and s.kind not in bad and comparable(s, ours[p]) and len(s.targets) < 2
    ]
    return [*both, *([host] if host in theirs and host not in ours else [])]


def _aggregate(draw: Draw, host: str) -> str:
    entity = pick(draw, ("ticket", "visit", "visit", "shop"))
    gather = pick(draw, ("count", "distinct", "sum"))
    bad = LISTS | {K.NOTE, K.CONDITION}
    kinds = [K.INTEGER, K.MONEY, K.DECIMAL] if gather == "sum" else [k for k in K if k not in bad]
    pool = [p for k in kinds for p, s in paths(entity, 1).get(k, ()) if len(s.targets) < 2]
    pool = [p for p in pool if p != "size" or gather != "sum"]
    subject = "" if gather == "count" else f"{pick(draw, pool)} in "
    first = {"count": "count of ", "distinct": "count of distinct ", "sum": "sum of "}[gather]
    where = (
        f" where ({_node(draw, entity, 1, counts=False, host=host)})" if draw(st.booleans()) else ""
    )
    within = (
        f" within {pick(draw, ('30 days', '4h', '2 months', '1 year'))}"
        if draw(st.booleans())
        else ""
    )
    left = f"{first}{subject}{entity}{where}{within}"
    if gather != "sum" and pick(draw, (0, 0, 1)) == "1":
        return f"{left} in [0, {pick(draw, (1, 2, '2.5'))}]"
    rights = ["0", "1", "2", "3", "60"] + (
        ["weight", "length"] if gather != "sum" and host == "ticket" else []
    )
    return f"{left} {pick(draw, sorted(ORDERING | {Op.IS}))} {pick(draw, rights)}"


def _of_person(draw: Draw) -> str:
    key = pick(draw, ["department", "departments", "post", "roles", *PERSON])
    if key in ("departments", "roles"):
        right = pick(draw, DEPARTMENTS if key == "departments" else ROLES)
        return pick(draw, (f"my.{key} contains {right}", f"my.{key} is empty", f"my.{key} is set"))
    if key in ("department", "post"):
        pool = list(DEPARTMENTS if key == "department" else POSTS)
        some = (
            f"my.{key} is {pool[0]}",
            f"my.{key} in [{pool[0]}, {pool[1]}]",
            f"my.{key} is not set",
        )
        return pick(draw, some)
    shape = PERSON[key]
    ops = [Op.IS_SET, Op.IS_EMPTY] if shape.targets else sorted(ALLOWED[shape.kind])
    return _compared(draw, None, f"my.{key}", shape, ops)


def _compared(draw: Draw, entity: str | None, path: str, shape: Shape, ops: list[Op]) -> str:
    op = draw(st.sampled_from(ops))
    if op in (Op.IS_SET, Op.IS_EMPTY):
        return pick(draw, (f"{path} {op}", f"{path} is not {op.value.removeprefix('is ')}"))  # type: ignore[attr-defined]
    if op is Op.IN:
        return _within_list(draw, path, shape, person=entity is not None)
    if entity is not None and pick(draw, (0, 0, 0, 1)) == "1":
        other = _path_like(draw, entity, shape)
        if other:
            return f"{path} {op} {other}"
    right = _value(draw, shape, op, person=entity is not None)  # type: ignore[arg-type]
    if right is None:
        return f"{path} is set"
    word = pick(draw, ("is", "is not")) if op is Op.IS else str(op)
    return f"{path} {word} {right}"


def _within_list(draw: Draw, path: str, shape: Shape, *, person: bool) -> str:
    word = pick(draw, ("in", "not in"))
    groups = _groups(shape) if person else []
    if groups and draw(st.booleans()):
        return f"{path} {word} {pick(draw, groups)}"
    found = [_value(draw, shape, Op.IS, person=person) for _ in range(int(pick(draw, (1, 2, 3))))]
    items = [one for one in found if one is not None]
    return f"{path} {word} [{', '.join(items)}]" if items else f"{path} is set"


def _groups(shape: Shape) -> list[str]:
    groups = []
    if "department" in shape.targets:
        groups.append("my.departments")
    if "shop" in shape.targets:
        groups.append("my.shops")
    if shape.kind in TEXTS:
        groups.append("my.roles")
    if shape.kind is K.CHOICE and shape.options == PERSON["skills"].options:
        groups.append("my.skills")
    return groups


def _path_like(draw: Draw, entity: str, shape: Shape) -> str | None:
    wanted = replace(shape, kind=SINGLE.get(shape.kind, shape.kind))
    pool = [
        p
        for found in paths(entity).values()
        for p, s in found
        if comparable(wanted, s)
        and (not s.unit or not wanted.unit or s.unit == wanted.unit)
        and not (wanted.kind is K.MONEY and s.unit != wanted.unit)
        and wanted.option(p) is None
    ]
    return pick(draw, pool) if pool else None


def _value(draw: Draw, shape: Shape, op: Op, *, person: bool) -> str | None:
    if person and pick(draw, (0, 0, 0, 1)) == "1":
        mine = _mine(shape)
        if mine:
            return pick(draw, mine)
    kind = SINGLE.get(shape.kind, shape.kind)
    if shape.kind is K.LINES:
        return quoted(pick(draw, LINE_POOL))
    if kind in TEXTS:
        return pick(draw, BARE) if draw(st.booleans()) else quoted(pick(draw, TEXT_POOL))
    if kind is K.REF:
        return _code(draw, shape)
    pools: dict[Kind, tuple[str, ...]] = {
        K.INTEGER: (*NUMBERS, "this_year", "last_year", "100000000000000"),
        K.DECIMAL: NUMBERS,
        K.MONEY: NUMBERS,
        K.PERCENT: tuple(f"{n}%" for n in NUMBERS),
        K.YES_NO: ("yes", "no"),
        K.DATE: (*DATES, "today", "this_year", "last_year", *(f"today - {s}" for s in SHIFTS), "today + 1 day"),
        K.DATETIME: (
            *DATES, *MOMENTS, "today", "now", "this_year", "last_year", "now - 4h", "now - 30m",
            *(f"now - {s}" for s in SHIFTS), *(f"today - {s}" for s in SHIFTS), "now + 1 day",
        ),
        K.TIME: TIMES,
        K.DURATION: SPANS,
    }  # fmt: skip
    if kind is K.CHOICE:
        return pick(
            draw, [option.key if option.key != "set" else '"set"' for option in shape.options]
        )
    return pick(draw, pools[kind])


def _mine(shape: Shape) -> list[str]:
    found = []
    if "user" in shape.targets:
        found.append("me")
    if "department" in shape.targets:
        found.append("my.department")
    if "post" in shape.targets:
        found.append("my.post")
    if "shop" in shape.targets:
        found.append("my.base")
    if shape.kind in TEXTS or shape.kind is K.LINES:
        found.append("my.nick")
    kinds = {K.INTEGER: "level", K.DECIMAL: "level", K.DATE: "joined", K.YES_NO: "loud"}
    kinds[K.DURATION] = "promise"
    if shape.kind in kinds:
        found.append(f"my.{kinds[shape.kind]}")
    if shape.kind is K.CHOICE and shape.options == PERSON["grade"].options:
        found.append("my.grade")
    return found


def _code(draw: Draw, shape: Shape) -> str | None:
    if "department" in shape.targets:
        return pick(draw, DEPARTMENTS)
    if "post" in shape.targets:
        return pick(draw, POSTS)
    if shape.targets in (("shop",), ("region",)):
        return pick(draw, ("R1", "S1", "0010", "A-1", '"S1"', "zzz"))
    return "me" if "user" in shape.targets else None
