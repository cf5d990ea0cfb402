"""The parts of a search index that only one kind of database has."""

from __future__ import annotations

from app.schema.names import identifier
from app.schema.search_tables import SearchIndex


def search_ddl(index: SearchIndex, dialect: str) -> tuple[str, ...]:
    """What has to be said to the database once, after the index's own table is made."""
    table = index.table.name
    if dialect == "sqlite":
        # Contentless: the plain text stands in the table beside it. Only rows are asked for, so no positions.
        return (
            f'CREATE VIRTUAL TABLE "{index.pairs}" USING fts5'
            "(grams, content='', detail=none, columnsize=0, tokenize='ascii')",
        )
    return (
        f'ALTER TABLE "{table}" ADD COLUMN grams INTEGER[]',
        f'CREATE INDEX "{identifier(f"gin_{table}")}" ON "{table}" USING gin (grams)',
    )


def search_definition(index: SearchIndex) -> str:
    """What the index holds, as text: when it differs from what was built, it must be built anew."""
    return f"1 {','.join(index.fields)} / {index.title}"
