"""On whose behalf, when, and upon which site a service works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.manifest.model.manifest import Manifest
from app.manifest.model.values import frozen

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.schema.build import Schema


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `system` is the program itself (apply, worker): it passes every gate and is named in history.

    Departments, posts and people are database ids; `roles` are keys of the manifest. `departments` holds the
    actor's own and all below it.
    """

    id: int | None
    username: str
    name: str
    roles: frozenset[str] = frozenset()
    department: int | None = None
    department_key: str | None = None
    departments: frozenset[int] = frozenset()
    posts: frozenset[int] = frozenset()
    post_keys: frozenset[str] = frozenset()
    fields: Mapping[str, object] = field(default_factory=lambda: frozen({}))
    system: bool = False


SYSTEM = Actor(id=None, username="system", name="系统", system=True)
NOBODY = Actor(id=None, username="", name="")


@dataclass(frozen=True, slots=True)
class Context:
    """Given to every service. `now` is aware and comes from here and nowhere else; `release` is the live one."""

    manifest: Manifest
    schema: Schema
    session: Session
    actor: Actor
    now: datetime
    release: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.manifest.site.timezone)

    def as_system(self) -> Context:
        """The same moment and site, on the program's own behalf."""
        return replace(self, actor=SYSTEM)
