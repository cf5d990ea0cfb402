"""What the records say to a change: duplicates, empty values, values in use, values beyond a limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select

from app.manifest.model.fields import Field, FieldType
from app.release.differences import shown
from app.release.survey import Survey
from app.schema.names import column_name
from app.schema.storage import Kind, Storage

LISTED = 10


def duplicates(
    survey: Survey, table: Table, columns: list[Column[Any]]
) -> tuple[int, tuple[str, ...]]:
    """How many values (or combinations) stand in several rows, retired ones included, and the first of them."""
    query = (
        select(func.count(), func.min(table.c.id), *columns)
        .where(*(column.is_not(None) for column in columns))
        .group_by(*columns)
        .having(func.count() > 1)
    )
    some = query.subquery()
    many = int(survey.connection.scalar(select(func.count()).select_from(some)) or 0)
    if not many:
        return 0, ()
    found = survey.connection.execute(query.order_by(func.min(table.c.id)).limit(LISTED))
    words = [f"{'、'.join(shown(value) for value in row[2:])}：{row[0]} 条" for row in found]
    return many, tuple(words)


def empties(survey: Survey, table: Table, stored: Storage) -> tuple[int, tuple[str, ...]]:
    """How many live rows have no value, and what the first of them are called."""
    if stored.column is None:
        return 0, ()
    where = (table.c[stored.column.name].is_(None), table.c.retired_at.is_(None))
    many = int(survey.connection.scalar(select(func.count()).select_from(table).where(*where)) or 0)
    return many, named_rows(survey.connection, table, where, _code(survey, table)) if many else ()


def _code(survey: Survey, table: Table) -> str | None:
    """The field by which an entity's rows are known, if it has one."""
    entity = survey.old.entities.get(table.name) if survey.old else None
    fields = entity.fields.values() if entity else ()
    return next((one.key for one in fields if one.type is FieldType.CODE), None)


def named_rows(
    connection: Connection, table: Table, where: Iterable[ColumnElement[bool]], code: str | None
) -> tuple[str, ...]:
    """The first rows by code, number or id."""
    name = table.c[code] if code is not None else table.c.number
    query = select(table.c.id, name).where(*where).order_by(table.c.id).limit(LISTED)
    return tuple(str(word or f"#{id_}") for id_, word in connection.execute(query))


def in_use(survey: Survey, table: Table, stored: Storage) -> Mapping[str, int]:
    """Each choice that stands in rows, retired ones included, and in how many."""
    if stored.kind is not Kind.COLUMN or stored.column is None:
        return {}
    column = table.c[stored.column.name]
    if stored.field.type is FieldType.CHOICES:
        return Counter(_listed(survey.connection, column))
    query = select(column, func.count()).where(column.is_not(None)).group_by(column)
    return {str(value): int(many) for value, many in survey.connection.execute(query)}


def _listed(connection: Connection, column: Column[Any]) -> Iterator[str]:
    query = select(column, func.count()).where(column.is_not(None)).group_by(column)
    for values, many in connection.execute(query):
        for value in values:
            yield from (value for _ in range(many))


def beyond(survey: Survey, table: Table, old: Field, new: Field) -> int:
    """How many live rows hold a value that the new limits wouldn't take."""
    name = column_name(old)
    if name not in table.c or new.type in (FieldType.REF, FieldType.REFS, FieldType.FILES):
        return 0
    column = table.c[name]
    bad: list[ColumnElement[bool]] = []
    if new.max_length is not None and (old.max_length is None or new.max_length < old.max_length):
        bad.append(func.length(column) > new.max_length)
    if _tightened(old.min, new.min) and not isinstance(new.min, str):
        bad.append(column < new.min)
    if _tightened(old.max, new.max) and not isinstance(new.max, str):
        bad.append(column > new.max)
    return sum(survey.count(table, one) for one in bad)


def _tightened(old: object, new: object) -> bool:
    return new is not None and old != new
