"""REST of one entity: Flask-AppBuilder's `ModelRestApi` in its addresses, queries and answers, the domain behind them.

Every method first asks the gate for its verb (403), then looks for the record in the caller's rows (404), then at
what was sent. Refusals are raised; `app.screens.errors` gives them their one shape.
"""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_appbuilder.api import ModelRestApi

from app.domain import access, history, queries, records
from app.domain.context import Context
from app.domain.errors import NotFound, Stale
from app.domain.filters import sortable
from app.domain.records import Saved
from app.domain.rows import Row
from app.domain.wire import Json, to_json
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.screens.api import answers, bodies, questions
from app.screens.api.describe import info_json
from app.screens.api.routes import route
from app.screens.api.store import RecordStore
from app.screens.errors import Failure, answer
from app.screens.visits import current, saving

VERBS = {
    "info": "read",
    "get_list": "read",
    "get": "read",
    "history": "read",
    "related": "read",
    "post": "create",
    "put": "edit",
    "delete": "retire",
    "restore": "retire",
}


class RecordApi(ModelRestApi):  # type: ignore[misc]
    """`/api/v1/ENTITY/`. One subclass an entity, made by `api_class`."""

    entity: Entity
    allow_browser_login = True  # whoever is signed in may call; the shell holds off forged requests
    csrf_exempt = False
    method_permission_name = VERBS

    def _init_model_schemas(self) -> None:
        """No marshmallow: what is answered and taken is read off the manifest, and nothing is left in its registry."""

    def add_api_spec(self, api_spec: Any) -> None:
        """The document of the interface is `app.screens.api.document`'s."""

    def _allowed(self, verb: str) -> Context:
        context = current().context
        access.require(context, self.entity.key, verb)
        return context

    @route("/_info", "GET", "read")
    def info(self, **kwargs: Any) -> Response:
        """What the caller may do, fill in and filter by."""
        return self.info_headless(**kwargs)

    def info_headless(self, **_kwargs: Any) -> Response:
        context = self._allowed("read")
        keys = questions.wanted_keys(
            questions.read_q(("keys", "add_columns", "edit_columns")), questions.INFO_KEYS
        )
        return self._answer(200, info_json(context, self.entity, keys, str(self.route_base)))

    @route("/", "GET", "read")
    def get_list(self, **kwargs: Any) -> Response:
        """A page of the list."""
        return self.get_list_headless(**kwargs)

    def get_list_headless(self, **_kwargs: Any) -> Response:
        context, entity = self._allowed("read"), self.entity
        asked = questions.list_question(context, entity)
        page = queries.page(context, asked.request, asked.columns)
        parts: dict[str, Json] = {
            "count": page.count,
            "count_is_capped": page.capped,
            "next": page.next,
            "previous": page.previous,
            "ids": [row.id for row in page.rows],
            "result": [answers.record_json(entity, row, asked.columns) for row in page.rows],
        }
        masked = {str(row.id): _masked(row, asked.columns) for row in page.rows if row.masked}
        if masked:
            parts["masked"] = dict(masked)
        words: dict[str, Json] = {
            "list_columns": list(asked.columns),
            "order_columns": [*sorted(sortable(context, entity))]
            if "order_columns" in asked.keys
            else [],
            "label_columns": answers.labels_json(entity, asked.columns),
            "description_columns": answers.descriptions_json(entity, asked.columns),
            "list_title": entity.label,
        }
        return self._answer(200, parts | {key: words[key] for key in asked.keys if key in words})

    @route("/<pk>", "GET", "read")
    def get(self, pk: str, **kwargs: Any) -> Response:
        """One record with all its fields."""
        return self.get_headless(pk, **kwargs)

    def get_headless(self, pk: str, **_kwargs: Any) -> Response:
        context, entity = self._allowed("read"), self.entity
        asked = questions.read_q(("keys", "columns"))
        keys = questions.wanted_keys(asked, questions.ONE_KEYS)
        columns = questions.columns(entity, asked, answers.all_keys(entity))
        row = queries.find(context, entity.key, bodies.record_id(pk))
        words: dict[str, Json] = {
            "show_columns": list(columns),
            "label_columns": answers.labels_json(entity, columns),
            "description_columns": answers.descriptions_json(entity, columns),
            "show_title": entity.label,
        }
        parts = self._one(row, columns) | {key: words[key] for key in keys if key in words}
        return self._answer(200, parts, version=row.version)

    @route("/", "POST", "create")
    def post(self) -> Response:
        """Makes a record."""
        return self.post_headless()

    def post_headless(self) -> Response:
        self._allowed("create")
        body = bodies.read_body()
        reason = bodies.take_reason(body)
        bodies.require_lists(self.entity, body)
        with saving() as context:
            saved = records.create(context, self.entity.key, body, reason=reason)
            parts = self._saved(context, saved)
        response = self._answer(201, parts, version=saved.version)
        response.headers["Location"] = url_for(f"{self.endpoint}.get", pk=saved.id)
        return response

    @route("/<pk>", "PUT", "edit")
    def put(self, pk: str) -> Response:
        """Changes the given fields of a record."""
        return self.put_headless(pk)

    def put_headless(self, pk: str) -> Response:
        self._allowed("edit")
        record = bodies.record_id(pk)
        body = bodies.read_body()
        wanted = bodies.take_version(body)
        reason = bodies.take_reason(body)
        bodies.require_lists(self.entity, body)
        try:
            with saving() as context:
                saved = records.save(
                    context, self.entity.key, record, wanted.version, body, reason=reason
                )
                parts = self._saved(context, saved)
        except Stale as stale:
            return self._stale(stale, by_header=wanted.by_header)
        return self._answer(200, parts, version=saved.version)

    @route("/<pk>", "DELETE", "retire")
    def delete(self, pk: str) -> Response:
        """Retires a record: out of lists and choices, still readable."""
        return self.delete_headless(pk)

    def delete_headless(self, pk: str) -> Response:
        return self._set_retired(pk, retired=True)

    @route("/<pk>/restore", "POST", "retire")
    def restore(self, pk: str) -> Response:
        """Takes a retired record back."""
        return self._set_retired(pk, retired=False)

    def _set_retired(self, pk: str, *, retired: bool) -> Response:
        self._allowed("retire")
        record, tagged = bodies.record_id(pk), bodies.tagged_version()
        change = records.retire if retired else records.restore
        try:
            with saving() as context:
                version = tagged
                if version is None:
                    version = queries.find(context, self.entity.key, record).version
                saved = change(context, self.entity.key, record, version)
        except Stale as stale:
            return self._stale(stale, by_header=True)
        return self._answer(200, {"id": saved.id, "version": saved.version}, version=saved.version)

    @route("/<pk>/timeline", "GET", "read")
    def history(self, pk: str) -> Response:
        """What was done to a record, newest first."""
        context = self._allowed("read")
        before = questions.number(questions.read_q(("before",)), "before")
        found = history.read_history(context, self.entity, bodies.record_id(pk), before=before)
        more = found[-1].id if len(found) == history.PAGE else None
        return self._answer(
            200, {"result": [answers.entry_json(one) for one in found], "next": more}
        )

    @route("/related/<field>", "GET", "read")
    def related(self, field: str) -> Response:
        """What a ref may be set to, by what was typed or by id."""
        context = self._allowed("read")
        known = self.entity.fields.get(field)
        if (
            known is None
            or known.retired
            or known.to is None
            or known.type not in (FieldType.REF, FieldType.REFS)
        ):
            raise NotFound
        asked = questions.read_q(("search", "ids"))
        typed, ids = questions.search_text(asked), questions.ids(asked, "ids")
        found = queries.options(context, known.to, typed, also=ids)
        return self._answer(200, {"result": [{"id": one.id, "title": one.label} for one in found]})

    def _saved(self, context: Context, saved: Saved) -> dict[str, Json]:
        """What stands there now, if the caller may read it."""
        parts: dict[str, Json] = {"id": saved.id, "version": saved.version}
        if not access.may(context, self.entity.key, "read"):
            return parts
        try:
            row = queries.find(context, self.entity.key, saved.id)
        except NotFound:  # saved into rows that the caller doesn't see
            return parts
        return parts | self._one(row, answers.all_keys(self.entity))

    def _one(self, row: Row, columns: tuple[str, ...]) -> dict[str, Json]:
        return {
            "id": row.id,
            "result": answers.record_json(self.entity, row, columns),
            "masked": _masked(row, columns),
            "retired_at": to_json(row.values.get("retired_at")),
            "editable": row.editable,
        }

    def _stale(self, stale: Stale, *, by_header: bool) -> Response:
        """412 where the header said what must still hold, 409 where the body did; with what the others saved."""
        fields = {key: self._theirs(key, value) for key, value in stale.theirs.items()}
        fields["version"] = f"现在的版本是 {stale.version}"
        failure = Failure(412 if by_header else 409, stale.message, stale.id, fields)
        response = answer(failure)
        response.set_etag(str(stale.version))
        return response

    def _theirs(self, key: str, value: object) -> str:
        field = self.entity.field(key)
        label = field.label if field is not None else key
        if field is None or field.type in (FieldType.REF, FieldType.REFS, FieldType.FILES):
            return f"“{label}”已被改动"
        choice = field.choice(value) if isinstance(value, str) else None
        shown = choice.label if choice is not None else to_json(value)
        return f"“{label}”已改为：{shown}" if value not in (None, ()) else f"“{label}”已清空"

    def _answer(
        self, status: int, parts: dict[str, Json], *, version: int | None = None
    ) -> Response:
        response: Response = self.response(status, **parts)
        if version is not None:
            response.set_etag(str(version))
        return response


def _masked(row: Row, columns: tuple[str, ...]) -> list[Json]:
    return [key for key in columns if key in row.masked]


def api_class(entity: Entity) -> type[RecordApi]:
    """The REST class of an entity."""
    return type(
        f"rest_{entity.key}",  # the name is that of its addresses as well, so no two may share one
        (RecordApi,),
        {
            "entity": entity,
            "datamodel": RecordStore(entity),
            "resource_name": entity.key,
            "class_permission_name": entity.key,
            "list_columns": list(questions.default_columns(entity)),
            "show_columns": list(answers.all_keys(entity)),
            "add_columns": [
                key for key, field in entity.live_fields.items() if not field.read_only
            ],
            "edit_columns": [
                key for key, field in entity.live_fields.items() if not field.read_only
            ],
            "label_columns": {key: field.label for key, field in entity.live_fields.items()},
        },
    )
