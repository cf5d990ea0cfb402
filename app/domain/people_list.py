"""The list of log-ins, for those who look after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from app.domain.context import Context
from app.domain.sessions import full_name
from app.schema.platform import platform

PAGE = 50
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
