"""Bringing the platform's own tables up to what this version of the program needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import app

# Beside `app` in a clone and where a wheel was installed alike.
FOLDER = Path(app.__file__).resolve().parent.parent / "migrations" / "platform"
VERSION_TABLE = "platform_revision"


@dataclass(frozen=True, slots=True)
class Revision:
    """One step of the platform's tables."""

    id: str
    message: str


class NewerDatabase(Exception):
    """The database was already used by a newer version of the program."""


def pending(connection: Connection) -> tuple[Revision, ...]:
    """The revisions that the database still lacks, in order; all of them on an empty one."""
    script = ScriptDirectory(str(FOLDER))
    options = {"version_table": VERSION_TABLE}
    present = MigrationContext.configure(connection, opts=options).get_current_revision()
    known = {one.revision for one in script.walk_revisions()}
    if present is not None and present not in known:
        raise NewerDatabase(present)
    missing = list(script.iterate_revisions("head", present or "base"))
    return tuple(Revision(one.revision, one.doc) for one in reversed(missing))


def upgrade(connection: Connection) -> tuple[Revision, ...]:
    """Runs what is pending inside the connection's transaction; returns what was run."""
    missing = pending(connection)
    if missing:
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return missing
