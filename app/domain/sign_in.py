"""Coming in and going out: the same rules for the form and for the API, over all server processes.

Each step is a transaction of its own, and none is open while a password is hashed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain import audit, passwords, sessions, tries
from app.domain.context import Actor
from app.domain.errors import Denied, Invalid, Refusal
from app.domain.passwords import HashingSlots
from app.domain.sessions import Opened, full_name
from app.schema.engine import reading, writing
from app.schema.platform import platform

LONGEST_NAME = 128
user, account = platform.user, platform.account


class WrongLogin(Refusal):
    """The one answer to an unknown name, a wrong password and a disabled person."""

    id = "wrong_login"

    def __init__(self) -> None:
        super().__init__("用户名或密码不正确")


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody calls, and through which door."""

    door: str
    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Doors:
    """What signing in needs: the database, the places for hashing, how many sessions a person may have (0: any)."""

    engine: Engine
    slots: HashingSlots
    sessions_per_person: int = 0


def plain_name(username: str) -> str:
    """A user name as it is stored and compared: `Ｚhang ` is `zhang`."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def sign_in(doors: Doors, username: str, password: str, caller: Caller, now: datetime) -> Opened:
    """Opens a session. Raises WrongLogin, Locked or Busy; every outcome leaves an audit row."""
    name = plain_name(username)
    if (
        not name
        or len(name) > LONGEST_NAME
        or len(password) > passwords.LONGEST
        or "\0" in name + password
    ):
        name, password = name.replace("\0", "")[:LONGEST_NAME], ""
    person, address = tries.Subject("person", name), tries.Subject("address", caller.address)
    with doors.slots.taken():
        with _noting_the_lock(doors, name, caller, now), writing(doors.engine) as db:
            tries.take(db, person, now)
            tries.take(db, address, now)
        with reading(doors.engine) as db:
            found = _find(db, name)
        right = passwords.matches(found.password if found else None, password) and bool(password)
    if found is None or not right or not found.active:
        _note_failure(doors, name, found, caller, now)
        raise WrongLogin
    with writing(doors.engine) as db:
        tries.forget(db, person)
        tries.give_back(db, address)
        return _come_in(db, doors, found, caller, now)


def _find(db: Session, name: str) -> Row[Any] | None:
    return db.execute(select(user).where(user.c.username == name)).first()


def _actor(found: Row[Any]) -> Actor:
    return Actor(found.id, found.username, full_name(found.first_name, found.last_name))


def _come_in(db: Session, doors: Doors, found: Row[Any], caller: Caller, now: datetime) -> Opened:
    known = db.scalar(select(func.count()).where(account.c.user_id == found.id))
    if not known:  # made by other means than ours
        db.execute(insert(account).values(user_id=found.id))
    opened = sessions.open_session(
        db,
        found.id,
        caller.door,
        now,
        address=caller.address,
        agent=caller.agent,
        at_most=doors.sessions_per_person,
    )
    seen = {"last_login_at": now, "last_login_from": caller.address[:64], "failures_since_login": 0}
    db.execute(update(account).where(account.c.user_id == found.id).values(**seen))
    _note(db, _actor(found), caller, now, allowed=True)
    return opened


def _note(
    db: Session,
    actor: Actor,
    caller: Caller,
    now: datetime,
    *,
    allowed: bool,
    **more: object,
) -> None:
    entry = audit.Entry(
        now,
        "login",
        actor,
        allowed=allowed,
        address=caller.address,
        details={"door": caller.door, **more},
    )
    audit.write(db, entry)


def _note_failure(
    doors: Doors, name: str, found: Row[Any] | None, caller: Caller, now: datetime
) -> None:
    actor = _actor(found) if found else Actor(None, name, name)
    with writing(doors.engine) as db:
        if found:
            more = update(account).values(failures_since_login=account.c.failures_since_login + 1)
            db.execute(more.where(account.c.user_id == found.id))
        _note(db, actor, caller, now, allowed=False)
        tries.sweep(db, now)


@contextmanager
def _noting_the_lock(doors: Doors, name: str, caller: Caller, now: datetime) -> Iterator[None]:
    try:
        yield
    except tries.Locked as locked:
        with writing(doors.engine) as db:
            if tries.newly_locked(
                db, locked.subject
            ):  # the log shall not grow with every try at a locked door
                _note(db, Actor(None, name, name), caller, now, allowed=False, locked=True)
        raise


def sign_out(engine: Engine, actor: Actor, session_id: int, address: str, now: datetime) -> None:
    """Ends this session; it can't be used again, wherever its key is."""
    with writing(engine) as db:
        sessions.end_session(db, session_id, now, of=actor.id or 0)
        audit.write(db, audit.Entry(now, "logout", actor, address=address))


def change_password(
    doors: Doors, actor: Actor, present: str, wanted: str, caller: Caller, now: datetime
) -> Opened:
    """Sets one's own password, ends all one's sessions and opens a new one for the caller.

    Raises Denied where the present password is wrong, Locked where that was tried too often, Invalid where the new
    one won't do.
    """
    person = tries.Subject("person", actor.username)
    with doors.slots.taken():
        with (
            _noting_the_lock(doors, actor.username, caller, now),
            writing(doors.engine) as db,
        ):
            tries.take(db, person, now)
        with reading(doors.engine) as db:
            stored = db.scalar(select(user.c.password).where(user.c.id == actor.id))
        if not present or not passwords.matches(stored, present[: passwords.LONGEST + 1]):
            with writing(doors.engine) as db:
                entry = audit.Entry(
                    now, "password_change", actor, allowed=False, address=caller.address
                )
                audit.write(db, entry)
            raise Denied("当前密码不正确")
        fault = passwords.weakness(wanted, actor.username)
        if fault is None and wanted == present:
            fault = passwords.WEAKNESSES["same"]
        hashed = None if fault else passwords.hashed(wanted)
    with writing(doors.engine) as db:
        tries.forget(db, person)
    if hashed is None:
        raise Invalid({"wanted": fault or ""})
    with writing(doors.engine) as db:
        return _set_password(db, doors, actor, hashed, caller, now)


def _set_password(
    db: Session, doors: Doors, actor: Actor, hashed: str, caller: Caller, now: datetime
) -> Opened:
    own = actor.id or 0
    db.execute(update(user).where(user.c.id == own).values(password=hashed))
    changed = update(account).values(must_change_password=False, password_changed_at=now)
    db.execute(changed.where(account.c.user_id == own))
    sessions.end_all(db, own, now)
    opened = sessions.open_session(
        db,
        own,
        caller.door,
        now,
        address=caller.address,
        agent=caller.agent,
        at_most=doors.sessions_per_person,
    )
    audit.write(db, audit.Entry(now, "password_change", actor, address=caller.address))
    return opened
