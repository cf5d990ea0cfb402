"""Who a log-in is in this site: department, posts and the declared fields of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, and_, insert, select, update
from sqlalchemy.orm import Session

from app.domain.context import Actor
from app.domain.sessions import LiveSession, full_name
from app.manifest.model.fields import FieldType
from app.manifest.model.values import frozen
from app.schema.build import Schema
from app.schema.names import column_name
from app.schema.platform import platform

holder, department = platform.post_holder, platform.department
LISTS = (FieldType.REFS, FieldType.FILES)


@dataclass(frozen=True, slots=True)
class Person:
    """Department and posts by database id; `fields` by key, typed."""

    department: int | None = None
    department_key: str | None = None
    posts: frozenset[int] = frozenset()
    post_keys: frozenset[str] = field(default=frozenset(), compare=False)
    fields: Mapping[str, object] = field(default_factory=lambda: frozen({}))


@dataclass(slots=True)
class DepartmentIds:
    """Database ids of departments by key, read once: they change only with a release, and that is a new site."""

    known: Mapping[str, int] = field(default_factory=dict)

    def of(self, db: Session, keys: frozenset[str]) -> frozenset[int]:
        """The ids of those that the database has."""
        if not keys <= self.known.keys():
            rows = db.execute(select(department.c.key, department.c.id))
            self.known = {row.key: row.id for row in rows}
        return frozenset(self.known[key] for key in keys if key in self.known)


def actor_of(db: Session, schema: Schema, ids: DepartmentIds, live: LiveSession) -> Actor:
    """The actor behind a living session, in one query (and one more in a site's life)."""
    return _actor(db, schema, ids, live.user_id, (live.username, live.name), live.roles)


def actor_of_user(db: Session, schema: Schema, user_id: int) -> Actor:
    """Any person as an actor, signed in or not: for telling what they may do."""
    user, role, held = platform.user, platform.role, platform.user_role
    found = db.execute(select(user).where(user.c.id == user_id)).one()
    names = select(role.c.name).join(held, held.c.role_id == role.c.id)
    roles = frozenset(db.scalars(names.where(held.c.user_id == user_id)))
    name = full_name(found.first_name, found.last_name) or found.username
    return _actor(db, schema, DepartmentIds(), user_id, (found.username, name), roles)


def _actor(
    db: Session,
    schema: Schema,
    ids: DepartmentIds,
    user_id: int,
    names: tuple[str, str],
    roles: frozenset[str],
) -> Actor:
    person = find_person(db, schema, user_id)
    below = (
        schema.manifest.organization.below(person.department_key)
        if person.department_key
        else frozenset()
    )
    return Actor(
        id=user_id,
        username=names[0],
        name=names[1],
        roles=roles,
        department=person.department,
        department_key=person.department_key,
        departments=ids.of(db, frozenset(below)),
        posts=person.posts,
        post_keys=person.post_keys,
        fields=person.fields,
    )


def find_person(db: Session, schema: Schema, user_id: int) -> Person:
    """What the site knows of a person; an empty one where it knows nothing."""
    table, columns = schema.person, _columns(schema)
    query = (
        select(
            table.c.department_id,
            department.c.key.label("department_key"),
            holder.c.post_id,
            platform.post.c.key.label("post_key"),
            *(column.label(f"field_{key}") for key, column in columns.items()),
        )
        .select_from(platform.user)
        .outerjoin(table, table.c.user_id == platform.user.c.id)
        .outerjoin(department, department.c.id == table.c.department_id)
        .outerjoin(holder, and_(holder.c.user_id == platform.user.c.id, holder.c.until.is_(None)))
        .outerjoin(platform.post, platform.post.c.id == holder.c.post_id)
        .where(platform.user.c.id == user_id)
    )
    rows = db.execute(query).mappings().all()
    if not rows:
        return Person()
    return Person(
        department=rows[0]["department_id"],
        department_key=rows[0]["department_key"],
        posts=frozenset(row["post_id"] for row in rows if row["post_id"] is not None),
        post_keys=frozenset(row["post_key"] for row in rows if row["post_key"]),
        fields=frozen({key: rows[0][f"field_{key}"] for key in columns}),
    )


def _columns(schema: Schema) -> Mapping[str, Column[Any]]:
    fields = schema.manifest.organization.person_fields
    return {
        key: schema.person.c[column_name(f)] for key, f in fields.items() if f.type not in LISTS
    }


def save_person(db: Session, schema: Schema, user_id: int, person: Person, now: datetime) -> None:
    """Stores department, posts and fields. Posts that are no longer held get their end; past holders stay."""
    columns = _columns(schema)
    values: dict[str, object] = {
        columns[key].name: value for key, value in person.fields.items() if key in columns
    }
    values["department_id"] = person.department
    table = schema.person
    if db.execute(select(table.c.user_id).where(table.c.user_id == user_id)).first():
        db.execute(update(table).where(table.c.user_id == user_id).values(**values))
    else:
        db.execute(insert(table).values(user_id=user_id, **values))
    present = holder.c.user_id == user_id, holder.c.until.is_(None)
    held = set(db.scalars(select(holder.c.post_id).where(*present)))
    if gone := held - person.posts:
        db.execute(update(holder).where(*present, holder.c.post_id.in_(gone)).values(until=now))
    for post in sorted(person.posts - held):
        db.execute(insert(holder).values(post_id=post, user_id=user_id, since=now))
