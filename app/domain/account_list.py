"""Log-ins as those who look after them see them: one, and the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select

from app.domain import people, tries
from app.domain.context import Context
from app.domain.errors import NotFound
from app.domain.people import Person
from app.domain.sessions import full_name
from app.schema.platform import platform

PAGE = 50
# Flask-AppBuilder's column must be filled and unique; a person without an address gets one that can't exist (RFC 2606).
NO_MAIL = "@users.invalid"
user, account, department = platform.user, platform.account, platform.department


@dataclass(frozen=True, slots=True)
class Line:
    """One log-in in the list."""

    id: int
    username: str
    name: str
    department: str
    active: bool
    roles: frozenset[str]
    last_login_at: datetime | None


def list_accounts(context: Context, typed: str, page: int) -> tuple[list[Line], int]:
    """One page of the log-ins whose name or user name holds what was typed, and how many there are in all."""
    person = context.schema.person
    where = []
    if typed.strip():
        like = typed.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        columns = (user.c.username, user.c.first_name, user.c.last_name)
        where.append(or_(*(column.ilike(f"%{like}%", escape="\\") for column in columns)))
    query = (
        select(
            *(user.c[name] for name in ("id", "username", "first_name", "last_name", "active")),
            account.c.last_login_at,
            department.c.label,
        )
        .outerjoin(account, account.c.user_id == user.c.id)
        .outerjoin(person, person.c.user_id == user.c.id)
        .outerjoin(department, department.c.id == person.c.department_id)
        .where(*where)
        .order_by(user.c.username)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    rows = context.session.execute(query).all()
    total = context.session.scalar(select(func.count()).select_from(user).where(*where)) or 0
    roles = _roles(context, [row.id for row in rows])
    lines = [
        Line(
            id=row.id,
            username=row.username,
            name=full_name(row.first_name, row.last_name) or row.username,
            department=row.label or "",
            active=bool(row.active),
            roles=roles.get(row.id, frozenset()),
            last_login_at=row.last_login_at,
        )
        for row in rows
    ]
    return lines, total


def _roles(context: Context, ids: list[int]) -> dict[int, frozenset[str]]:
    held, role = platform.user_role, platform.role
    query = (
        select(held.c.user_id, role.c.name)
        .join(role, role.c.id == held.c.role_id)
        .where(held.c.user_id.in_(ids))
    )
    found: dict[int, frozenset[str]] = {}
    for row in context.session.execute(query):
        found[row.user_id] = found.get(row.user_id, frozenset()) | {row.name}
    return found


@dataclass(frozen=True, slots=True)
class Account:
    """A log-in as an administrator sees it."""

    id: int
    username: str
    name: str
    email: str
    active: bool
    roles: frozenset[str]
    person: Person
    last_login_at: datetime | None
    last_login_from: str
    locked_seconds: int
    must_change_password: bool


def find_account(context: Context, user_id: int) -> Account:
    """One log-in. Raises NotFound. The caller's right to see it is checked by who calls."""
    query = (
        select(user, account)
        .outerjoin(account, account.c.user_id == user.c.id)
        .where(user.c.id == user_id)
    )
    row = context.session.execute(query).first()
    if row is None:
        raise NotFound
    held = platform.user_role
    names = select(platform.role.c.name).join(held, held.c.role_id == platform.role.c.id)
    roles = frozenset(context.session.scalars(names.where(held.c.user_id == user_id)))
    return _account(context, row, roles)


def _account(context: Context, row: Row[Any], roles: frozenset[str]) -> Account:
    return Account(
        id=row.id,
        username=row.username,
        name=full_name(row.first_name, row.last_name) or row.username,
        email="" if row.email.endswith(NO_MAIL) else row.email,
        active=bool(row.active),
        roles=roles,
        person=people.find_person(context.session, context.schema, row.id),
        last_login_at=row.last_login_at,
        last_login_from=row.last_login_from or "",
        locked_seconds=tries.locked_seconds(
            context.session, tries.Subject("person", row.username), context.now
        ),
        must_change_password=bool(row.must_change_password),
    )
