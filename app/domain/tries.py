"""How often a log-in may be tried: counted in the database, so for every worker and both doors alike.

A try is taken before the password is looked at and given back when it was right. Trying many at once gains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.schema.platform import platform

LOCKED_FOR = timedelta(minutes=15)
login_try = platform.login_try
# An office shares one address, so it gets more tries than one person.
LIMITS: Mapping[str, int] = {"person": 5, "address": 50}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose tries are counted: a person by user name, or an address."""

    kind: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.name}"[:160]


class Locked(Refusal):
    """Too many wrong tries. Says the same whether or not there is such a person."""

    id = "locked"

    def __init__(self, subject: Subject, seconds: int) -> None:
        super().__init__(
            f"登录失败次数过多，请 {ceil(seconds / 60)} 分钟后再试，或请管理员解除锁定"
        )
        self.subject = subject
        self.seconds = seconds


def take(session: Session, subject: Subject, now: datetime) -> None:
    """Takes a try. Raises Locked when there is none left."""
    limit, forgotten = LIMITS[subject.kind], login_try.c.last_at <= now - LOCKED_FOR
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(login_try).values(subject=subject.key, tries=1, last_at=now)
    taken = statement.on_conflict_do_update(
        index_elements=[login_try.c.subject],
        set_={"tries": case((forgotten, 1), else_=login_try.c.tries + 1), "last_at": now},
        where=or_(forgotten, login_try.c.tries < limit),
    ).returning(login_try.c.tries)
    if session.execute(taken).first() is None:
        raise Locked(subject, locked_seconds(session, subject, now))


def give_back(session: Session, subject: Subject) -> None:
    """The try was a right one."""
    fewer = update(login_try).values(tries=login_try.c.tries - 1)
    session.execute(fewer.where(login_try.c.subject == subject.key, login_try.c.tries > 0))


def forget(session: Session, subject: Subject) -> None:
    """All tries are forgotten: after a log-in, or when an administrator lifts the lock."""
    session.execute(delete(login_try).where(login_try.c.subject == subject.key))


def locked_seconds(session: Session, subject: Subject, now: datetime) -> int:
    """How long nobody can log in; 0 where one can."""
    row = session.execute(select(login_try).where(login_try.c.subject == subject.key)).first()
    if row is None or row.tries < LIMITS[subject.kind]:
        return 0
    left: float = (row.last_at + LOCKED_FOR - now).total_seconds()
    return max(0, ceil(left))


def newly_locked(session: Session, subject: Subject) -> bool:
    """Whether this is the first refusal since the tries ran out; the next call says no."""
    limit = LIMITS[subject.kind]
    marked = update(login_try).where(login_try.c.subject == subject.key, login_try.c.tries == limit)
    found = session.execute(marked.values(tries=limit + 1).returning(login_try.c.tries))
    return found.first() is not None


def sweep(session: Session, now: datetime) -> None:
    """Takes out tries that no longer count."""
    session.execute(delete(login_try).where(login_try.c.last_at <= now - LOCKED_FOR))
