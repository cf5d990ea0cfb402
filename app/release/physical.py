"""The tables that are really there, with whatever somebody added by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import CompileError
from sqlalchemy.types import TypeEngine

OURS = ("ix_", "iw_", "uq_")  # what app.schema.names.index_name begins with


@dataclass(frozen=True, slots=True)
class PhysicalTable:
    """Columns with their types as the database spells them, and indexes with their columns."""

    columns: Mapping[str, str] = field(default_factory=dict)
    indexes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def ours_on(self, column: str | None = None) -> tuple[str, ...]:
        """The indexes that the program made, of one column or all."""
        return tuple(
            name
            for name, columns in self.indexes.items()
            if name.startswith(OURS) and (column is None or column in columns)
        )


@dataclass(frozen=True, slots=True)
class Physical:
    """All tables by name."""

    dialect: str
    tables: Mapping[str, PhysicalTable]

    def column(self, table: str, column: str) -> str | None:
        """The type of a column as the database spells it, None where there is none."""
        found = self.tables.get(table)
        return found.columns.get(column) if found else None

    def with_table_renamed(self, old: str, new: str) -> Physical:
        """As it will be once our indexes are dropped and the table is renamed."""
        found = self.tables[old]
        kept = {name: on for name, on in found.indexes.items() if name not in found.ours_on()}
        tables = {name: table for name, table in self.tables.items() if name != old}
        return replace(self, tables={**tables, new: replace(found, indexes=kept)})

    def with_column_renamed(self, table: str, old: str, new: str) -> Physical:
        """As it will be once our indexes on a column are dropped and it is renamed."""
        found = self.tables[table]
        gone = found.ours_on(old)
        columns = {new if name == old else name: kind for name, kind in found.columns.items()}
        kept = {name: on for name, on in found.indexes.items() if name not in gone}
        changed = replace(found, columns=columns, indexes=kept)
        return replace(self, tables={**self.tables, table: changed})

    def without_column(self, table: str, column: str) -> Physical:
        """As it will be once a column and our indexes on it are dropped."""
        renamed = self.with_column_renamed(table, column, "")
        found = renamed.tables[table]
        columns = {name: kind for name, kind in found.columns.items() if name}
        return replace(self, tables={**self.tables, table: replace(found, columns=columns)})

    def without_table(self, table: str) -> Physical:
        """As it will be once a table is dropped."""
        tables = {name: found for name, found in self.tables.items() if name != table}
        return replace(self, tables=tables)


def read_physical(connection: Connection) -> Physical:
    """Reads the whole database's definition with a few statements."""
    inspector = inspect(connection)
    columns = inspector.get_multi_columns()
    indexes = inspector.get_multi_indexes()
    tables = {
        str(name): PhysicalTable(
            columns={
                one["name"]: spelled(one["type"], connection) for one in columns[schema, name]
            },
            indexes={
                str(one["name"]): frozenset(column or "" for column in one["column_names"])
                for one in indexes.get((schema, name), ())
            },
        )
        for schema, name in columns
    }
    return Physical(connection.dialect.name, tables)


def spelled(kind: TypeEngine[object], connection: Connection) -> str:
    """A type as the database spells it, without lengths and collations."""
    try:
        words = kind.compile(dialect=connection.dialect)
    except CompileError:  # a type that somebody brought along by hand
        words = str(kind)
    return words.upper().split("(")[0].split(" COLLATE")[0].strip()
