"""Finding a record to refer to by typing: Chinese or pinyin initials, also for users, departments and posts."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.manifest.model.fields import BUILT_IN_ENTITIES
from app.schema.build import Schema
from app.schema.grams import terms
from app.schema.search_index import search


def typed_clause(session: Session, schema: Schema, entity: str, typed: str) -> ColumnElement[bool]:
    """The filter of the rows of `schema.tables[entity]` whose title, number or initials hold what was typed."""
    if entity not in BUILT_IN_ENTITIES:
        return search(session, schema, entity, typed, initials=True).clause
    table = schema.tables[entity]
    spots: list[ColumnElement[str | None]] = []
    if entity == "user":
        spots = [table.c.username, table.c.last_name + table.c.first_name]
        spots.append(table.c.first_name + " " + table.c.last_name)
        person = schema.person
        found = select(person.c.initials).where(person.c.user_id == table.c.id)
        spots.append(found.scalar_subquery())
    else:
        spots = [table.c.key, table.c.label, table.c.initials]
    within = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    return and_(
        *(or_(*(within(func.lower(spot), term) > 0 for spot in spots)) for term in terms(typed))
    )
