"""Values of one field type as values of another, exactly or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, column, select, table, update
from sqlalchemy.types import TypeEngine

from app.manifest.field_values import ValueProblem, read_text
from app.manifest.model.fields import Field, FieldType
from app.release.checks import LISTED
from app.release.differences import shown
from app.schema.storage import column_type
from app.schema.types import BigId

BATCH = 2_000
T = FieldType
# Between these and others nothing can be told from a value: they point to something, or are something else.
UNCONVERTIBLE = (T.REF, T.REFS, T.FILES, T.CONDITION)


@dataclass(frozen=True, slots=True)
class Dry:
    """What converting would do: how many values there are, how many can't be converted, and the first of those."""

    values: int
    bad: int
    examples: tuple[str, ...]


def convertible(old: Field, new: Field) -> bool:
    """Whether there is a way from one type to the other at all."""
    if T.REF in (old.type, new.type) and T.REFS in (old.type, new.type):
        return old.to == new.to
    return old.type not in UNCONVERTIBLE and new.type not in UNCONVERTIBLE


def convert(value: object, old: Field, new: Field, zone: ZoneInfo) -> object:
    """The value as the new field holds it. Raises ValueProblem where it can't."""
    if new.type is T.CHOICES:
        keys = value if isinstance(value, tuple) else (value,)
        return tuple(_choice(str(key), old, new) for key in keys)
    if new.type is T.CHOICE:
        if isinstance(value, tuple) and len(value) != 1:
            raise ValueProblem("选了多项，不能改成单选")
        return _choice(str(value[0] if isinstance(value, tuple) else value), old, new)
    return read_text(new, as_text(value, old, zone), zone)


def _choice(word: str, old: Field, new: Field) -> str:
    """By key, or by what the old field showed, or by label."""
    before = old.choice(word)
    wanted = {word, before.label if before else word}
    for choice in new.choices:
        if choice.key == word or choice.label in wanted:
            return choice.key
    raise ValueProblem(f"没有“{word[:40]}”这个选项")


def as_text(value: object, field: Field, zone: ZoneInfo) -> str:
    """A value as a person would type it."""
    match value:
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.astimezone(zone).isoformat(sep=" ", timespec="minutes")
        case tuple():
            between = "\n" if field.type is T.LINES else "、"
            return between.join(as_text(one, field, zone) for one in value)
        case _:
            chosen = field.choice(str(value)) if field.choices else None
            return chosen.label if chosen else str(value)


def dry_run(
    connection: Connection, entity: str, name: str, old: Field, new: Field, zone: ZoneInfo
) -> Dry:
    """Converts every value without writing any."""
    values = bad = 0
    examples: list[str] = []
    for record, value in _values(connection, entity, name, column_type(old)):
        values += 1
        try:
            convert(value, old, new, zone)
        except ValueProblem as problem:
            bad += 1
            if len(examples) < LISTED:
                examples.append(f"#{record} {shown(value)}：{problem}")
    return Dry(values, bad, tuple(examples))


def convert_all(
    connection: Connection,
    entity: str,
    source: str,
    target: str,
    old: Field,
    new: Field,
    zone: ZoneInfo,
) -> None:
    """Writes into column `target` what stands in column `source`, converted. Unchanged values aren't written."""
    kind = column_type(new)
    rows = table(entity, column("id", BigId), column(target, kind))
    for found in _batches(_values(connection, entity, source, column_type(old))):
        for record, value in found:
            converted = convert(value, old, new, zone)
            if source != target or converted != value:
                change = update(rows).where(rows.c.id == record)
                connection.execute(change.values({target: converted}))


def _values(
    connection: Connection, entity: str, name: str, kind: TypeEngine[Any]
) -> Iterator[tuple[int, Any]]:
    """Every value with its row's id, read piece by piece so that writing in between does no harm."""
    rows = table(entity, column("id", BigId), column(name, kind))
    last = 0
    while True:
        query = select(rows.c.id, rows.c[name]).where(rows.c.id > last, rows.c[name].is_not(None))
        found = connection.execute(query.order_by(rows.c.id).limit(BATCH)).all()
        if not found:
            return
        yield from ((row[0], row[1]) for row in found)
        last = found[-1][0]


def _batches(values: Iterator[tuple[int, Any]]) -> Iterator[list[tuple[int, Any]]]:
    batch: list[tuple[int, Any]] = []
    for pair in values:
        batch.append(pair)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
