"""What a condition knows beside the record: the moment and the person; and how records are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from app.condition.tree import Aggregate, Mine, Moment, Span


@dataclass(frozen=True, slots=True)
class Facts:
    """The moment, and whoever asks. `now` is aware; `zone` is the site's, in which days begin.

    Ids are the database's, keys the manifest's; both are needed, for a condition compares with either. Departments
    are the person's own and all below it. `fields` hold the person's fields as a record would (a ref is an id).
    """

    now: datetime
    zone: tzinfo
    user: int | None = None
    department: int | None = None
    department_key: str | None = None
    departments: frozenset[int] = frozenset()
    department_keys: frozenset[str] = frozenset()
    posts: frozenset[int] = frozenset()
    post_keys: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    fields: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def today(self) -> date:
        """The day it is in the site's zone."""
        return self.now.astimezone(self.zone).date()


class Record(Protocol):
    """One row, as far as a condition looks at it."""

    def value(self, steps: tuple[str, ...]) -> object:
        """The value at the end of a path, None where it or a ref on the way is empty.

        Text, a choice's key → str; numbers → int or Decimal; yes_no → bool; date, aware datetime, time; a duration →
        something with `amount` and `unit`; a ref → its id; refs → ids; choices, lines → texts; files → any collection.
        A ref's own step may be followed by a field of its target, so may refs: then a collection of values.
        """
        ...


class Counting(Protocol):
    """Whoever can look at other records."""

    def gathered(self, aggregate: Aggregate, record: Record, facts: Facts) -> int | Decimal:
        """The number or sum that an aggregate gives for a record."""
        ...


@dataclass(frozen=True, slots=True)
class Interval:
    """All from `start` up to but not with `end`: a day or a year, compared with something finer."""

    start: date | datetime
    end: date | datetime


def moment(node: Moment, facts: Facts) -> date | datetime:
    """The date of `today …`, or the moment (UTC) of `now …`; days and longer are those of the site's zone."""
    if node.base == "today":
        return _shifted(facts.today, node.shift)
    return shifted_now(node.shift, facts)


def shifted_now(shift: Span | None, facts: Facts) -> datetime:
    """Now with a duration added, in UTC: hours are real ones, a day later is the same time of day."""
    if shift is None:
        return facts.now.astimezone(UTC)
    if shift.unit == "minutes":
        return facts.now.astimezone(UTC) + timedelta(minutes=shift.amount)
    if shift.unit == "hours":
        return facts.now.astimezone(UTC) + timedelta(hours=shift.amount)
    local = facts.now.astimezone(facts.zone)
    day = _shifted(local.date(), shift)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def _shifted(day: date, shift: Span | None) -> date:
    """A month or year later is the same day of the month, or the last one if there is none such."""
    if shift is None:
        return day
    if shift.unit == "days":
        return day + timedelta(days=shift.amount)
    months = day.year * 12 + day.month - 1 + shift.amount * (12 if shift.unit == "years" else 1)
    year, month = divmod(months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def day_of(day: date, facts: Facts) -> Interval:
    """A day of the site's zone, in moments."""
    return Interval(_midnight(day, facts), _midnight(day + timedelta(days=1), facts))


def year_of(back: int, facts: Facts, *, moments: bool) -> Interval:
    """This year or one before, in days or moments of the site's zone."""
    year = facts.today.year - back
    first, next_first = date(year, 1, 1), date(year + 1, 1, 1)
    if moments:
        return Interval(_midnight(first, facts), _midnight(next_first, facts))
    return Interval(first, next_first)


def _midnight(day: date, facts: Facts) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=facts.zone).astimezone(UTC)


def mine(node: Mine, facts: Facts) -> object:
    """What `me` or `my.…` stands for, None where empty; several posts, departments or roles are a set."""
    if node.personal:
        return present(facts.fields.get(node.what))
    values: dict[str, object] = {
        "me": facts.user,
        "department": facts.department,
        "departments": facts.departments,
        "post": facts.posts,
        "roles": facts.roles,
    }
    return present(values[node.what])


def my_keys(node: Mine, facts: Facts) -> frozenset[str]:
    """The keys of my department, departments or posts."""
    if node.what == "department":
        return frozenset() if facts.department_key is None else frozenset({facts.department_key})
    return facts.department_keys if node.what == "departments" else facts.post_keys


def present(value: object) -> object:
    """The value, or None for what counts as empty: no text, no elements."""
    if isinstance(value, str | tuple | list | set | frozenset) and not value:
        return None
    return value
