"""Which fields the database has a place for: brought in step with every release, asked when a field comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, column, delete, func, insert, select, table, update

from app.manifest.model.fields import FieldType
from app.release.moves import Moves
from app.release.search_changes import registry_key
from app.release.steps import Action, Phase, Risk, Run, Step, Work
from app.release.survey import StoredField, Survey
from app.schema.names import link_table_name
from app.schema.platform import platform
from app.schema.search_ddl import search_definition
from app.schema.storage import shape

Stored = Mapping[tuple[str, str], StoredField]


def read_registry(connection: Connection) -> Stored:
    """Every field that has or had a place."""
    rows = connection.execute(select(platform.stored_field))
    return {
        (row.entity, row.field): StoredField(row.shape, row.since, row.retired_in) for row in rows
    }


def registry_action(survey: Survey) -> Action:
    """Writes down what the new release keeps, and what it doesn't any more."""
    return Action(Phase.REGISTRY, run=lambda work: _write(work, survey.renames.fields))


def _write(work: Work, renamed: Mapping[tuple[str, str], str]) -> None:
    kept = platform.stored_field
    present = read_registry(work.connection)
    wanted = _wanted(work)
    for key, kind in wanted.items():
        stored = present.get(key)
        where = (kept.c.entity == key[0], kept.c.field == key[1])
        if stored is None:
            row = {"entity": key[0], "field": key[1], "shape": kind, "since": work.release}
            work.connection.execute(insert(kept).values(row))
        elif stored.shape != kind or stored.retired_in is not None:
            change = update(kept).where(*where)
            work.connection.execute(change.values(shape=kind, retired_in=None))
    for key, stored in present.items():
        if key in wanted:
            continue
        where = (kept.c.entity == key[0], kept.c.field == key[1])
        if key in renamed or key[1].startswith("*"):
            work.connection.execute(delete(kept).where(*where))
        elif stored.retired_in is None:
            change = update(kept).where(*where)
            work.connection.execute(change.values(retired_in=work.release))


def _wanted(work: Work) -> dict[tuple[str, str], str]:
    wanted = {
        (entity.key, field.key): shape(field)
        for entity in work.manifest.entities.values()
        for field in entity.fields.values()
    }
    indexes = (index for several in work.schema.searches.values() for index in several)
    return wanted | {registry_key(index): search_definition(index) for index in indexes}


def destroy_actions(survey: Survey, moves: Moves) -> Iterator[Action]:
    """Physical deletion of what `--destroy entity.field` names; refused for what is still declared."""
    for named in sorted(survey.choices.destroy):
        entity, _, key = named.partition(".")
        declared = survey.new.entities.get(entity)
        if declared is not None and key in declared.fields:
            yield _refused(named, f"{named} 还在配置里；请先从 YAML 去掉这个字段，再删除它的内容")
        elif (kind := _kept_shape(survey, entity, key)) is None:
            yield _refused(named, f"没有已停用的字段 {named}，无从删除")
        else:
            many = _destroy(survey, moves, entity, key, kind)
            says = f"彻底删除 {named} 的内容（{many} 条记录），不能恢复；历史记录里的旧值仍在"
            step = Step("field.destroy", named, says, Risk.DESTRUCTIVE, many)
            yield Action(Phase.FORGET, step, _forgetting(entity, key))


def _refused(named: str, says: str) -> Action:
    return Action(Phase.REGISTRY, Step("field.destroy", named, says, Risk.REFUSED))


def _kept_shape(survey: Survey, entity: str, key: str) -> str | None:
    """What a retired field's values look like; None where there are none."""
    stored = survey.stored.get((entity, key))
    if stored is not None and not key.startswith("*"):
        return stored.shape
    # A column put aside by an earlier release is named as it stands in the table.
    name, mark, release = key.rpartition("__r")
    if name and mark and release.isdigit() and survey.physical.column(entity, key) is not None:
        return "aside"
    return None


def _destroy(survey: Survey, moves: Moves, entity: str, key: str, kind: str) -> int:
    """Puts the deletion into `moves`; how many values go."""
    name = f"{key}_id" if kind.startswith(f"{FieldType.REF} ") else key
    if kind.startswith(f"{FieldType.REFS} "):
        name = link_table_name(entity, key)
        query = select(func.count()).select_from(table(name))
        many = int(survey.connection.scalar(query) or 0) if name in moves.physical.tables else 0
        moves.drop_table(name)
        return many
    if kind == FieldType.FILES:
        return moves.drop_files(survey.connection, entity, key)
    if moves.physical.column(entity, name) is None:
        return 0
    rows = table(entity, column(name))
    filled = select(func.count()).select_from(rows).where(rows.c[name].is_not(None))
    many = int(survey.connection.scalar(filled) or 0)
    moves.drop_column(entity, name)
    return many


def _forgetting(entity: str, key: str) -> Run:
    def run(work: Work) -> None:
        stored = platform.stored_field
        gone = delete(stored).where(stored.c.entity == entity, stored.c.field == key)
        work.connection.execute(gone)

    return run
