"""What leaves the site and what is kept of attempts: messages to be sent, and the audit trail."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, text

from app.schema.platform.metadata import PLATFORM
from app.schema.platform.users import USER
from app.schema.types import BigId, PlainText, UtcDateTime, json_column_type

# Written in the transaction of what it tells of; sent afterwards. The same `key` is never written twice.
OUTBOX = Table(
    "platform_outbox",
    PLATFORM,
    Column("id", BigId, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("key", PlainText, nullable=False, unique=True),
    Column("channel", PlainText, nullable=False),
    Column("recipient_id", Integer, ForeignKey(USER.c.id)),
    Column("address", PlainText),
    Column("subject", PlainText),
    Column("text", PlainText),
    Column("entity", PlainText),
    Column("record_id", BigInteger),
    Column("state", String, nullable=False, server_default="waiting"),  # waiting, sent, dead
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("next_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("trouble", PlainText),
    Index(
        "ix_platform_outbox__waiting",
        "next_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

# Append-only. `position` and `hash` come when the row is sealed into the chain (see app.schema.ledger).
AUDIT = Table(
    "platform_audit",
    PLATFORM,
    Column("id", BigId, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Integer),  # no foreign key: it may name who never existed
    Column("by_name", PlainText),
    Column("address", PlainText),
    Column("action", PlainText, nullable=False),
    Column("entity", PlainText),
    Column("record_id", BigInteger),
    Column("allowed", Integer, nullable=False, server_default=text("1")),
    Column("details", json_column_type()),
    Column("position", BigInteger, unique=True),
    Column("hash", String(64)),
    Index("ix_platform_audit__at", "at"),
    Index(
        "ix_platform_audit__unsealed",
        "id",
        sqlite_where=text("position IS NULL"),
        postgresql_where=text("position IS NULL"),
    ),
)
