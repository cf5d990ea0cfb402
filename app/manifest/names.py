"""Names that an entity can't have: the platform's tables and addresses, the language's own words."""

from __future__ import annotations

from app.manifest.problems import Findings, fault
from app.manifest.scalars import Word

BUILT_IN = fault("ENT161", "实体不能叫 {key}，它是平台自带的", "请换一个键名；显示的名称不受影响")
TABLE = fault("ENT162", "实体不能叫 {key}，平台自己有同名的表", "请换一个键名；显示的名称不受影响")
ADDRESS = fault("ENT163", "实体不能叫 {key}，这个网址已有用途", "请换一个键名；显示的名称不受影响")
WORD = fault(
    "ENT164", "实体不能叫 {key}，这个词在配置里另有含义", "请换一个键名；显示的名称不受影响"
)

BUILT_IN_NAMES = frozenset(("user", "department", "post"))
TABLE_NAMES = frozenset(("person", "post_holder"))
TABLE_PREFIXES = ("ab_", "alembic_", "pg_", "platform_", "sqlite_")
ADDRESSES = frozenset(
    (
        "api",
        "static",
        "inbox",
        "board",
        "screen",
        "desk",
        "window",
        "login",
        "logout",
        "auth",
        "users",
        "roles",
        "healthz",
        "readyz",
        "metrics",
        "security",
        "menu",
        "health",
        "status",
        "oauth",
        "files",
        "search",
        "admin",
        "setup",
        "help",
        "lang",
        "back",
    )
)
WORDS = frozenset(
    (
        "grant",
        "audit",
        "release",
        "firing",
        "case",
        "calendar",
        "system",
        "link",
        "me",
        "my",
        "same",
        "count",
        "sum",
        "distinct",
        "today",
        "now",
        "all",
        "any",
    )
)


def check_entity_name(word: Word, found: Findings) -> None:
    """Refuse a name that something else already has."""
    key = word.text
    if key in BUILT_IN_NAMES:
        found.add(BUILT_IN(word.place, key=key))
    elif key in TABLE_NAMES or key.startswith(TABLE_PREFIXES):
        found.add(TABLE(word.place, key=key))
    elif key in ADDRESSES:
        found.add(ADDRESS(word.place, key=key))
    elif key in WORDS:
        found.add(WORD(word.place, key=key))
