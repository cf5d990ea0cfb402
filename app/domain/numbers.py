"""Record numbers: `CS-{year}{month}-{seq:4}`, drawn inside the record's own transaction."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from app.domain.context import Context
from app.manifest.model.entities import Entity
from app.schema.platform import platform


def next_number(context: Context, entity: Entity) -> str | None:
    """The next number of the entity's pattern; None where it has none.

    The sequence restarts within the date parts written before it, in the site's zone. A number whose record isn't
    stored is given out again with the rest of its transaction undone. Two at once never get the same.
    """
    if entity.number is None:
        return None
    today = context.now.astimezone(context.zone)
    dates = {"year": f"{today.year:04}", "month": f"{today.month:02}", "day": f"{today.day:02}"}
    before: list[str] = []
    written: list[str] = []
    for kind, value in entity.number.parts:
        if kind == "seq":
            drawn = _draw(context, f"{entity.key}:{''.join(before)}")
            written.append(f"{drawn:0{value}}")
        else:
            written.append(str(value) if kind == "text" else dates[kind])
            before += [dates[kind]] if kind in dates else []
    return "".join(written)


def _draw(context: Context, name: str) -> int:
    dialect = context.session.get_bind().dialect.name
    sequence = platform.sequence
    insert = postgresql.insert(sequence) if dialect == "postgresql" else sqlite.insert(sequence)
    statement = (
        insert.values(name=name, value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": sequence.c.value + 1})
        .returning(sequence.c.value)
    )
    return int(context.session.execute(statement).scalar_one())
