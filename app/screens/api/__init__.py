"""REST: `/api/v1/ENTITY/` for each entity, over Flask-AppBuilder's `ModelRestApi`, behind the domain's gate.

`create_app(…, screens=(register_rest,))`. Nothing of a generation stays behind when its app is let go of: no
registry outside it knows its classes.
"""

from __future__ import annotations

from flask_appbuilder import AppBuilder

from app.screens.api.document import DocumentApi
from app.screens.api.records import api_class
from app.screens.visits import shell


def register_rest(builder: AppBuilder) -> None:
    """Adds the REST class of every entity, and the document of them all."""
    for entity in shell().manifest.entities.values():
        builder.add_api(api_class(entity))
    builder.add_api(DocumentApi)
