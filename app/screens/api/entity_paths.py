"""The calls of one entity in the document."""

from __future__ import annotations

from typing import Any

from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.screens.api.common_schemas import answer, query, response
from app.screens.api.entity_schemas import schema_name

Json = dict[str, Any]
ID = {"$ref": "#/components/parameters/Id"}
IF_MATCH = {"$ref": "#/components/parameters/IfMatch"}
READING = ("400", "401", "403", "404", "503")
WRITING = (*READING, "409", "413", "415", "422")
_STRINGS: Json = {"type": "array", "items": {"type": "string"}}
_WORDS: Json = {"type": "object", "additionalProperties": {"type": "string"}}
_CURSOR: Json = {"type": ["string", "null"]}


def entity_paths(entity: Entity, verbs: frozenset[str]) -> Json:
    """By address; only the calls that these verbs allow."""
    root = f"/api/v1/{entity.key}"
    one = {"get": _get(entity)}
    many = {"get": _list(entity)}
    if "create" in verbs:
        many["post"] = _post(entity)
    if "edit" in verbs:
        one["put"] = _put(entity)
    paths: Json = {f"{root}/": many, f"{root}/{{pk}}": one | {"parameters": [ID]}}
    if "retire" in verbs:
        one["delete"] = _set_retired(entity, "delete", f"停用{entity.label}")
        paths[f"{root}/{{pk}}"] = one | {"parameters": [ID]}
        restore = _set_retired(entity, "restore", f"恢复已停用的{entity.label}")
        paths[f"{root}/{{pk}}/restore"] = {"post": restore, "parameters": [ID]}
    paths[f"{root}/{{pk}}/timeline"] = {"get": _history(entity), "parameters": [ID]}
    paths[f"{root}/_info"] = {"get": _info(entity)}
    for field in entity.live_fields.values():
        if field.type in (FieldType.REF, FieldType.REFS) and field.to:
            paths[f"{root}/related/{field.key}"] = {"get": _related(entity, field.key, field.label)}
    return paths


def _call(
    entity: Entity, name: str, summary: str, statuses: tuple[str, ...], good: Json, **more: Any
) -> Json:
    return {
        "tags": [entity.key],
        "operationId": f"{entity.key}.{name}",
        "summary": summary,
        **more,
        "responses": good | {status: response(status) for status in statuses},
    }


def _schema(entity: Entity, kind: str = "") -> Json:
    return {"$ref": f"#/components/schemas/{schema_name(entity, kind)}"}


def _object(properties: Json, *required: str) -> Json:
    return {"type": "object", "properties": properties, "required": list(required)}


def _record(entity: Entity) -> Json:
    """Around a record; after saving into rows that the caller doesn't see only `id` and `version` are there."""
    return {
        "id": {"type": "integer"},
        "version": {"type": "integer"},
        "result": _schema(entity),
        "masked": _STRINGS | {"description": "以掩码显示的字段"},
        "retired_at": {"type": ["string", "null"], "format": "date-time"},
        "editable": {"type": "boolean", "description": "是否在您可修改的范围内"},
        "show_columns": _STRINGS,
        "label_columns": _WORDS,
        "description_columns": _WORDS,
        "show_title": {"type": "string"},
    }


def _list(entity: Entity) -> Json:
    shape = _object(
        {
            "count": {"type": "integer", "description": "符合条件的总数，最多数到一万"},
            "count_is_capped": {"type": "boolean", "description": "总数超过一万"},
            "next": _CURSOR,
            "previous": _CURSOR,
            "ids": {"type": "array", "items": {"type": "integer"}},
            "result": {"type": "array", "items": _schema(entity)},
            "masked": {"type": "object", "additionalProperties": _STRINGS},
            "list_columns": _STRINGS,
            "order_columns": _STRINGS,
            "label_columns": _WORDS,
            "description_columns": _WORDS,
            "list_title": {"type": "string"},
        },
        "count",
        "ids",
        "result",
        "next",
        "previous",
    )
    good = {"200": answer("一页记录", shape)}
    return _call(entity, "list", f"{entity.label}列表", READING, good, parameters=[query("List")])


def _get(entity: Entity) -> Json:
    good = {"200": answer("记录", _object(_record(entity), "id", "result"), tagged=True)}
    return _call(entity, "get", f"查看{entity.label}", READING, good, parameters=[query("One")])


def _post(entity: Entity) -> Json:
    made = answer("已新增", _object(_record(entity), "id", "version"), tagged=True)
    made["headers"]["Location"] = {"description": "新记录的地址", "schema": {"type": "string"}}
    body = {"required": True, "content": {"application/json": {"schema": _schema(entity, "new")}}}
    statuses = tuple(status for status in WRITING if status != "404")
    return _call(entity, "create", f"新增{entity.label}", statuses, {"201": made}, requestBody=body)


def _put(entity: Entity) -> Json:
    good = {"200": answer("已保存", _object(_record(entity), "id", "version"), tagged=True)}
    body = {
        "required": True,
        "content": {"application/json": {"schema": _schema(entity, "change")}},
    }
    statuses = (*WRITING, "412")
    summary = f"修改{entity.label}"
    return _call(entity, "edit", summary, statuses, good, parameters=[IF_MATCH], requestBody=body)


def _set_retired(entity: Entity, name: str, summary: str) -> Json:
    shape = _object({"id": {"type": "integer"}, "version": {"type": "integer"}}, "id", "version")
    good = {"200": answer("已完成", shape, tagged=True)}
    return _call(entity, name, summary, (*READING, "409", "412"), good, parameters=[IF_MATCH])


def _history(entity: Entity) -> Json:
    change = {"$ref": "#/components/schemas/Change"}
    shape = _object(
        {"result": {"type": "array", "items": change}, "next": {"type": ["integer", "null"]}},
        "result",
        "next",
    )
    good = {"200": answer("变更，新的在前", shape)}
    return _call(
        entity, "history", f"{entity.label}的变更历史", READING, good, parameters=[query("History")]
    )


def _info(entity: Entity) -> Json:
    fields: Json = {"type": "array", "items": {"type": "object"}}
    shape = _object(
        {
            "permissions": _STRINGS,
            "add_columns": fields,
            "edit_columns": fields,
            "add_title": {"type": "string"},
            "edit_title": {"type": "string"},
            "filters": {"type": "object", "additionalProperties": fields},
        }
    )
    good = {"200": answer("可做的事、可填的字段、可用的筛选", shape)}
    return _call(entity, "info", f"{entity.label}的说明", READING, good, parameters=[query("Info")])


def _related(entity: Entity, key: str, label: str) -> Json:
    shape = _object(
        {"result": {"type": "array", "items": {"$ref": "#/components/schemas/Ref"}}}, "result"
    )
    good = {"200": answer("最多二十条", shape)}
    summary = f"“{label}”可选的记录"
    return _call(entity, f"related.{key}", summary, READING, good, parameters=[query("Related")])
