"""Clocks: what starts, stops and pauses them, and how long they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.condition.tree import Condition
from app.manifest.model.values import Duration
from app.place import Place


@dataclass(frozen=True, slots=True)
class TargetCase:
    """One row of a target: first match wins; `when` None is `otherwise` (or the only row).

    `within` is a duration, a field path holding one (str), or None for "no deadline".
    """

    when: Condition | None
    within: Duration | str | None
    calendar: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Target:
    cases: tuple[TargetCase, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mark:
    """When a clock starts, stops or pauses: in one of these states, or while a condition holds."""

    states: tuple[str, ...]
    condition: Condition | None
    place: Place


@dataclass(frozen=True, slots=True)
class Clock:
    key: str
    label: str
    starts: Mark
    stops: Mark
    pauses: Mark | None
    restarts: str | None  # child entity, each record of which begins the clock anew
    target: Target
    place: Place


@dataclass(frozen=True, slots=True)
class Sla:
    calendar: str
    clocks: Mapping[str, Clock]
    place: Place
