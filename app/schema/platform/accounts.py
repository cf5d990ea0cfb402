"""What the platform knows of a log-in beyond Flask-AppBuilder's row: standing, sessions, tries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, false, text

from app.schema.platform.metadata import PLATFORM
from app.schema.platform.users import USER
from app.schema.types import BigId, PlainText, UtcDateTime


def _person(**kinds: Any) -> Column[int]:
    return Column("user_id", Integer, ForeignKey(USER.c.id, ondelete="CASCADE"), **kinds)


# Raising `epoch` ends every session of the person. The last three columns are how the person likes the screens.
ACCOUNT = Table(
    "platform_account",
    PLATFORM,
    _person(primary_key=True, autoincrement=False),
    Column("epoch", Integer, nullable=False, server_default=text("1")),
    Column("must_change_password", Boolean, nullable=False, server_default=false()),
    Column("password_changed_at", UtcDateTime),
    Column("last_login_at", UtcDateTime),
    Column("last_login_from", String(64)),
    Column("failures_since_login", Integer, nullable=False, server_default=text("0")),
    Column("locale", String(8)),
    Column("theme", String(8)),
    Column("density", String(8)),
)

# One log-in through one door. The cookie or token carries a key; what is stored is its SHA-256.
SESSION = Table(
    "platform_session",
    PLATFORM,
    Column("id", BigId, primary_key=True),
    Column("key_hash", String(64), nullable=False, unique=True),
    _person(nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("door", String(8), nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("address", PlainText),
    Column("agent", PlainText),
    Index("ix_platform_session__person", "user_id", "ended_at"),
)

# Tries at a log-in that haven't succeeded, whether or not there is such a person: `subject` names who or from where.
LOGIN_TRY = Table(
    "platform_login_try",
    PLATFORM,
    Column("subject", String(160), primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
)
