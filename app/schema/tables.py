"""An entity's table: the columns that every record has, those of its fields, those that its traits bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, text

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.place import Place
from app.schema.names import column_name, identifier, link_table_name, plain_key
from app.schema.platform import platform
from app.schema.storage import Kind, Storage, column_type
from app.schema.types import BigId, PlainText, UtcDateTime

PERSON = "person"
_PLATFORM_KEYS = {
    "user": platform.user.c.id,
    "department": platform.department.c.id,
    "post": platform.post.c.id,
}


def record_table(entity: Entity, metadata: MetaData) -> Table:
    """The table with all its columns, without indexes.

    No declared field is NOT NULL: a server still on the release before, or back on it after a rollback, knows
    nothing of a new column and must be able to save. What is required is held by the domain.
    """
    columns: list[Column[Any]] = [
        Column("id", BigId, primary_key=True),
        Column("number", PlainText),
        Column("created_at", UtcDateTime, nullable=False),
        user_column(entity.key, "created_by_id"),
        Column("changed_at", UtcDateTime, nullable=False),
        user_column(entity.key, "changed_by_id"),
        Column("version", Integer, nullable=False, server_default=text("1")),
        Column("retired_at", UtcDateTime),
    ]
    present = {column.name for column in columns}
    for field in (*entity.fields.values(), *_single(entity.system.values())):
        if column_name(field) not in present and has_column(field, entity):
            columns.append(field_column(entity.key, field))
            present.add(column_name(field))
    return Table(entity.key, metadata, *columns, sqlite_autoincrement=True)


def person_table(fields: Mapping[str, Field], metadata: MetaData) -> Table:
    """What the site knows of a user besides the log-in: one row a user, with the declared fields of a person."""
    columns: list[Column[Any]] = [
        Column("user_id", Integer, ForeignKey(platform.user.c.id), primary_key=True),
        Column("department_id", Integer, ForeignKey(platform.department.c.id), index=True),
        Column("initials", PlainText),
    ]
    columns += [field_column(PERSON, field) for field in fields.values() if has_column(field)]
    return Table(PERSON, metadata, *columns)


def link_table(entity: str, field: Field, metadata: MetaData) -> Table:
    """The association table of a `refs` field; `position` keeps the order in which they were chosen."""
    name = link_table_name(entity, field.key)
    target = _target(field)
    return Table(
        name,
        metadata,
        Column("record_id", BigInteger, ForeignKey(f"{entity}.id"), primary_key=True),
        Column("target_id", _key_type(field), ForeignKey(target), primary_key=True),
        Column("position", Integer, nullable=False, server_default=text("0")),
        Index(identifier(f"ix_{name}__target_id"), "target_id", "record_id"),
    )


def has_column(field: Field, entity: Entity | None = None) -> bool:
    """Whether the field is kept in a column of its own.

    `due_at` is the deadline of the first clock, and kept in that clock's column.
    """
    if entity is not None and entity.sla is not None and field.system and field.key == "due_at":
        return False
    return field.type not in (FieldType.REFS, FieldType.FILES)


def field_column(table: str, field: Field) -> Column[Any]:
    """The column of a field, with the foreign key of a ref."""
    name = column_name(field)
    if field.type is not FieldType.REF:
        return Column(name, column_type(field))
    key = identifier(f"fk_{table}__{name}")
    return Column(name, column_type(field), ForeignKey(_target(field), name=key))


def user_column(table: str, name: str) -> Column[Any]:
    """A column that names a user."""
    return Column(
        name, Integer, ForeignKey(platform.user.c.id, name=identifier(f"fk_{table}__{name}"))
    )


def _target(field: Field) -> Any:
    """What a ref points to; of an entity by name, since that table may not be built yet."""
    return _PLATFORM_KEYS.get(field.to or "", f"{field.to}.id")


def _key_type(field: Field) -> type[Integer | BigInteger]:
    return Integer if field.to in _PLATFORM_KEYS else BigInteger


def storage_of(entity: Entity, table: Table, links: Mapping[str, Table]) -> Mapping[str, Storage]:
    """Where every field of the entity, declared or the platform's, is kept."""
    fields = {
        **_always(),
        **{one.key: one for one in _single(entity.system.values())},
        **entity.fields,
    }
    stored = {
        key: _stored(field, table, links.get(key))
        for key, field in fields.items()
        if has_column(field, entity) or not field.system
    }
    if entity.sla is not None and entity.sla.clocks:
        first = next(iter(entity.sla.clocks))
        if f"{first}.due_at" in stored and (due := fields.get("due_at")) is not None:
            stored["due_at"] = replace(stored[f"{first}.due_at"], field=due)
    return frozen(stored)


def _single(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields, with a party that may go to several kinds of target taken apart: `party@post`, `party@user`."""
    for field in fields:
        if field.targets:
            yield from (replace(field, key=f"{field.key}@{to}", to=to) for to in field.targets)
        else:
            yield field


def storage_of_columns(fields: Iterable[Field], table: Table) -> Mapping[str, Storage]:
    """The same for a built-in entity, whose table was not made from its fields and may lack a column for some."""
    return frozen({f.key: _stored(f, table, None) for f in fields if column_name(f) in table.c})


def _stored(field: Field, table: Table, links: Table | None) -> Storage:
    if field.type is FieldType.FILES:
        return Storage(field, Kind.FILES, field.key)
    if field.type is FieldType.REFS:
        return Storage(field, Kind.LINKS, field.key, links=links)
    name = column_name(field)
    relation = plain_key(field) if field.type is FieldType.REF else None
    return Storage(field, Kind.COLUMN, name, column=table.c[name], relation=relation)


def _always() -> dict[str, Field]:
    """The fields that every record has, as the platform itself sees them."""
    nowhere = Place("", 0)
    types = {
        "id": FieldType.INTEGER,
        "number": FieldType.TEXT,
        "created_at": FieldType.DATETIME,
        "changed_at": FieldType.DATETIME,
        "version": FieldType.INTEGER,
        "retired_at": FieldType.DATETIME,
    }
    fields = {key: Field(key, key, type_, nowhere, system=True) for key, type_ in types.items()}
    for key in ("created_by", "changed_by"):
        fields[key] = Field(key, key, FieldType.REF, nowhere, to="user", system=True)
    return fields
