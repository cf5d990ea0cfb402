"""The one hand-written screen over Flask-AppBuilder: every entity's list, page, forms and history.

    /<entity>/list          also filtered, searched and sorted by what the address says
    /<entity>/add           ?field=… presets a field
    /<entity>/show/<id>     /<entity>/edit/<id>    /<entity>/history/<id>

Views are thin: the gate, rules and transactions are the domain's, and refusals become pages in `errors`.
"""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from app.manifest.model.entities import Entity
from app.screens.page import Page, expose
from app.screens.records import asides, form_pages, list_pages, show_pages, uploads
from app.screens.visits import takes_files

BOTH = ["GET", "POST"]


class RecordScreen(Page):
    """All screens of all entities; which entity is part of the address."""

    route_base = ""
    default_view = "list"

    @expose("/<entity:entity>/list")
    def list(self, entity: Entity) -> ResponseReturnValue:
        return list_pages.show_list(entity)

    @expose("/<entity:entity>/bulk/<action>", methods=["POST"])
    def bulk(self, entity: Entity, action: str) -> ResponseReturnValue:
        return list_pages.bulk_action(entity, action)

    @expose("/<entity:entity>/views", methods=["POST"])
    def keep_view(self, entity: Entity) -> ResponseReturnValue:
        return list_pages.keep_view(entity)

    @expose("/<entity:entity>/views/<id:view>/drop", methods=["POST"])
    def drop_view(self, entity: Entity, view: int) -> ResponseReturnValue:
        return list_pages.drop_view(entity, view)

    @takes_files
    @expose("/<entity:entity>/add", methods=BOTH)
    def add(self, entity: Entity) -> ResponseReturnValue:
        return form_pages.add_record(entity)

    @takes_files
    @expose("/<entity:entity>/edit/<record:record>", methods=BOTH)
    def edit(self, entity: Entity, record: int) -> ResponseReturnValue:
        return form_pages.edit_record(entity, record)

    @expose("/<entity:entity>/show/<record:record>")
    def show(self, entity: Entity, record: int) -> ResponseReturnValue:
        return show_pages.show_record(entity, record)

    @expose("/<entity:entity>/history/<record:record>")
    def history(self, entity: Entity, record: int) -> ResponseReturnValue:
        return show_pages.show_history(entity, record)

    @takes_files
    @expose("/<entity:entity>/attach/<record:record>", methods=["POST"])
    def attach(self, entity: Entity, record: int) -> ResponseReturnValue:
        return show_pages.attach(entity, record)

    @expose("/<entity:entity>/detach/<record:record>/<record:file>", methods=["POST"])
    def detach(self, entity: Entity, record: int, file: int) -> ResponseReturnValue:
        return show_pages.detach(entity, record, file)

    @expose("/<entity:entity>/file/<record:file>")
    def file(self, entity: Entity, file: int) -> Response:
        return uploads.send(entity, file)

    @expose("/<entity:entity>/options/<key>")
    def options(self, entity: Entity, key: str) -> ResponseReturnValue:
        return asides.options(entity, key)

    @expose("/<entity:entity>/ask", methods=["POST"])
    def ask(self, entity: Entity) -> ResponseReturnValue:
        return asides.ask(entity)

    @expose("/<entity:entity>/condition/<key>", methods=["POST"])
    def condition(self, entity: Entity, key: str) -> ResponseReturnValue:
        return asides.condition(entity, key)
