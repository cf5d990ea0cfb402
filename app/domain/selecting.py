"""The columns of a page of records in one statement: values, labels of refs, and what is private.

Labels of refs come by left joins on primary keys; whether a private field is clear comes as one boolean a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, String, Table, cast, func, literal, select
from sqlalchemy import Row as SqlRow

from app.domain import access
from app.domain.context import Context
from app.domain.masks import masked
from app.domain.rows import Row
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.schema.models import BUILT_IN_TITLES
from app.schema.names import column_name
from app.schema.storage import Storage

ALWAYS = ("id", "version", "retired_at")
TITLE_TYPES = (
    FieldType.TEXT,
    FieldType.NOTE,
    FieldType.CODE,
    FieldType.CREDIT_CODE,
    FieldType.PHONE,
    FieldType.EMAIL,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a field stands in a row: its value, the label of what it refers to, whether it is clear."""

    field: Field
    value: int
    label: int | None
    clear: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """A statement and how to read its rows."""

    entity: Entity
    spots: tuple[Spot, ...]
    editable: int | None
    statement: Select[Any]


def selection(
    context: Context,
    entity: Entity,
    keys: Iterable[str],
    *,
    editable: bool = False,
    labels: bool = True,
    among: FromClause | None = None,
) -> Selection:
    """Selects these fields of the entity's table; `among` holds ids of the rows that are wanted.

    The caller adds the scope: nothing here filters rows.
    """
    table = access.table(context, entity.key)
    stored = context.schema.storage[entity.key]
    fields = tuple(
        entity.field(key)
        or spot.field  # `due_at` is kept in the first clock's column, under a label of its own
        for key in dict.fromkeys(keys)
        if (spot := stored.get(key)) is not None and spot.column is not None and key not in ALWAYS
    )
    columns: list[ColumnElement[Any]] = [table.c[name] for name in ALWAYS]
    source: FromClause = table if among is None else among.join(table, table.c.id == among.c.id)
    spots: list[Spot] = []
    for field in fields:
        column = _column(stored, field)
        value, label_at, clear_at = len(columns), None, None
        columns.append(column.label(field.key))
        if labels and field.type is FieldType.REF and field.to:
            source, label = joined_label(context, source, column, field)
            label_at = len(columns)
            columns.append(label.label(f"{field.key}:label"))
        if field.private and not context.actor.system:
            clear_at = len(columns)
            columns.append(access.clear(context, entity.key, field.key).label(f"{field.key}:clear"))
        spots.append(Spot(field, value, label_at, clear_at))
    editable_at = len(columns) if editable else None
    if editable:
        columns.append(access.rows(context, entity.key, "edit").label(":editable"))
    return Selection(entity, tuple(spots), editable_at, select(*columns).select_from(source))


def _column(stored: Mapping[str, Storage], field: Field) -> ColumnElement[Any]:
    column = stored[field.key].column
    assert column is not None  # `selection` takes only such fields
    return column


def joined_label(
    context: Context, source: FromClause, column: ColumnElement[Any], field: Field
) -> tuple[FromClause, ColumnElement[Any]]:
    """Joins what the ref points to and gives its title, as the reader may see it."""
    target = _target(access.table(context, field.to or ""), f"{field.key}__to")
    source = source.outerjoin(target, target.c.id == column)
    return source, title_expression(context, field.to or "", target)


def _target(table: Table, name: str) -> FromClause:
    """The table under this name; made once, since making one costs more than asking the database does."""
    known: dict[str, FromClause] = table.info.setdefault("named", {})
    if name not in known:
        known[name] = table.alias(name)
    return known[name]


def title_expression(context: Context, entity: str, target: FromClause) -> ColumnElement[Any]:
    """The title of an entity's rows as SQL; the number, then the id, where the title is private, empty or no text."""
    if entity in BUILT_IN_TITLES:
        return target.c[BUILT_IN_TITLES[entity]]
    known = context.manifest.entities[entity]
    title = known.fields.get(known.title)
    fallback = literal("#").concat(cast(target.c.id, String))
    if title is None or title.private or title.type not in TITLE_TYPES:
        return func.coalesce(target.c.number, fallback)
    return func.coalesce(target.c[column_name(title)], target.c.number, fallback)


def read_rows(chosen: Selection, found: Sequence[SqlRow[Any]]) -> tuple[Row, ...]:
    """The rows as the actor may see them."""
    return tuple(_read(chosen, row) for row in found)


def _read(chosen: Selection, found: SqlRow[Any]) -> Row:
    values: dict[str, object] = dict(zip(ALWAYS, found, strict=False))
    labels: dict[str, str | tuple[str, ...]] = {}
    hidden: set[str] = set()
    for spot in chosen.spots:
        key, value = spot.field.key, found[spot.value]
        if spot.clear is not None and not found[spot.clear]:
            hidden.add(key)
            values[key] = masked(spot.field, value)
            continue
        values[key] = value
        if spot.label is not None and (label := found[spot.label]) is not None:
            labels[key] = str(label)
    editable = chosen.editable is not None and bool(found[chosen.editable])
    return Row(
        chosen.entity.key,
        int(found[0]),
        frozen(values),
        frozen(labels),
        frozenset(hidden),
        editable,
    )
