"""What every entity's calls share in the document: refs, errors, queries, ways to sign in."""

from __future__ import annotations

from typing import Any

from app.domain.comparisons import OPERATOR_WORDS
from app.screens.api.questions import (
    INFO_KEYS,
    LARGEST_PAGE,
    LIST_KEYS,
    MOST_FILTERS,
    NONE,
    ONE_KEYS,
)

Json = dict[str, Any]
ERROR = {"$ref": "#/components/schemas/Error"}
_STATUS_WORDS = {
    "400": "地址参数、查询条件或正文的格式有误",
    "401": "没有登录，或令牌无效、已过期",
    "403": "您的角色不能做这件事",
    "404": "没有这条记录，或您无权查看",
    "409": "其间已有他人保存（version 过时），或与现状冲突",
    "412": "其间已有他人保存（If-Match 过时）",
    "413": "内容太大",
    "415": "只接受 UTF-8 的 application/json",
    "422": "字段的值有误，fields 里逐项说明",
    "429": "尝试太频繁，请在 Retry-After 秒后再试",
    "503": "数据库暂时没有应答，请稍后再试",
}


def _object(properties: Json, *required: str, **more: Any) -> Json:
    return (
        {"type": "object", "properties": properties}
        | ({"required": [*required]} if required else {})
        | more
    )


def _words(*known: str) -> Json:
    return {"type": "array", "items": {"type": "string", "enum": [*known, NONE]}}


def response(status: str) -> Json:
    """A reference to one of the answers that all calls share."""
    return {"$ref": f"#/components/responses/E{status}"}


def answer(description: str, schema: Json, *, tagged: bool = False) -> Json:
    """A JSON answer; `tagged` ones carry the record's version in `ETag`."""
    headers = (
        {"ETag": {"description": "记录的版本", "schema": {"type": "string"}}} if tagged else None
    )
    found: Json = {"description": description, "content": {"application/json": {"schema": schema}}}
    return found | ({"headers": headers} if headers else {})


def query(name: str) -> Json:
    """A reference to the parameter `q` of this kind of call."""
    return {"$ref": f"#/components/parameters/{name}"}


_SCALAR: Json = {"type": ["string", "number", "boolean"]}
_FILTER = _object(
    {
        "col": {"type": "string", "description": "字段"},
        "opr": {
            "type": "string",
            "enum": list(OPERATOR_WORDS),
            "description": "；".join(f"{key} {word}" for key, word in OPERATOR_WORDS.items()),
        },
        "value": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR, "maxItems": 100}]},
    },
    "col",
    "opr",
)
_CURSOR: Json = {"type": "string", "description": "上一次答复里的 next 或 previous"}
_LIST_QUERY = _object(
    {
        "filters": {
            "type": "array",
            "items": _FILTER,
            "maxItems": MOST_FILTERS,
            "description": "须同时满足",
        },
        "search": {"type": "string", "maxLength": 100, "description": "全文搜索"},
        "where": {"type": "string", "maxLength": 2000, "description": "条件语法写的条件"},
        "order_column": {"type": "string"},
        "order_direction": {"type": "string", "enum": ["asc", "desc"]},
        "page": {
            "type": "integer",
            "minimum": 0,
            "description": "从 0 起；只到第一万条，再往后用 after",
        },
        "page_size": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
        "after": _CURSOR,
        "before": _CURSOR,
        "retired": {"type": "boolean", "description": "看已停用的"},
        "columns": {"type": "array", "items": {"type": "string"}, "maxItems": 100},
        "select_columns": {"type": "array", "items": {"type": "string"}, "maxItems": 100},
        "keys": _words(*LIST_KEYS),
    },
    additionalProperties=False,
)
_ONE_QUERY = _object(
    {
        "columns": {"type": "array", "items": {"type": "string"}, "maxItems": 100},
        "keys": _words(*ONE_KEYS),
    },
    additionalProperties=False,
)


def _q(schema: Json, description: str) -> Json:
    return {
        "name": "q",
        "in": "query",
        "description": f"{description}（Rison 或 JSON）",
        "content": {"application/json": {"schema": schema}},
    }


_PARAMETERS: Json = {
    "List": _q(_LIST_QUERY, "哪些记录、怎样排序、哪些字段"),
    "One": _q(_ONE_QUERY, "哪些字段"),
    "Info": _q(_object({"keys": _words(*INFO_KEYS)}, additionalProperties=False), "哪些内容"),
    "Related": _q(
        _object(
            {
                "search": {"type": "string", "maxLength": 100, "description": "文字或拼音首字母"},
                "ids": {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 1},
                    "maxItems": 100,
                },
            },
            additionalProperties=False,
        ),
        "输入的文字，或要知道名称的 id",
    ),
    "History": _q(
        _object({"before": {"type": "integer", "minimum": 1}}, additionalProperties=False),
        "上一页的 next",
    ),
    "Id": {
        "name": "pk",
        "in": "path",
        "required": True,
        "description": "记录的 id",
        "schema": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "读取时 ETag 给出的版本",
        "schema": {"type": "string", "pattern": r'^"\d{1,9}"$', "examples": ['"3"']},
    },
}
COMPONENTS: Json = {
    "securitySchemes": {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "budayang",
            "description": "网页登录；改动数据还须带请求头 X-CSRFToken",
        },
    },
    "schemas": {
        "Ref": _object(
            {"id": {"type": "integer"}, "title": {"type": "string"}}, "id", title="引用"
        ),
        "File": _object(
            {"id": {"type": "integer"}, "name": {"type": "string"}}, "id", "name", title="附件"
        ),
        "Error": _object(
            {
                "error": _object(
                    {
                        "id": {"type": "string", "description": "稳定的错误标识"},
                        "message": {"type": "string"},
                        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
                        "place": {"type": ["string", "null"], "description": "配置文件:行:列"},
                    },
                    "id",
                    "message",
                    "fields",
                    "place",
                )
            },
            "error",
            title="错误",
        ),
        "Change": _object(
            {
                "id": {"type": "integer"},
                "at": {"type": "string", "format": "date-time"},
                "by": {"type": "string"},
                "action": {"type": "string"},
                "reason": {"type": "string"},
                "release": {"type": "integer", "description": "当时的发布号"},
                "place": {"type": "string", "description": "依据的配置行"},
                "changes": {
                    "type": "array",
                    "items": _object(
                        {
                            "field": {"type": "string"},
                            "label": {"type": "string"},
                            "old": {},
                            "new": {},
                        }
                    ),
                },
                "details": {"type": "object"},
            },
            title="一次变更",
        ),
    },
    "parameters": _PARAMETERS,
    "responses": {
        f"E{status}": {"description": said, "content": {"application/json": {"schema": ERROR}}}
        for status, said in _STATUS_WORDS.items()
    },
}
_TOKENS = _object(
    {"access_token": {"type": "string"}, "refresh_token": {"type": "string"}}, "access_token"
)
_LOGIN = _object(
    {
        "username": {"type": "string", "minLength": 1},
        "password": {"type": "string", "format": "password", "minLength": 1},
        "provider": {"type": "string", "enum": ["db"]},
        "refresh": {"type": "boolean", "default": True},
    },
    "username",
    "password",
)
SECURITY_PATHS: Json = {
    "/api/v1/security/login": {
        "post": {
            "tags": ["security"],
            "operationId": "security.login",
            "summary": "登录，得到令牌",
            "security": [],
            "requestBody": {"required": True, "content": {"application/json": {"schema": _LOGIN}}},
            "responses": {"200": answer("已登录", _TOKENS)}
            | {status: response(status) for status in ("400", "401", "415", "422", "429")},
        }
    },
    "/api/v1/security/refresh": {
        "post": {
            "tags": ["security"],
            "operationId": "security.refresh",
            "summary": "用 refresh_token 换新的 access_token",
            "security": [{"token": []}],
            "responses": {"200": answer("新令牌", _TOKENS), "401": response("401")},
        }
    },
    "/api/v1/security/logout": {
        "post": {
            "tags": ["security"],
            "operationId": "security.logout",
            "summary": "退出登录，令牌即刻失效",
            "responses": {"204": {"description": "已退出"}, "401": response("401")},
        }
    },
}
