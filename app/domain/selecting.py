"""The columns of a page of records in one statement: values, labels of refs, and what is private.

Labels of refs come by left joins on primary keys; whether a private field is clear comes as one boolean a field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, String, cast, func, literal, select
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
class Selection:
    """A statement and how to read its rows."""

    entity: Entity
    fields: tuple[Field, ...]
    statement: Select[Any]


def selection(
    context: Context, entity: Entity, keys: Iterable[str], *, editable: bool = False
) -> Selection:
    """Selects these fields of the entity's table. The caller adds the scope: nothing here filters rows."""
    table = access.table(context, entity.key)
    stored = context.schema.storage[entity.key]
    fields = tuple(
        entity.field(key)
        or spot.field  # `due_at` is kept in the first clock's column, under a label of its own
        for key in dict.fromkeys(keys)
        if (spot := stored.get(key)) is not None and spot.column is not None and key not in ALWAYS
    )
    columns: list[ColumnElement[Any]] = [table.c[name] for name in ALWAYS]
    source: FromClause = table
    for field in fields:
        column = _column(stored, field)
        columns.append(column.label(field.key))
        if field.type is FieldType.REF and field.to:
            source, label = joined_label(context, source, column, field)
            columns.append(label.label(f"{field.key}:label"))
        if field.private and not context.actor.system:
            columns.append(access.clear(context, entity.key, field.key).label(f"{field.key}:clear"))
    if editable:
        columns.append(access.rows(context, entity.key, "edit").label(":editable"))
    return Selection(entity, fields, select(*columns).select_from(source))


def _column(stored: Mapping[str, Storage], field: Field) -> ColumnElement[Any]:
    column = stored[field.key].column
    assert column is not None  # `selection` takes only such fields
    return column


def joined_label(
    context: Context, source: FromClause, column: ColumnElement[Any], field: Field
) -> tuple[FromClause, ColumnElement[Any]]:
    """Joins what the ref points to and gives its title, as the reader may see it."""
    target = access.table(context, field.to or "").alias(f"{field.key}__to")
    source = source.outerjoin(target, target.c.id == column)
    return source, title_expression(context, field.to or "", target)


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


def read_row(context: Context, chosen: Selection, found: SqlRow[Any]) -> Row:
    """The row as the actor may see it."""
    facts = found._mapping
    values: dict[str, object] = {name: facts[name] for name in ALWAYS}
    labels: dict[str, str | tuple[str, ...]] = {}
    hidden: set[str] = set()
    for field in chosen.fields:
        value = facts[field.key]
        if facts.get(f"{field.key}:clear", True):
            values[field.key] = value
            if (label := facts.get(f"{field.key}:label")) is not None:
                labels[field.key] = str(label)
        else:
            hidden.add(field.key)
            values[field.key] = masked(field, value)
    return Row(
        chosen.entity.key,
        int(facts["id"]),
        frozen(values),
        frozen(labels),
        frozenset(hidden),
        bool(facts.get(":editable", False)),
    )


def read_rows(context: Context, chosen: Selection, found: Sequence[SqlRow[Any]]) -> tuple[Row, ...]:
    return tuple(read_row(context, chosen, row) for row in found)
