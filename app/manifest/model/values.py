"""Small values that stand in many sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def frozen(mapping: Mapping[K, V]) -> Mapping[K, V]:
    """A read-only view over a private copy, in the given order."""
    return MappingProxyType(dict(mapping))


class Unit(StrEnum):
    """Units of a duration. Months and years only after today/now in conditions."""

    MINUTES = "minutes"
    HOURS = "hours"
    WORKDAYS = "workdays"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Duration:
    """One number and one unit: `30m`, `4h`, `3 workdays`, `3 days`."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        match self.unit:
            case Unit.MINUTES:
                return f"{self.amount}m"
            case Unit.HOURS:
                return f"{self.amount}h"
            case _:
                name = self.unit.value
                return f"{self.amount} {name[:-1] if self.amount == 1 else name}"
