"""`build_schema`: one manifest becomes one generation of tables and models, apart from every other generation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import MetaData, Table
from sqlalchemy.orm import registry

from app.condition.tree import Condition
from app.manifest.builtin import built_in_entities
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.manifest.model.manifest import Manifest
from app.manifest.model.values import frozen
from app.schema.indexes import build_index, plan_indexes, sortable
from app.schema.models import Record, map_built_ins, map_entities
from app.schema.platform import Platform, platform
from app.schema.search_tables import SearchIndex, search_indexes
from app.schema.storage import Storage
from app.schema.tables import (
    link_table,
    person_table,
    record_table,
    storage_of,
    storage_of_columns,
)
from app.schema.traits import TRAIT_TABLES


@dataclass(frozen=True, slots=True)
class Schema:
    """A generation's tables and models. Entity keys include the built-in `user`, `department` and `post`.

    `storage[entity][field]` says where a field is kept; `sortable[entity]` names the fields that an index allows
    to sort by; `searches[entity]` are its search indexes, the open one first.
    """

    manifest: Manifest
    metadata: MetaData
    registry: registry
    tables: Mapping[str, Table]
    models: Mapping[str, type[Record]]
    person: Table
    storage: Mapping[str, Mapping[str, Storage]]
    sortable: Mapping[str, frozenset[str]]
    searches: Mapping[str, tuple[SearchIndex, ...]]
    platform: Platform = platform

    def stored(self, entity: str, field: str) -> Storage:
        """Where the field of an entity is kept. Raises KeyError for what it hasn't got."""
        return self.storage[entity][field]

    def dispose(self) -> None:
        """Unmaps the generation's models. No session may use them any more."""
        self.registry.dispose()
        self.metadata.clear()


def build_schema(manifest: Manifest, *, mapped: bool = True) -> Schema:
    """The tables and models of a manifest, independent of any database. Without models where `mapped` is false."""
    metadata = MetaData()
    entities = manifest.entities
    tables = {key: record_table(entity, metadata) for key, entity in entities.items()}
    storage = {key: _storage(entity, tables[key], metadata) for key, entity in entities.items()}
    for key, entity in entities.items():
        for plan in plan_indexes(entity, storage[key], _scopes(manifest, key)):
            build_index(tables[key], plan)
        for bring in TRAIT_TABLES:
            bring(entity, metadata)
    person = person_table(manifest.organization.person_fields, metadata)
    built_in = {"user": platform.user, "department": platform.department, "post": platform.post}
    for key, entity in built_in_entities({}).items():
        storage[key] = storage_of_columns(entity.system.values(), built_in[key])
    mapping = registry(metadata=metadata)
    everything = tables | built_in
    models: Mapping[str, type[Record]] = {}
    if mapped:
        models = map_entities(mapping, entities, everything, storage, map_built_ins(mapping))
    return Schema(
        manifest=manifest,
        metadata=metadata,
        registry=mapping,
        tables=frozen(everything),
        models=frozen(models),
        person=person,
        storage=frozen(storage),
        sortable=frozen({k: sortable(entity, storage[k]) for k, entity in entities.items()}),
        searches=frozen({k: search_indexes(entity, metadata) for k, entity in entities.items()}),
    )


def _storage(entity: Entity, table: Table, metadata: MetaData) -> Mapping[str, Storage]:
    links = {
        key: link_table(entity.key, field, metadata)
        for key, field in entity.fields.items()
        if field.type is FieldType.REFS
    }
    return storage_of(entity, table, links)


def _scopes(manifest: Manifest, entity: str) -> tuple[Condition, ...]:
    return tuple(role.sees[entity] for role in manifest.roles.values() if entity in role.sees)
