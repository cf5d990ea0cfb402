"""Filters kept under a name: one's own, and those that a colleague shares. What one sees through them is one's own rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, or_, select, update

from app.domain import access
from app.domain.context import Context
from app.domain.errors import Invalid, NotFound
from app.schema.platform import platform

MAX_NAME = 30
MAX_QUERY = 2000
MAX_VIEWS = 50
views = platform.saved_view


@dataclass(frozen=True, slots=True)
class SavedView:
    """`query` is the address behind the list's `?`."""

    id: int
    name: str
    query: str
    shared: bool
    mine: bool


def saved_views(context: Context, entity: str) -> tuple[SavedView, ...]:
    """The actor's own and the shared ones of an entity, by name."""
    query = select(views).where(
        views.c.entity == entity, or_(views.c.user_id == context.actor.id, views.c.shared.is_(True))
    )
    found = context.session.execute(query.order_by(views.c.name, views.c.id).limit(MAX_VIEWS * 2))
    return tuple(
        SavedView(row.id, row.name, row.query or "", row.shared, row.user_id == context.actor.id)
        for row in found
    )


def keep_view(context: Context, entity: str, name: str, query: str, *, shared: bool) -> None:
    """Keeps a filter; one of mine with the same name is replaced. Raises Denied or Invalid."""
    access.require(context, entity, "read")
    name = " ".join(name.split())
    if not name:
        raise Invalid({"name": "请给筛选起个名字"})
    if len(name) > MAX_NAME:
        raise Invalid({"name": f"名字最多 {MAX_NAME} 个字"})
    if not fits_address(query):
        raise Invalid({"name": "筛选条件太长或不完整，无法保存，请回到列表重新筛选"})
    mine = (views.c.user_id == context.actor.id, views.c.entity == entity)
    values = {"query": query, "shared": shared, "at": context.now}
    again = update(views).where(*mine, views.c.name == name).values(values).returning(views.c.id)
    if context.session.execute(again).first() is not None:
        return
    if context.session.execute(select(func.count()).where(*mine)).scalar_one() >= MAX_VIEWS:
        raise Invalid({"name": f"最多保存 {MAX_VIEWS} 个筛选，请先删去不用的"})
    row = {"user_id": context.actor.id, "entity": entity, "name": name, **values}
    context.session.execute(insert(views).values(row))


def fits_address(query: str) -> bool:
    """Whether this can stand behind a `?`: short enough, and no line break that would begin another header."""
    return len(query) <= MAX_QUERY and query.isprintable()


def drop_view(context: Context, entity: str, view: int) -> None:
    """Takes away a filter of one's own. Raises NotFound for anyone else's."""
    mine = (views.c.id == view, views.c.entity == entity, views.c.user_id == context.actor.id)
    if context.session.execute(delete(views).where(*mine).returning(views.c.id)).first() is None:
        raise NotFound
