"""Search indexes that hold something else than before are built anew: all they hold stands in the records too."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from app.release.physical import Physical
from app.release.steps import Action, Phase, Run, Step, Work
from app.release.survey import Survey
from app.schema.search_ddl import search_ddl, search_definition
from app.schema.search_tables import SearchIndex
from app.schema.search_write import rebuild_search

SEARCH = "*search"  # begins no field's key
MANY = 50_000  # rows that take more than a moment
TABLES, PAIRS = "platform_search__", "platform_pairs__"


def registry_key(index: SearchIndex) -> tuple[str, str]:
    """Under which name the definition of an index is kept among the stored fields."""
    return index.entity, f"{SEARCH}:{index.part}" if index.part else SEARCH


def search_actions(survey: Survey, physical: Physical, moved: frozenset[str]) -> tuple[Action, ...]:
    """`moved` are entities whose records were put under another name or whose searched columns were."""
    actions: list[Action] = []
    wanted = [index for indexes in survey.after.searches.values() for index in indexes]
    names = {index.table.name for index in wanted} | {index.pairs for index in wanted}
    for name in sorted(physical.tables):
        if name.startswith((TABLES, PAIRS)) and name not in names:
            actions += _dropped(name, physical)
    for index in wanted:
        stored = survey.stored.get(registry_key(index))
        same = stored is not None and stored.shape == search_definition(index)
        present = index.table.name in physical.tables
        if not present or not same or index.entity in moved:
            actions += _rebuilt(survey, index, present)
    return tuple(actions)


def _dropped(name: str, physical: Physical) -> Iterator[Action]:
    # The shadow tables of a full-text table go with it.
    shadow = any(
        name.startswith(f"{other}_") for other in physical.tables if other.startswith(PAIRS)
    )
    if not shadow:
        yield Action(Phase.RENAME, run=lambda work: work.operations.drop_table(name))


def _rebuilt(survey: Survey, index: SearchIndex, present: bool) -> Iterator[Action]:
    rows = survey.live_rows(index.entity)
    if rows >= MANY:
        label = survey.new.entities[index.entity].label
        says = f"“{label}”要重建搜索索引（{rows} 条记录），其间不能保存；请在清闲时应用"
        step = Step("search.rebuild", index.entity, says, rows=rows)
        yield Action(Phase.SEARCH, step, notice=True)
    yield Action(Phase.SEARCH, run=_building(index, present))


def _building(index: SearchIndex, present: bool) -> Run:
    def run(work: Work) -> None:
        if not present:
            for statement in search_ddl(index, work.connection.dialect.name):
                work.connection.execute(text(statement))
        rebuild_search(work.connection, work.schema, index)

    return run
