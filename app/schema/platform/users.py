"""The log-in tables of Flask-AppBuilder, written out.

Foreign keys need them, and the first `apply` makes them before any server has started. This layer may not import
the framework; `tests/schema` holds these tables against the framework's own.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.schema.platform.metadata import PLATFORM


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _required(name: str, length: int, **kinds: Any) -> Column[str]:
    return Column(name, String(length), nullable=False, **kinds)


def _to(name: str, target: str, **kinds: Any) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id", ondelete="CASCADE"), **kinds)


USER = Table(
    "ab_user",
    PLATFORM,
    _id(),
    _required("first_name", 64),
    _required("last_name", 64),
    _required("username", 128, unique=True),
    Column("password", String(256)),
    Column("active", Boolean),
    _required("email", 320, unique=True),
    Column("last_login", DateTime),
    Column("login_count", Integer),
    Column("fail_login_count", Integer),
    Column("created_on", DateTime),
    Column("changed_on", DateTime),
    Column("created_by_fk", Integer, ForeignKey("ab_user.id")),
    Column("changed_by_fk", Integer, ForeignKey("ab_user.id")),
)

ROLE = Table("ab_role", PLATFORM, _id(), _required("name", 64, unique=True))

USER_ROLE = Table(
    "ab_user_role",
    PLATFORM,
    _id(),
    _to("user_id", "ab_user"),
    _to("role_id", "ab_role"),
    UniqueConstraint("user_id", "role_id"),
)

GROUP = Table(
    "ab_group",
    PLATFORM,
    _id(),
    _required("name", 100, unique=True),
    Column("label", String(150)),
    Column("description", String(512)),
)

USER_GROUP = Table(
    "ab_user_group",
    PLATFORM,
    _id(),
    _to("user_id", "ab_user"),
    _to("group_id", "ab_group"),
    UniqueConstraint("user_id", "group_id"),
    Index("idx_user_id", "user_id"),
    Index("idx_user_group_id", "group_id"),
)

GROUP_ROLE = Table(
    "ab_group_role",
    PLATFORM,
    _id(),
    _to("group_id", "ab_group"),
    _to("role_id", "ab_role"),
    UniqueConstraint("group_id", "role_id"),
    Index("idx_group_id", "group_id"),
    Index("idx_group_role_id", "role_id"),
)

PERMISSION = Table("ab_permission", PLATFORM, _id(), _required("name", 100, unique=True))

VIEW_MENU = Table("ab_view_menu", PLATFORM, _id(), _required("name", 250, unique=True))

PERMISSION_VIEW = Table(
    "ab_permission_view",
    PLATFORM,
    _id(),
    Column("permission_id", Integer, ForeignKey("ab_permission.id"), nullable=False),
    Column("view_menu_id", Integer, ForeignKey("ab_view_menu.id"), nullable=False),
    UniqueConstraint("permission_id", "view_menu_id"),
    Index("idx_permission_id", "permission_id"),
    Index("idx_view_menu_id", "view_menu_id"),
)

PERMISSION_VIEW_ROLE = Table(
    "ab_permission_view_role",
    PLATFORM,
    _id(),
    _to("permission_view_id", "ab_permission_view"),
    _to("role_id", "ab_role"),
    UniqueConstraint("permission_view_id", "role_id"),
    Index("idx_permission_view_id", "permission_view_id"),
    Index("idx_role_id", "role_id"),
)

REGISTER_USER = Table(
    "ab_register_user",
    PLATFORM,
    _id(),
    _required("first_name", 64),
    _required("last_name", 64),
    _required("username", 128, unique=True),
    Column("password", String(256)),
    _required("email", 320, unique=True),
    Column("registration_date", DateTime),
    Column("registration_hash", String(256)),
)

API_KEY = Table(
    "ab_api_key",
    PLATFORM,
    _id(),
    _required("uuid", 36, unique=True),
    _required("name", 256),
    _required("key_hash", 256),
    Column("lookup_hash", String(256), unique=True),
    _required("key_prefix", 16),
    _to("user_id", "ab_user", nullable=False),
    Column("scopes", Text),
    Column("active", Boolean, nullable=False),
    Column("created_on", DateTime),
    Column("expires_on", DateTime),
    Column("revoked_on", DateTime),
    Column("last_used_on", DateTime),
    Index("idx_api_key_prefix", "key_prefix"),
    Index("idx_api_key_user_id", "user_id"),
    Index("idx_api_key_lookup_hash", "lookup_hash", unique=True),
)
