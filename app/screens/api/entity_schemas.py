"""The bodies of one entity's calls: a record as answered, a record to be made, a change."""

from __future__ import annotations

from typing import Any

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field
from app.screens.api.answers import all_keys
from app.screens.api.field_schemas import Schema, read_schema, sent_schema

REASON: Schema = {"type": "string", "maxLength": 500, "description": "说明，记入变更历史"}
VERSION: Schema = {
    "type": "integer",
    "minimum": 1,
    "description": "修改所依据的版本；也可写在 If-Match 里",
}


def schema_name(entity: Entity, kind: str = "") -> str:
    """`loan`, `loan.new`, `loan.change`: entity keys are lower-case, so none is called like a common schema."""
    return f"{entity.key}.{kind}" if kind else entity.key


def entity_schemas(entity: Entity, verbs: frozenset[str]) -> dict[str, Any]:
    """The schemas that calls with these verbs speak of."""
    found = {schema_name(entity): _record(entity)}
    if "create" in verbs:
        found[schema_name(entity, "new")] = _new(entity)
    if "edit" in verbs:
        found[schema_name(entity, "change")] = _change(entity)
    return found


def _record(entity: Entity) -> Schema:
    """All fields there may be; an answer holds those that were asked for."""
    known = (entity.field(key) for key in all_keys(entity))
    return {
        "type": "object",
        "title": entity.label,
        "properties": {field.key: read_schema(field) for field in known if field is not None},
    }


def fillable(entity: Entity) -> list[Field]:
    return [field for field in entity.live_fields.values() if not field.read_only]


def _new(entity: Entity) -> Schema:
    required = [field.key for field in fillable(entity) if field.required and field.default is None]
    schema: Schema = {
        "type": "object",
        "title": f"新增{entity.label}",
        "additionalProperties": False,
        "properties": {field.key: sent_schema(field) for field in fillable(entity)}
        | {"reason": REASON},
    }
    return schema | ({"required": required} if required else {})


def _change(entity: Entity) -> Schema:
    """Only what is to change; what isn't given stays."""
    fields = {field.key: sent_schema(field) for field in fillable(entity)}
    for schema in fields.values():
        schema.pop("default", None)
    return {
        "type": "object",
        "title": f"修改{entity.label}",
        "additionalProperties": False,
        "properties": fields | {"version": VERSION, "reason": REASON},
    }
