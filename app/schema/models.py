"""Mapped classes over a generation's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.orm import Mapper, RelationshipProperty, registry, relationship, synonym

from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES
from app.schema.platform import platform
from app.schema.storage import Kind, Storage

# The platform's rows that records point to. Of a user nothing is mapped that a page has no business with.
USER_ATTRIBUTES = ("id", "username", "first_name", "last_name", "active")
BUILT_IN_TITLES = {"user": "first_name", "department": "label", "post": "label"}


class Record:
    """A row of an entity. Reads as its title; every other plain name is free for a field."""

    __entity__: str
    __title__: str
    id: Any

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        return str(getattr(self, self.__title__) or getattr(self, "number", None) or self.id)

    def __repr__(self) -> str:
        return f"<{self.__entity__} {self.id}>"


def map_built_ins(mapping: registry) -> dict[str, type[Record]]:
    """Users, departments and posts."""
    tables = (platform.user, platform.department, platform.post)
    models = {key: _class(key, BUILT_IN_TITLES[key]) for key in BUILT_IN_ENTITIES}
    for model, table in zip(models.values(), tables, strict=True):
        only = USER_ATTRIBUTES if table is platform.user else None
        mapping.map_imperatively(model, table, include_properties=only)
    return models


def map_entities(
    mapping: registry,
    entities: Mapping[str, Entity],
    tables: Mapping[str, Table],
    storage: Mapping[str, Mapping[str, Storage]],
    built_in: Mapping[str, type[Record]],
) -> Mapping[str, type[Record]]:
    """A class for each entity, with the attributes that its `Storage` names; built-in ones included."""
    models = {key: _class(key, title_attribute(entity)) for key, entity in entities.items()}
    models |= built_in
    for key in entities:
        mapping.map_imperatively(
            models[key],
            tables[key],
            properties=_properties(key, models, tables, storage[key]),
            version_id_col=tables[key].c.version,
        )
    mapping.configure()
    return models


def title_attribute(entity: Entity) -> str:
    """The attribute that names a record elsewhere."""
    return entity.title or ("number" if entity.number else "id")


def mapper_of(model: type[Any]) -> Mapper[Any]:
    """The mapper of a generation's class."""
    mapper: Mapper[Any] = model.__mapper__
    return mapper


def _class(key: str, title: str) -> type[Record]:
    name = "".join(word.capitalize() for word in key.split("_"))
    return type(name, (Record,), {"__entity__": key, "__title__": title})


def _properties(
    key: str,
    models: Mapping[str, type[Record]],
    tables: Mapping[str, Table],
    storage: Mapping[str, Storage],
) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for field_key, stored in storage.items():
        target = models.get(stored.field.to or "")
        if stored.relation is not None and stored.column is not None and target is not None:
            key_column = tables[stored.field.to or ""].c.id
            properties[stored.relation] = _to_one(stored.column, target, key_column)
        elif stored.kind is Kind.LINKS and stored.links is not None and target is not None:
            target_key = tables[stored.field.to or ""].c.id
            properties[stored.attribute] = _to_many(stored, target, tables[key], target_key)
        elif (
            stored.kind is Kind.COLUMN
            and stored.attribute != field_key
            and field_key.isidentifier()
        ):
            properties[field_key] = synonym(stored.attribute)
    return properties


def _to_one(
    column: Column[Any], target: type[Record], key: Column[Any]
) -> RelationshipProperty[Any]:
    return relationship(
        target, foreign_keys=[column], primaryjoin=column == key, remote_side=[key], uselist=False
    )


def _to_many(
    stored: Storage, target: type[Record], table: Table, key: Column[Any]
) -> RelationshipProperty[Any]:
    links = stored.links
    assert links is not None
    return relationship(
        target,
        secondary=links,
        primaryjoin=table.c.id == links.c.record_id,
        secondaryjoin=links.c.target_id == key,
        order_by=links.c.position,
        passive_deletes="all",
    )
