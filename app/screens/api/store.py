"""The data model that Flask-AppBuilder's REST class wants, with every way to the data closed.

Flask-AppBuilder would query and save by itself, without row scopes, masks, locks or history. Records are read and
saved by the domain's services; whatever of the framework still reaches for the data here fails loudly.
"""

from __future__ import annotations

from typing import Any, NoReturn

from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.manifest.model.entities import Entity


class ClosedPath(RuntimeError):
    """Somebody tried to reach records past the domain."""


class RecordStore(SQLAInterface):  # type: ignore[misc]
    """Names one entity and its fields; holds neither a mapped class nor a session."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.obj = None
        self.list_columns: dict[str, Any] = {}
        self.list_properties: dict[str, Any] = {}

    @property
    def model_name(self) -> str:
        return self.entity.key

    @property
    def session(self) -> NoReturn:
        raise ClosedPath("records are read and saved by app.domain only")

    def _none(self, *_given: Any, **_named: Any) -> list[str]:
        """The REST class is told its columns; what it would find by itself it isn't to use."""
        return []

    get_columns_list = get_user_columns_list = get_search_columns_list = _none
    get_order_columns_list = _none

    def _closed(self, *_given: Any, **_named: Any) -> NoReturn:
        raise ClosedPath("records are read and saved by app.domain only")

    query = query_count = query_simple_group = query_month_group = query_year_group = _closed
    get = get_all = get_related_obj = get_related_interface = get_values = get_values_json = _closed
    add = add_all = edit = delete = delete_all = _closed
