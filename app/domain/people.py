"""Who a log-in is: roles, department, posts and the site's own fields of a person, in few statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import null, select, union_all
from sqlalchemy.orm import Session

from app.domain.context import Actor
from app.manifest.model.values import frozen
from app.schema.build import Schema
from app.schema.names import column_name
from app.schema.platform import platform


def load_actor(session: Session, schema: Schema, user_id: int) -> Actor | None:
    """The person as an actor; None for one who doesn't exist or is switched off. Two statements.

    Roles that the live manifest doesn't know give nothing.
    """
    user, person, department = platform.user, schema.person, platform.department
    query = (
        select(user.c.username, user.c.first_name, person, department.c.key.label("department:key"))
        .select_from(
            user.outerjoin(person, person.c.user_id == user.c.id).outerjoin(
                department, department.c.id == person.c.department_id
            )
        )
        .where(user.c.id == user_id, user.c.active.is_(True))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    facts = found._mapping
    roles, posts = _held(session, user_id)
    own = facts["department_id"]
    return Actor(
        id=user_id,
        username=str(facts["username"]),
        name=str(facts["first_name"]) or str(facts["username"]),
        roles=frozenset(roles) & frozenset(schema.manifest.roles),
        department=own,
        department_key=facts["department:key"],
        departments=_below(session, schema, own, facts["department:key"]),
        posts=posts,
        fields=_fields(schema, facts),
    )


def _held(session: Session, user_id: int) -> tuple[Collection[str], frozenset[int]]:
    """Role names and present posts, in one statement."""
    role, held, holder = platform.role, platform.user_role, platform.post_holder
    roles = (
        select(role.c.name, null().label("post"))
        .join(held, held.c.role_id == role.c.id)
        .where(held.c.user_id == user_id)
    )
    posts = select(null(), holder.c.post_id).where(holder.c.user_id == user_id, holder.c.until.is_(None))
    found = session.execute(union_all(roles, posts)).all()
    return [name for name, _ in found if name], frozenset(int(post) for _, post in found if post)


def _below(session: Session, schema: Schema, own: int | None, key: str | None) -> frozenset[int]:
    """The ids of a department and all below it, by the live manifest."""
    if own is None or key is None:
        return frozenset()
    keys = schema.manifest.organization.below(key)
    if keys == {key}:
        return frozenset({own})
    department = platform.department
    return frozenset(session.scalars(select(department.c.id).where(department.c.key.in_(keys))))


def _fields(schema: Schema, facts: Mapping[str, object]) -> Mapping[str, object]:
    fields = schema.manifest.organization.person_fields
    return frozen({key: facts.get(column_name(field)) for key, field in fields.items()})
