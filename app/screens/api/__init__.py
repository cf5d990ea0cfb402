"""REST: `/api/v1/ENTITY/` for each entity, over Flask-AppBuilder's `ModelRestApi`, behind the domain's gate.

create_app(…, screens=(…, register_rest))
"""

from __future__ import annotations

from flask import Flask
from flask_appbuilder import AppBuilder

from app.screens.api.document import DocumentApi
from app.screens.api.records import api_class
from app.screens.visits import shell


def register_rest(builder: AppBuilder) -> None:
    """Adds the REST class of every entity, and the document of them all."""
    for entity in shell().manifest.entities.values():
        builder.add_api(api_class(entity))
    builder.add_api(DocumentApi)


def forget_generation(app: Flask) -> None:
    """Lets go of a generation's REST classes: nothing outside the app holds them, this takes them from within."""
    app.extensions["appbuilder"].baseviews.clear()
    app.view_functions.clear()
    app.blueprints.clear()
