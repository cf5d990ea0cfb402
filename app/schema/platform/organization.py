"""Departments and posts, kept in step with `config/organization.yaml` by every apply, and who holds which post."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, text

from app.schema.platform.metadata import PLATFORM
from app.schema.platform.users import USER
from app.schema.types import PlainText, UtcDateTime

DEPARTMENT = Table(
    "department",
    PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("key", PlainText, nullable=False, unique=True),
    Column("label", PlainText, nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("under_id", Integer, ForeignKey("department.id"), index=True),
    Column("position", Integer, nullable=False),  # as written in the file
    Column("initials", PlainText),  # of the label, for finding it by typing
    Column("retired_at", UtcDateTime),
)

POST = Table(
    "post",
    PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("key", PlainText, nullable=False, unique=True),
    Column("label", PlainText, nullable=False),
    Column("department_id", Integer, ForeignKey(DEPARTMENT.c.id), index=True),
    Column("position", Integer, nullable=False),
    Column("initials", PlainText),
    Column("retired_at", UtcDateTime),
)

# Past holders stay, with `until`: who was responsible then must stay answerable.
POST_HOLDER = Table(
    "post_holder",
    PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("post_id", Integer, ForeignKey(POST.c.id), nullable=False),
    Column("user_id", Integer, ForeignKey(USER.c.id), nullable=False, index=True),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Index(
        "uq_post_holder__present",
        "post_id",
        "user_id",
        unique=True,
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
)
