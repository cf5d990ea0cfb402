"""Tables behind searching: the plain text of what can be searched, and an index of its character pairs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, MetaData, Table

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field
from app.schema.names import pairs_table_name, search_table_name
from app.schema.types import BigId, PlainText


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """One index of an entity: of its open fields, or of one private field (`part` is its key).

    A private field stands apart so that who may not see it in clear can't find rows by guessing at it. `table` has
    `record_id`, the `text` of `fields` and the `initials` of the title; their pairs of characters stand in its column
    `grams` on PostgreSQL and in the full-text table `pairs` on SQLite (see app.schema.search_ddl).
    """

    entity: str
    part: str
    fields: tuple[str, ...]
    title: str
    table: Table
    pairs: str


def search_indexes(entity: Entity, metadata: MetaData) -> tuple[SearchIndex, ...]:
    """The open index (number, title and searchable fields), then one for each private searchable field."""
    fields = [field for field in entity.live_fields.values() if field.search]
    is_open = [field.key for field in fields if not field.private]
    title = entity.fields.get(entity.title)
    shown = title is not None and not title.private and not title.retired
    if shown and entity.title not in is_open:
        is_open.insert(0, entity.title)
    found = []
    if is_open or entity.number is not None:
        named = entity.title if shown else ""
        found.append(_index(entity.key, "", ("number", *is_open), named, metadata))
    found += [
        _index(entity.key, field.key, (field.key,), "", metadata)
        for field in fields
        if field.private
    ]
    return tuple(found)


def searchable(entity: Entity) -> tuple[Field, ...]:
    """The fields that a search of the entity may look into, private ones included."""
    return tuple(field for field in entity.live_fields.values() if field.search)


def _index(
    entity: str, part: str, fields: tuple[str, ...], title: str, metadata: MetaData
) -> SearchIndex:
    name = search_table_name(entity, part)
    table = Table(
        name,
        metadata,
        Column(
            "record_id",
            BigId,
            ForeignKey(f"{entity}.id"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("text", PlainText),
        Column("initials", PlainText),
    )
    return SearchIndex(entity, part, fields, title, table, pairs_table_name(entity, part))
