"""Tables, columns and indexes that the new release needs and the database hasn't got yet.

Nothing is taken away here but indexes that the program made itself: columns and tables that it doesn't know are
somebody's, or a retired field's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Table
from sqlalchemy.schema import CreateTable

from app.release.physical import OURS, Physical, PhysicalTable
from app.release.steps import Action, Phase, Run, Step, Work
from app.release.survey import Survey
from app.schema.build import Schema
from app.schema.names import identifier


def structure_actions(
    survey: Survey, physical: Physical, told: frozenset[str]
) -> tuple[Action, ...]:
    """What must be made, the tables being as they will be once renames are done.

    `told` are the entities about which the plan says something already; of any other it is said that its table is
    put in order.
    """
    actions: list[Action] = []
    for table in survey.after.metadata.tables.values():
        found = list(_table_actions(table, physical))
        owner = _owner(survey.after, table)
        if found and owner not in told:
            actions.append(Action(Phase.REGISTRY, _repair_step(survey.after, owner, len(found))))
            told |= {owner}
        actions += found
    return tuple(actions)


def _owner(schema: Schema, table: Table) -> str:
    """The entity whose records a table holds or goes with."""
    parts = table.name.removeprefix("platform_search__").split("__")
    return next((key for key in parts if key in schema.manifest.entities), table.name)


def _repair_step(schema: Schema, owner: str, places: int) -> Step:
    entity = schema.manifest.entities.get(owner)
    return Step(
        "table.repair",
        owner,
        f"“{entity.label if entity else owner}”的数据表与配置不一致，补齐缺少的列和索引（{places} 处）",
        place=entity.place if entity else None,
    )


def _table_actions(table: Table, physical: Physical) -> Iterator[Action]:
    present = physical.tables.get(table.name)
    if present is None:
        yield Action(Phase.TABLES, run=_creating_table(table))
        columns = [] if physical.dialect == "sqlite" else list(table.columns)
        yield from (_foreign_key(table, column) for column in columns if column.foreign_keys)
        present = PhysicalTable(columns=dict.fromkeys(table.columns.keys(), ""))
    for column in table.columns:
        if column.name not in present.columns:
            yield from _column_actions(table, column, physical.dialect)
    yield from _index_actions(table, present)


def _creating_table(table: Table) -> Run:
    def run(work: Work) -> None:
        # On PostgreSQL foreign keys come later, when everything that they point to is there.
        inline: list[Any] | None = None if work.connection.dialect.name == "sqlite" else []
        work.connection.execute(CreateTable(table, include_foreign_key_constraints=inline))

    return run


def _column_actions(table: Table, column: Column[Any], dialect: str) -> Iterator[Action]:
    sqlite = dialect == "sqlite"

    def run(work: Work) -> None:
        new = _copied(column, keys=sqlite)
        work.operations.add_column(table.name, new, inline_references=sqlite or None)

    yield Action(Phase.COLUMNS, run=run, tables=frozenset({table.name}))
    if column.foreign_keys and not sqlite:
        yield _foreign_key(table, column)


def _copied(column: Column[Any], *, keys: bool) -> Column[Any]:
    """A column of no table yet, as DDL wants it."""
    targets = [ForeignKey(_target(column))] if keys and column.foreign_keys else []
    return Column(
        column.name,
        column.type,
        *targets,
        nullable=column.nullable,
        server_default=column.server_default,
    )


def _target(column: Column[Any]) -> str:
    return str(next(iter(column.foreign_keys)).target_fullname)


def _foreign_key(table: Table, column: Column[Any]) -> Action:
    name = identifier(f"fk_{table.name}__{column.name}")
    referred, _, key = _target(column).rpartition(".")

    def run(work: Work) -> None:
        work.operations.create_foreign_key(name, table.name, referred, [column.name], [key])

    return Action(Phase.FOREIGN_KEYS, run=run, tables=frozenset({table.name}))


def _index_actions(table: Table, present: PhysicalTable) -> Iterator[Action]:
    wanted = {str(index.name): index for index in table.indexes}
    for name in sorted(present.indexes.keys() - wanted.keys()):
        if name.startswith(OURS):
            yield dropping_index(table.name, name)
    for name in sorted(wanted.keys() - present.indexes.keys()):
        yield Action(Phase.INDEXES, run=_creating_index(wanted[name]))


def _creating_index(index: Index) -> Run:
    return lambda work: index.create(work.connection)


def dropping_index(table: str, name: str, phase: Phase = Phase.DROP_INDEXES) -> Action:
    """Drops one of our indexes."""

    def run(work: Work) -> None:
        work.operations.drop_index(name, table)

    return Action(phase, run=run, tables=frozenset({table}))
