"""How things of a manifest are called in the database."""

from __future__ import annotations

import hashlib

from app.manifest.model.fields import Field, FieldType

MAX_IDENTIFIER = 63  # PostgreSQL cuts longer names off without a word
# Entities can't take these names; `tests/schema` holds the list against the tables there are.
PLATFORM_PREFIXES = ("ab_", "platform_", "sqlite_", "pg_", "alembic_")
BUILT_IN_TABLES = ("user", "department", "post", "person", "post_holder")


def identifier(name: str) -> str:
    """The name itself, or if it is too long its beginning with a hash that keeps it apart from others."""
    if len(name.encode()) <= MAX_IDENTIFIER:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: MAX_IDENTIFIER - 9]}_{digest}"


def column_name(field: Field) -> str:
    """The column, and attribute, that holds a field: refs end in `_id`, a path of a trait has `__` for its dot."""
    return f"{plain_key(field)}_id" if field.type is FieldType.REF else plain_key(field)


def plain_key(field: Field) -> str:
    """The key as a name that SQL and Python take: `finish.due_at` is `finish__due_at`."""
    return field.key.replace(".", "__").replace("@", "__")


def link_table_name(entity: str, field: str) -> str:
    """The association table of a `refs` field."""
    return identifier(f"{entity}__{field}")


def search_table_name(entity: str, part: str = "") -> str:
    """Where what can be searched of an entity stands; `part` is a private field with an index of its own."""
    return identifier(
        "__".join(("platform_search", entity, part) if part else ("platform_search", entity))
    )


def pairs_table_name(entity: str, part: str = "") -> str:
    """SQLite's full-text table beside it."""
    return identifier(
        "__".join(("platform_pairs", entity, part) if part else ("platform_pairs", entity))
    )


def index_name(table: str, columns: tuple[str, ...], *, unique: bool, whole: bool) -> str:
    """Says all that makes one index differ from another, so that a new definition gets a new name.

    `whole` indexes hold retired rows as well.
    """
    kind = "uq" if unique else "iw" if whole else "ix"
    return identifier(f"{kind}_{table}__{'__'.join(columns)}")
