"""What goes with every record whatever its entity: history, attachments, number sequences, saved views."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
)

from app.schema.platform.metadata import PLATFORM
from app.schema.platform.users import USER
from app.schema.types import BigId, PlainText, UtcDateTime, json_column_type

# Append-only. `previous` and `hash` chain the rows of one record (see app.schema.ledger).
HISTORY = Table(
    "platform_history",
    PLATFORM,
    Column("id", BigId, primary_key=True),
    Column("entity", PlainText, nullable=False),
    Column("record_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Integer, ForeignKey(USER.c.id)),
    Column("by_name", PlainText, nullable=False),
    Column("action", PlainText, nullable=False),
    Column("release", Integer, nullable=False),
    Column("place", PlainText),  # the YAML line behind it
    Column("reason", PlainText),
    Column("round", Integer),
    Column("changes", json_column_type()),  # {"field": [old, new]}
    Column("details", json_column_type()),
    Column("previous", String(64)),
    Column("hash", String(64), nullable=False),
    Index("ix_platform_history__record", "entity", "record_id", "id"),
    Index("ix_platform_history__at", "at"),
)

# `field` is empty for what hangs on the record as a whole. Uploaded before its record is saved: no record_id yet.
ATTACHMENT = Table(
    "platform_attachment",
    PLATFORM,
    Column("id", BigId, primary_key=True),
    Column("entity", PlainText, nullable=False),
    Column("record_id", BigInteger),
    Column("field", String, nullable=False, server_default=""),
    Column("name", PlainText, nullable=False),
    Column("media_type", PlainText, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("stored_as", PlainText, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Integer, ForeignKey(USER.c.id), index=True),
    Column("removed_at", UtcDateTime),
    Column("removed_by_id", Integer, ForeignKey(USER.c.id)),
    Index("ix_platform_attachment__record", "entity", "record_id", "field"),
)

# The last number given out under each name (an entity's pattern and the date parts before its sequence).
SEQUENCE = Table(
    "platform_sequence",
    PLATFORM,
    Column("name", PlainText, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

SAVED_VIEW = Table(
    "platform_saved_view",
    PLATFORM,
    Column("id", Integer, primary_key=True),
    Column("user_id", Integer, ForeignKey(USER.c.id), nullable=False),
    Column("entity", PlainText, nullable=False),
    Column("name", PlainText, nullable=False),
    Column("query", PlainText),
    Column("shared", Boolean, nullable=False, server_default=false()),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("user_id", "entity", "name"),
    Index("ix_platform_saved_view__entity", "entity"),
)
