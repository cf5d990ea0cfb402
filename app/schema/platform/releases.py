"""What was applied: releases with all their files, and which fields the database holds, live or retired."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from app.schema.platform.metadata import PLATFORM
from app.schema.platform.users import USER
from app.schema.types import PlainText, UtcDateTime, json_column_type

# The live release is the last one: a rollback is a release of its own, with old files.
RELEASE = Table(
    "platform_release",
    PLATFORM,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … without gaps
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Integer, ForeignKey(USER.c.id)),
    Column("by_name", PlainText, nullable=False),
    Column("why", PlainText),
    Column("fingerprint", String(64), nullable=False),
    Column("back_to", Integer),  # the release whose files a rollback brought back
    Column("plan", json_column_type(), nullable=False),
)

# Each content once, however many releases hold it.
FILE = Table(
    "platform_file",
    PLATFORM,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

RELEASE_FILE = Table(
    "platform_release_file",
    PLATFORM,
    Column("release", Integer, ForeignKey(RELEASE.c.id), primary_key=True),
    Column("path", PlainText, primary_key=True),
    Column("digest", String(64), ForeignKey(FILE.c.digest), nullable=False),
)

# One row for each field that has, or had, a place in the database. `shape` is what its values look like there:
# a field that comes back with another shape can't have its old values.
STORED_FIELD = Table(
    "platform_stored_field",
    PLATFORM,
    Column("entity", PlainText, primary_key=True),
    Column("field", PlainText, primary_key=True),
    Column("shape", PlainText, nullable=False),
    Column("since", Integer, nullable=False),
    Column("retired_in", Integer),
)
