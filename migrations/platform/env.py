"""Runs revisions on the connection that app.schema.revisions gives, inside its transaction."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy.types import TypeEngine

from app.schema.platform import platform
from app.schema.revisions import VERSION_TABLE
from app.schema.types import PlainText, UtcDateTime

# A revision must stay what it was however the program's own types change: it spells theirs out (script.py.mako).
SPELLED = {PlainText: "text", UtcDateTime: "moment"}


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    if kind == "type" and isinstance(item, TypeEngine):
        if type(item) in SPELLED:
            return SPELLED[type(item)]
        if item.__visit_name__ == "JSON":
            return "json"
    if kind == "server_default" and getattr(item, "arg", None) is not None:
        # SQLite would have it 0 and 1, which PostgreSQL doesn't take for a yes or no.
        return {"false": "sa.false()", "true": "sa.true()"}.get(str(item.arg), False)
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=platform.metadata,
    version_table=VERSION_TABLE,
    include_name=context.config.attributes.get("include_name"),
    render_item=render_item,
    render_as_batch=False,
)
with context.begin_transaction():
    context.run_migrations()
