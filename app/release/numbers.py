"""An entity that gets numbers: the records it has already get theirs too, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from app.manifest.model.entities import Entity
from app.release.steps import Action, Phase, Risk, Run, Step, Work
from app.release.survey import Survey
from app.schema.numbering import draw_number


def number_actions(survey: Survey, old: Entity, new: Entity) -> Iterator[Action]:
    """The work for an entity that had no numbers."""
    rows = survey.live_rows(new.key)
    if old.number is not None or new.number is None or not rows:
        return
    says = f"“{new.label}”开始编号，{rows} 条已有记录按登记先后补上"
    step = Step("number.begin", new.key, says, Risk.CAREFUL, rows, new.number.place)
    yield Action(Phase.VALUES, step, _numbering(new))


def _numbering(entity: Entity) -> Run:
    def run(work: Work) -> None:
        table = work.schema.tables[entity.key]
        zone = ZoneInfo(work.manifest.site.timezone)
        bare = select(table.c.id, table.c.created_at).where(table.c.number.is_(None))
        for row in work.connection.execute(bare.order_by(table.c.created_at, table.c.id)).all():
            number = draw_number(work.connection, entity, row.created_at.astimezone(zone))
            change = update(table).where(table.c.id == row.id)
            work.connection.execute(change.values(number=number))

    return run
