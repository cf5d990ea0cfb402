"""One ref becomes several, or several one."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Table, column, func, insert, literal, select, table

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.release.moves import Moves
from app.release.steps import Action, Phase, Risk, Run, Step, Work
from app.release.survey import Survey
from app.schema.names import column_name, link_table_name
from app.schema.platform import platform

T = FieldType


def linked_values(survey: Survey, owner: Table, field: Field) -> int:
    """How many rows stand beside the entity's own for a field of several refs, or of files."""
    if field.type is T.REFS:
        links = table(link_table_name(owner.name, field.key))
        return int(survey.connection.scalar(select(func.count()).select_from(links)) or 0)
    if field.type is T.FILES:
        files = platform.attachment
        where = (files.c.entity == owner.name, files.c.field == field.key)
        return int(
            survey.connection.scalar(select(func.count()).select_from(files).where(*where)) or 0
        )
    return 0


def relink_action(
    survey: Survey, moves: Moves, entity: Entity, old: Field, new: Field, change: str
) -> Action:
    """A ref and refs to the same entity take over each other's values; several don't fit into one."""
    target = f"{entity.key}.{new.key}"
    owner = survey.old_key(entity.key) or entity.key
    if old.type is T.REFS:
        links = table(link_table_name(owner, old.key), column("record_id"), column("target_id"))
        several = select(links.c.record_id).group_by(links.c.record_id).having(func.count() > 1)
        bad = list(survey.connection.scalars(several.order_by(links.c.record_id)))
        if bad:
            says = f"{change}：{len(bad)} 条记录选了多个，请先改成一个"
            found = tuple(f"#{record}" for record in bad[:10])
            step = Step("field.retype", target, says, Risk.REFUSED, len(bad), new.place, found)
            return Action(Phase.REGISTRY, step)
    source = moves.set_aside(entity.key, replace(old, key=new.key), survey.base + 1)
    run = _spreading(entity, new, source) if new.type is T.REFS else _gathering(entity, new, source)
    says = f"{change}，内容随之，旧内容另存为 {source}"
    return Action(
        Phase.VALUES, Step("field.retype", target, says, Risk.CAREFUL, None, new.place), run
    )


def _spreading(entity: Entity, field: Field, source: str) -> Run:
    """One ref of each record becomes its first of several."""

    def run(work: Work) -> None:
        links = work.schema.storage[entity.key][field.key].links
        assert links is not None
        rows = table(entity.key, column("id"), column(source))
        found = select(rows.c.id, rows.c[source], literal(0)).where(rows.c[source].is_not(None))
        names = ["record_id", "target_id", "position"]
        work.connection.execute(insert(links).from_select(names, found))

    return run


def _gathering(entity: Entity, field: Field, source: str) -> Run:
    """The only one of several becomes the ref."""

    def run(work: Work) -> None:
        rows = work.schema.tables[entity.key]
        links = table(source, column("record_id"), column("target_id"))
        only = select(links.c.target_id).where(links.c.record_id == rows.c.id).scalar_subquery()
        work.connection.execute(rows.update().values({column_name(field): only}))

    return run
