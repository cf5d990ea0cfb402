"""Who is calling, on which site, when: what every view asks before it does anything.

from app.screens.visits import current, public, saving

current()          the visit of this request: `.context` (to read), `.actor`, `.live`, `.signed_in`
saving()           `with saving() as context:` one writing transaction, committed at its end
@public            the view may be seen without signing in; every other view asks for that first
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from flask import current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session

from app.domain.context import NOBODY, Actor, Context
from app.domain.people import DepartmentIds
from app.domain.sessions import LiveSession
from app.domain.sign_in import Caller, Doors
from app.manifest.model.manifest import Manifest
from app.schema.build import Schema
from app.schema.engine import begin_writing
from app.settings import Settings

EXTENSION = "budayang"
V = TypeVar("V", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Shell:
    """What the screens of one site stand on. One for each built site, immutable but for what it remembers."""

    manifest: Manifest
    schema: Schema
    engine: Engine
    settings: Settings
    release: int
    sessions: scoped_session[Session]
    doors: Doors
    departments: DepartmentIds = field(default_factory=DepartmentIds)
    notice: Callable[[], str] = lambda: ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.manifest.site.timezone)

    def now(self) -> datetime:
        """The site's time."""
        return self.settings.now(self.zone)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request's caller. `live` is None, and the actor NOBODY, where nobody is signed in."""

    context: Context
    live: LiveSession | None
    bearer: bool = False

    @property
    def actor(self) -> Actor:
        return self.context.actor

    @property
    def signed_in(self) -> bool:
        return self.live is not None


def shell() -> Shell:
    """What the current site's screens stand on."""
    return cast(Shell, current_app.extensions[EXTENSION])


def current() -> Visit:
    """The visit of this request. It is recognized once, before any view runs."""
    return cast(Visit, g.visit)


@contextmanager
def saving() -> Iterator[Context]:
    """The caller's context in one writing transaction: committed at the end, taken back by an exception."""
    context = current().context
    begin_writing(context.session)
    try:
        yield context
        context.session.commit()
    except BaseException:
        context.session.rollback()
        raise


def public(view: V) -> V:
    """Marks a view that may be seen without signing in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_public(view: object) -> bool:
    return bool(getattr(view, "is_public", False))


def takes_files(view: V) -> V:
    """Marks a view whose form may bring files: as much as an upload may hold is let through."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def caller(door: str) -> Caller:
    """From where this request comes; its address is believed only as far as the proxies are."""
    return Caller(door, request.remote_addr or "", request.user_agent.string[:256])


def anonymous(home: Shell, db: Session) -> Context:
    """A context on nobody's behalf."""
    return Context(home.manifest, home.schema, db, NOBODY, home.now(), home.release)
