"""Working time as said in `config/calendars.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.manifest.model.values import Duration
from app.place import Place

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """Minutes from the midnight that begins its day; `end` passes 1440 where it runs over midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Year:
    """The published list of one year: whole days off and make-up workdays."""

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]
    place: Place


@dataclass(frozen=True, slots=True)
class Session:
    """A bookable part of a day. `on` are weekday names, or workdays, weekends, holidays, rest_days."""

    key: str
    label: str
    on: tuple[str, ...]
    at: Segment
    slot: Duration
    capacity: int
    place: Place
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar with everything inherited by `based_on` already written out.

    `week[i]` are the segments of weekday i (Monday 0). `makeup` are the hours of a make-up workday: those of the
    first day named under `week`. `always` marks a calendar open around the clock, where natural time rules.
    Published years: `years`; a date in any other year is counted by `week` alone (provisional) unless `always`
    or the calendar names no years at all.
    """

    key: str
    label: str
    week: tuple[tuple[Segment, ...], ...]
    makeup: tuple[Segment, ...]
    years: Mapping[int, Year]
    sessions: Mapping[str, Session]
    based_on: str | None
    place: Place

    @property
    def always(self) -> bool:
        """Open 24 hours on all seven days, without days off."""
        whole = (Segment(0, 1440),)
        return all(day == whole for day in self.week) and not any(
            y.holidays for y in self.years.values()
        )
