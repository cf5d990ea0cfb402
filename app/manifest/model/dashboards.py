"""Figures and charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.condition.tree import Condition
from app.place import Place

FORMS = ("number", "bar", "line", "pie", "ranking", "table")
PERIODS = ("day", "week", "month", "quarter", "year")
COMPARISONS = ("last_period", "last_year")


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that are counted: records, with `party` the work items of that party, or `firings` of escalations."""

    entity: str | None
    party: str | None
    firings: bool
    place: Place

    @property
    def key(self) -> str:
        """As it is written: `ENTITY`, `ENTITY.PARTY` or `firing`."""
        if self.firings:
            return "firing"
        return f"{self.entity}.{self.party}" if self.party else str(self.entity)


class Measure(StrEnum):
    """What is made of the rows."""

    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"
    P90 = "p90"
    SHARE = "share"  # rows that `hit` of those `where`
    RATIO = "ratio"  # sum of `field` over sum of `per`


@dataclass(frozen=True, slots=True)
class Show:
    """`field` for all measures but count and share; `per` is ratio's divisor."""

    measure: Measure
    field: str | None
    per: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `split` are paths; one of `PERIODS` among them cuts `dated` into such spans."""

    key: str
    label: str
    of: Source
    where: Condition | None
    dated: str | None
    show: Show
    hit: Condition | None
    split: tuple[str, ...]
    form: str  # one of FORMS
    period: str | None
    compare: str | None
    help: str
    place: Place


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A board; `roles` empty means whoever may read what it counts."""

    key: str
    label: str
    roles: tuple[str, ...]
    figures: Mapping[str, Figure]
    place: Place
