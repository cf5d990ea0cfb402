"""Tables and columns that get another name: renamed things, and retired columns that stand in the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, delete, func, select, text, update

from app.manifest.model.fields import Field, FieldType
from app.release.physical import Physical
from app.release.steps import Action, Phase, Run, Work
from app.release.structure import dropping_index
from app.schema.names import column_name, identifier, link_table_name
from app.schema.platform import platform


@dataclass(slots=True)
class Moves:
    """Collects what is moved, and knows how the tables will be then."""

    physical: Physical
    actions: list[Action] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)  # entities whose search index must be built anew

    def rename_table(self, old: str, new: str) -> None:
        """Gives a table another name; nothing where there is none."""
        if old not in self.physical.tables:
            return
        self._drop_indexes(old)
        self._add(old, lambda work: work.operations.rename_table(old, new))
        self.physical = self.physical.with_table_renamed(old, new)

    def rename_column(self, table: str, old: str, new: str) -> None:
        """Gives a column another name; nothing where there is none."""
        if self.physical.column(table, old) is None:
            return
        self._drop_indexes(table, old)
        self._add(table, _renaming_column(table, old, new))
        self.physical = self.physical.with_column_renamed(table, old, new)

    def drop_column(self, table: str, column: str) -> None:
        """Deletes a column and all that stands in it."""
        self._drop_indexes(table, column)
        self._add(table, _dropping_column(table, column))
        self.physical = self.physical.without_column(table, column)

    def drop_table(self, table: str) -> None:
        """Deletes a table and all that stands in it."""
        if table in self.physical.tables:
            self._add(table, lambda work: work.operations.drop_table(table))
            self.physical = self.physical.without_table(table)

    def drop_files(self, connection: Connection, entity: str, key: str) -> int:
        """Deletes the rows of a field's attachments; how many. The files themselves go with the next clean-up."""
        files = platform.attachment
        where = (files.c.entity == entity, files.c.field == key)
        self._add(entity, lambda work: work.connection.execute(delete(files).where(*where)))
        return int(connection.scalar(select(func.count()).select_from(files).where(*where)) or 0)

    def rename_entity(self, old: str, new: str, fields: tuple[Field, ...]) -> None:
        """Puts an entity's records, with all that goes with them, under another key."""
        self.rename_table(old, new)
        for one in fields:
            if one.type is FieldType.REFS:
                self.rename_table(link_table_name(old, one.key), link_table_name(new, one.key))
        self._add(old, _renaming_entity(old, new))
        self.moved.add(new)

    def rename_field(self, entity: str, old: Field, new: Field) -> None:
        """Puts a field's values under another key. Both are of one type."""
        match old.type:
            case FieldType.REFS:
                here, there = (link_table_name(entity, one.key) for one in (old, new))
                self.rename_table(here, there)
            case FieldType.FILES:
                self._add(entity, _renaming_files(entity, old.key, new.key))
            case _:
                self.rename_column(entity, column_name(old), column_name(new))
        self.moved.add(entity)

    def set_aside(self, entity: str, old: Field, release: int) -> str:
        """Keeps a field's values under a name that is in nobody's way, and says which."""
        if old.type is FieldType.REFS:
            name = link_table_name(entity, old.key)
            self.rename_table(name, aside(name, release))
            return aside(name, release)
        name = column_name(old)
        self.rename_column(entity, name, aside(name, release))
        return aside(name, release)

    def _drop_indexes(self, table: str, column: str | None = None) -> None:
        for name in self.physical.tables[table].ours_on(column):
            self.actions.append(dropping_index(table, name, Phase.RENAME))

    def _add(self, table: str, run: Run) -> None:
        self.actions.append(Action(Phase.RENAME, run=run, tables=frozenset({table})))


def aside(name: str, release: int) -> str:
    """`size__r7`: the column that was `size` until release 7."""
    suffix = f"__r{release}"
    return identifier(name + suffix) if len(name) + len(suffix) <= 63 else name[:50] + suffix


def _renaming_column(table: str, old: str, new: str) -> Run:
    def run(work: Work) -> None:
        work.operations.alter_column(table, old, new_column_name=new)
        if work.connection.dialect.name == "sqlite":
            return
        # The foreign key goes with its column, but would keep a name that a new column may need.
        here, there = (identifier(f"fk_{table}__{name}") for name in (old, new))
        query = (
            "SELECT 1 FROM pg_constraint WHERE conname = :name AND conrelid = to_regclass(:table)"
        )
        found = work.connection.scalar(text(query), {"name": here, "table": f'"{table}"'})
        if found is not None:
            rename = f'ALTER TABLE "{table}" RENAME CONSTRAINT "{here}" TO "{there}"'
            work.connection.execute(text(rename))

    return run


def _dropping_column(table: str, column: str) -> Run:
    def run(work: Work) -> None:
        # SQLite can't drop a column with a foreign key in place: the table is copied, autoincrement kept.
        kept = {"sqlite_autoincrement": True} if work.connection.dialect.name == "sqlite" else {}
        with work.operations.batch_alter_table(table, table_kwargs=kept) as batch:
            batch.drop_column(column)

    return run


def _renaming_entity(old: str, new: str) -> Run:
    def run(work: Work) -> None:
        for table in (
            platform.history,
            platform.attachment,
            platform.saved_view,
            platform.stored_field,
        ):
            _rekey(work, table, old, new)
        sequence = platform.sequence
        named = f"{old}:"
        for name in list(
            work.connection.scalars(sequence.select().with_only_columns(sequence.c.name))
        ):
            if name.startswith(named):
                fresh = f"{new}:{name.removeprefix(named)}"
                change = update(sequence).where(sequence.c.name == name)
                work.connection.execute(change.values(name=fresh))

    return run


def _rekey(work: Work, table: Table, old: str, new: str) -> None:
    work.connection.execute(update(table).where(table.c.entity == old).values(entity=new))


def _renaming_files(entity: str, old: str, new: str) -> Run:
    def run(work: Work) -> None:
        files = platform.attachment
        change = update(files).where(files.c.entity == entity, files.c.field == old)
        work.connection.execute(change.values(field=new))

    return run
