"""Sessions: one log-in through one door, kept in the database so that it can be ended from there.

A cookie or token carries a random key; the database keeps its hash. A session lives while it was seen within half
an hour, began within eight hours, wasn't ended, its person is active, and their `epoch` is still what it was then.
Changing a password, a role or the person's standing raises the epoch, and with it ends every session of theirs.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.orm import Session

from app.schema.platform import platform

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
# `seen_at` is written at most this often: a page that is only read should write nothing.
SEEN_AGAIN = timedelta(minutes=1)
FORM, API = "form", "api"

user, account, session = platform.user, platform.account, platform.session


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: the key is told to its owner and to nobody else."""

    id: int
    user_id: int
    key: str


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session that still lives, and whose it is."""

    id: int
    user_id: int
    username: str
    name: str
    roles: frozenset[str]
    door: str
    began_at: datetime
    seen_at: datetime
    must_change_password: bool
    locale: str | None
    theme: str | None
    density: str | None


def full_name(first: str, last: str) -> str:
    """张三 where it is written in Chinese characters, Jane Doe elsewhere."""
    if any("\u3400" <= character <= "\U0003ffff" for character in first + last):
        return f"{last}{first}".strip()
    return f"{first} {last}".strip()


def open_session(
    db: Session,
    user_id: int,
    door: str,
    now: datetime,
    *,
    address: str,
    agent: str,
    at_most: int,
) -> Opened:
    """Begins a session. With `at_most` (0: no limit) the oldest ones of the person end to make room."""
    key = secrets.token_urlsafe(32)
    epoch = db.scalar(select(account.c.epoch).where(account.c.user_id == user_id))
    row = insert(session).values(
        key_hash=_hash(key),
        user_id=user_id,
        epoch=epoch,
        door=door,
        began_at=now,
        seen_at=now,
        address=address[:64],
        agent=agent[:256],
    )
    opened = db.execute(row.returning(session.c.id)).scalar_one()
    if at_most:
        newest = select(session.c.id).where(
            session.c.user_id == user_id, session.c.ended_at.is_(None)
        )
        kept = db.scalars(newest.order_by(session.c.id.desc()).limit(at_most)).all()
        older = (
            session.c.user_id == user_id,
            session.c.ended_at.is_(None),
            session.c.id.not_in(kept),
        )
        db.execute(update(session).values(ended_at=now).where(*older))
    return Opened(opened, user_id, key)


def find_session(db: Session, key: str, now: datetime) -> LiveSession | None:
    """The living session with this key, in one query."""
    query = (
        select(
            *(session.c[name] for name in ("id", "door", "began_at", "seen_at", "user_id")),
            *(user.c[name] for name in ("username", "first_name", "last_name")),
            *(account.c[name] for name in ("must_change_password", "locale", "theme", "density")),
            platform.role.c.name.label("role"),
        )
        .join(user, user.c.id == session.c.user_id)
        .join(account, account.c.user_id == session.c.user_id)
        .outerjoin(platform.user_role, platform.user_role.c.user_id == user.c.id)
        .outerjoin(platform.role, platform.role.c.id == platform.user_role.c.role_id)
        .where(session.c.key_hash == _hash(key), *_living(now))
    )
    rows = db.execute(query).all()
    if not rows:
        return None
    row = rows[0]
    return LiveSession(
        id=row.id,
        user_id=row.user_id,
        username=row.username,
        name=full_name(row.first_name, row.last_name) or row.username,
        roles=frozenset(each.role for each in rows if each.role),
        door=row.door,
        began_at=row.began_at,
        seen_at=row.seen_at,
        must_change_password=row.must_change_password,
        locale=row.locale,
        theme=row.theme,
        density=row.density,
    )


def _living(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        session.c.ended_at.is_(None),
        session.c.epoch == account.c.epoch,
        session.c.seen_at > now - IDLE,
        session.c.began_at > now - ABSOLUTE,
        user.c.active.is_(True),
    )


def see(db: Session, found: LiveSession, now: datetime) -> None:
    """Notes that the session is in use."""
    db.execute(update(session).where(session.c.id == found.id).values(seen_at=now))


def unseen(found: LiveSession, now: datetime) -> bool:
    """Whether it is time to `see` the session again."""
    return now - found.seen_at >= SEEN_AGAIN


def end_session(db: Session, session_id: int, now: datetime, *, of: int) -> bool:
    """Ends one session of the person `of`; whether there was one to end."""
    mine = session.c.id == session_id, session.c.user_id == of, session.c.ended_at.is_(None)
    ended = update(session).where(*mine).values(ended_at=now).returning(session.c.id)
    return db.execute(ended).first() is not None


def end_all(db: Session, user_id: int, now: datetime) -> None:
    """Ends every session of a person, those included that are just being opened elsewhere."""
    raised = update(account).values(epoch=account.c.epoch + 1)
    db.execute(raised.where(account.c.user_id == user_id))
    theirs = session.c.user_id == user_id, session.c.ended_at.is_(None)
    db.execute(update(session).where(*theirs).values(ended_at=now))


def living_sessions(db: Session, user_id: int, now: datetime) -> Sequence[Row[Any]]:
    """A person's living sessions, newest first: id, door, began_at, seen_at, address, agent."""
    columns = (
        session.c[name] for name in ("id", "door", "began_at", "seen_at", "address", "agent")
    )
    query = select(*columns).join(account, account.c.user_id == session.c.user_id)
    query = query.join(user, user.c.id == session.c.user_id).where(session.c.user_id == user_id)
    return db.execute(query.where(*_living(now)).order_by(session.c.id.desc())).all()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
