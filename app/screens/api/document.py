"""`GET /api/v1/_openapi`: the interface as the caller may use it, as an OpenAPI 3.1 document in Chinese.

Only entities that the caller may read stand in it, each with the verbs that the caller has.
"""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_appbuilder.api import BaseApi

from app import __version__
from app.domain.access import may
from app.domain.context import Context
from app.manifest.model.entities import Entity
from app.manifest.model.manifest import Manifest
from app.screens.api.common_schemas import COMPONENTS, SECURITY_PATHS
from app.screens.api.entity_paths import entity_paths
from app.screens.api.entity_schemas import entity_schemas
from app.screens.api.routes import route
from app.screens.visits import current

Json = dict[str, Any]
WRITING = ("create", "edit", "retire")
MOST_KEPT = 64
ABOUT = """\
登录：`POST /api/v1/security/login` 得到 access_token，此后每次请求带 `Authorization: Bearer …`。
查询参数 `q` 用 Rison 或 JSON 书写；引用写作 `{"id", "title"}`，提交时给 id 即可；金额等十进制数是文字，时刻是含时区的 ISO 8601。
修改须给出依据的版本：正文 `version`（过时为 409）或请求头 `If-Match`（过时为 412）。停用代替删除，记录不会物理删除。
一切错误同一种形状：`{"error": {"id", "message", "fields", "place"}}`；fields 按字段给出说明，place 是配置中相关的那一行。
"""


class DocumentApi(BaseApi):  # type: ignore[misc]
    """The document, made once for each set of verbs."""

    route_base = "/api/v1"
    csrf_exempt = False

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[frozenset[tuple[str, str]], Json] = {}

    @route("/_openapi", "GET", "read")
    def openapi(self) -> Response:
        context = current().context
        verbs = verbs_of(context)
        document = self._kept.get(verbs)
        if document is None:
            document = make_document(context.manifest, verbs)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[verbs] = document
        response: Response = self.response(
            200, **document | {"servers": [{"url": request.script_root or "/"}]}
        )
        return response

    def add_api_spec(self, api_spec: Any) -> None:
        """This is the document."""


def verbs_of(context: Context) -> frozenset[tuple[str, str]]:
    """What the caller may do with the entities that they may read, as (entity, verb)."""
    readable = [key for key in context.manifest.entities if may(context, key, "read")]
    writable = {(key, verb) for key in readable for verb in WRITING if may(context, key, verb)}
    return frozenset(writable | {(key, "read") for key in readable})


def make_document(manifest: Manifest, verbs: frozenset[tuple[str, str]]) -> Json:
    """The document for someone with these verbs."""
    shown = [entity for entity in manifest.entities.values() if (entity.key, "read") in verbs]
    paths: Json = dict(SECURITY_PATHS)
    schemas: Json = dict(COMPONENTS["schemas"])
    for entity in shown:
        own = frozenset(verb for key, verb in verbs if key == entity.key)
        paths |= entity_paths(entity, own)
        schemas |= entity_schemas(entity, own)
    return {
        "openapi": "3.1.0",
        "info": {"title": manifest.site.name, "version": __version__, "description": ABOUT},
        "paths": paths,
        "components": {**COMPONENTS, "schemas": schemas},
        "security": [{"token": []}, {"cookie": []}],
        "tags": [{"name": "security", "description": "登录"}, *(_tag(entity) for entity in shown)],
    }


def _tag(entity: Entity) -> Json:
    return {
        "name": entity.key,
        "description": "·".join(filter(None, (entity.group, entity.label, entity.help))),
    }
