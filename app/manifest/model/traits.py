"""Traits of an entity: dispatch, booking, match, rating (workflow and sla have modules of their own)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.condition.tree import Condition
from app.manifest.model.clocks import Sla, Target
from app.manifest.model.values import Duration
from app.manifest.model.workflows import Presser
from app.place import Place

__all__ = ["Booking", "Dispatch", "Match", "Party", "PartyRoute", "Rating", "Sla"]


@dataclass(frozen=True, slots=True)
class PartyRoute:
    """To whom a work item goes: a path to a user, post or department, or a role. `when` None is `otherwise`."""

    when: Condition | None
    path: str | None
    role: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Party:
    """`finish_with_case` names the case's clock that it shares (`case.finish`), else `finish` is its own."""

    key: str
    label: str
    to: tuple[PartyRoute, ...]
    never: tuple[str, ...]
    accept: Target | None
    finish: Target | None
    finish_with_case: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Dispatch:
    on: str
    parties: Mapping[str, Party]
    done_when: str  # all, any, or a party's key
    place: Place


@dataclass(frozen=True, slots=True)
class Booking:
    of: str
    calendar: str
    sessions: str | None  # path to the sessions that the row allows
    capacity: str | None  # path of an integer field, else the session's
    hold: Duration | None
    window: tuple[Duration, Duration] | None
    one_a_day_per: tuple[str, ...]
    frees: tuple[str, ...]
    priority: Condition | None
    reserve: int
    place: Place


@dataclass(frozen=True, slots=True)
class Match:
    to: str
    when: str  # the field of type condition
    place: Place


@dataclass(frozen=True, slots=True)
class Rating:
    on: str
    by: tuple[Presser, ...]
    not_by: tuple[Presser, ...]
    scale: str
    good: tuple[str, ...]
    press: str | None
    confirmed_by: tuple[Presser, ...]
    expires: Duration | None
    place: Place
