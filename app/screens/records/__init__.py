"""Every entity's screens. `register_records` is given to `create_app(…, screens=(register_records, …))`."""

from __future__ import annotations

from flask import current_app
from flask_appbuilder import AppBuilder

from app.screens.records.addresses import RecordConverter, entity_converter
from app.screens.records.bulk import BulkAction, register_bulk_action
from app.screens.records.screen import RecordScreen
from app.screens.visits import shell

__all__ = ["BulkAction", "RecordScreen", "register_bulk_action", "register_records"]


def register_records(builder: AppBuilder) -> None:
    """Adds the screens of all entities of the site that is being built."""
    converters = current_app.url_map.converters
    converters["entity"] = entity_converter(shell().manifest)
    converters["record"] = RecordConverter
    builder.add_view_no_menu(RecordScreen)
