"""Record numbers: `CS-{year}{month}-{seq:4}`, drawn inside the record's own transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.manifest.model.entities import Entity
from app.schema.platform import platform


def draw_number(session: Session | Connection, entity: Entity, moment: datetime) -> str | None:
    """The next number of the entity's pattern; None where it has none. `moment` is in the site's zone.

    The sequence restarts within the date parts written before it. A number whose record isn't stored is given out
    again, its drawing being undone with the rest of the transaction. Two at once never get the same.
    """
    if entity.number is None:
        return None
    dates = {"year": f"{moment.year:04}", "month": f"{moment.month:02}", "day": f"{moment.day:02}"}
    before: list[str] = []
    written: list[str] = []
    for kind, value in entity.number.parts:
        if kind == "seq":
            drawn = _draw(session, f"{entity.key}:{''.join(before)}")
            written.append(f"{drawn:0{value}}")
        else:
            written.append(str(value) if kind == "text" else dates[kind])
            before += [dates[kind]] if kind in dates else []
    return "".join(written)


def _draw(session: Session | Connection, name: str) -> int:
    bind = session.get_bind() if isinstance(session, Session) else session
    sequence = platform.sequence
    insert = postgresql.insert if bind.dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(sequence)
        .values(name=name, value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": sequence.c.value + 1})
        .returning(sequence.c.value)
    )
    return int(session.execute(statement).scalar_one())
