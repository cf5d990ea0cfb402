"""Scoring of departments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.condition.tree import Condition
from app.manifest.model.dashboards import Source
from app.manifest.model.values import Duration
from app.place import Place

ASSESSMENT_PERIODS = ("month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Metric:
    """Share of the rows `where` (dated in the period) that `hit`, times `weight`; empty leaves it out.

    `department` is the path from a row to the department that it counts for.
    """

    key: str
    label: str
    weight: Decimal
    of: Source
    where: Condition | None
    dated: str
    hit: Condition
    department: str
    place: Place


@dataclass(frozen=True, slots=True)
class Points:
    """`each` (below zero: a deduction) for every row of `of`; `department` as for a metric."""

    key: str
    label: str
    each: Decimal
    of: Source
    where: Condition | None
    dated: str
    department: str
    place: Place


@dataclass(frozen=True, slots=True)
class GradeCase:
    """First match wins; `when` (over `score`) is None for `otherwise`."""

    when: Condition | None
    grade: str
    place: Place


@dataclass(frozen=True, slots=True)
class Assessment:
    """One score for each department that `score`'s rows point to; frozen `freeze` after the period's end."""

    key: str
    label: str
    score: Source
    period: str
    freeze: Duration | None
    metrics: Mapping[str, Metric]
    points: Mapping[str, Points]
    deductions_cap: Decimal | None
    bonuses_cap: Decimal | None
    grades: tuple[GradeCase, ...]
    place: Place
