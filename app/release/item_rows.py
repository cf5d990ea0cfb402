"""Rows of the database as YAML would say them: refs by code or key, choices by key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, select

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.read.items import code_field
from app.schema.build import Schema
from app.schema.storage import Kind

CHUNK = 500
KEYED = {"department": "key", "post": "key", "user": "username"}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One row that has a code."""

    id: int
    code: str
    version: int
    retired: bool
    values: Mapping[str, object]


def read_rows(
    connection: Connection, schema: Schema, entity: Entity, codes: Iterable[str] | None = None
) -> dict[str, ItemRow]:
    """The entity's rows by code: those asked for, or all of them, in the order in which they were made."""
    code = code_field(entity)
    table = schema.tables[entity.key]
    if code is None:
        return {}
    stored = schema.storage[entity.key]
    columns = {
        key: spot.column
        for key, spot in stored.items()
        if key in entity.fields and spot.column is not None
    }
    query = select(table.c.id, table.c.version, table.c.retired_at, *columns.values())
    query = query.where(table.c[code.key].is_not(None)).order_by(table.c.id)
    found: list[Any] = []
    for part in _chunks(codes):
        narrowed = query if part is None else query.where(table.c[code.key].in_(part))
        found += connection.execute(narrowed).all()
    raw = {int(row[0]): dict(zip(columns, row[3:], strict=True)) for row in found}
    _add_links(connection, schema, entity, raw)
    _name_refs(connection, schema, entity, raw)
    rows = (
        ItemRow(int(row[0]), raw[row[0]][code.key], row[1], row[2] is not None, raw[row[0]])
        for row in found
    )
    return {str(row.code): row for row in rows}


def _chunks(codes: Iterable[str] | None) -> Iterable[Sequence[str] | None]:
    if codes is None:
        yield None
        return
    listed = list(codes)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def _add_links(
    connection: Connection, schema: Schema, entity: Entity, raw: dict[int, dict[str, object]]
) -> None:
    for key, spot in schema.storage[entity.key].items():
        if spot.kind is not Kind.LINKS or spot.links is None:
            continue
        found: defaultdict[int, list[int]] = defaultdict(list)
        links = spot.links
        query = select(links.c.record_id, links.c.target_id).order_by(links.c.position)
        for record, target in connection.execute(query):
            found[record].append(target)
        for record, values in raw.items():
            values[key] = tuple(found[record]) or None


def _name_refs(
    connection: Connection, schema: Schema, entity: Entity, raw: dict[int, dict[str, object]]
) -> None:
    """Puts codes and keys in place of ids."""
    for key, one in entity.fields.items():
        if one.type not in (FieldType.REF, FieldType.REFS) or one.to is None:
            continue
        ids = {id_ for values in raw.values() for id_ in _ids(values.get(key))}
        names = names_of(connection, schema, one, ids)
        for values in raw.values():
            present = values.get(key)
            if isinstance(present, tuple):
                values[key] = tuple(names.get(id_, f"#{id_}") for id_ in present)
            elif isinstance(present, int):
                values[key] = names.get(present, f"#{present}")


def _ids(value: object) -> tuple[int, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, int) else ()


def name_column(schema: Schema, target: str) -> Column[object] | None:
    """What a row of an entity is known by in YAML; None where it has neither code nor key."""
    table: Table = schema.tables[target]
    if target in KEYED:
        return table.c[KEYED[target]]
    code = code_field(schema.manifest.entities[target])
    return table.c[code.key] if code is not None else None


def names_of(
    connection: Connection, schema: Schema, field: Field, ids: Iterable[int]
) -> dict[int, str]:
    """The codes or keys of the rows that a ref points to."""
    named = name_column(schema, field.to or "")
    if named is None:
        return {}
    table = schema.tables[field.to or ""]
    wanted = sorted(ids)
    names: dict[int, str] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(table.c.id, named).where(table.c.id.in_(wanted[start : start + CHUNK]))
        names |= {int(id_): str(name) for id_, name in connection.execute(query) if name}
    return names


def ids_of(
    connection: Connection, schema: Schema, field: Field, names: Iterable[str]
) -> dict[str, int]:
    """The ids of the rows that are known by these codes or keys."""
    named = name_column(schema, field.to or "")
    if named is None:
        return {}
    table = schema.tables[field.to or ""]
    wanted = sorted(set(names))
    ids: dict[str, int] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(named, table.c.id).where(named.in_(wanted[start : start + CHUNK]))
        ids |= {str(name): int(id_) for name, id_ in connection.execute(query)}
    return ids
