"""Working time: deadlines, counting back, time used and shares of it, as pure functions of a calendar and a zone.

Minutes and hours count at once, within working segments. Workdays don't count the day they start on and end at
the close of business. Days are natural days at the same time of day. On a calendar that is always open, hours
are natural hours. Moments go in and come out aware, the results in the given zone. Nothing is stored: the same
question always has the same answer. Cost is logarithmic in the number of segments (see `timetable`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.timetable import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_YEAR,
    MINUTE,
    OutOfRange,
    Timetable,
    extended,
    instant,
    moment,
    segments_of,
    timetable,
)
from app.manifest.model.calendars import Calendar
from app.manifest.model.values import Duration, Unit

__all__ = [
    "Deadline",
    "OutOfRange",
    "Pause",
    "count_back",
    "day_of",
    "deadline",
    "elapsed",
    "is_workday",
    "segments_of",
    "share",
    "used",
]

Pause = tuple[datetime, datetime]
_MINUTES = {Unit.MINUTES: 1, Unit.HOURS: 60}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A counted moment; `provisional` (暂定) where it leans on a year whose holidays aren't published."""

    at: datetime
    provisional: bool = False


def deadline(
    calendar: Calendar,
    zone: ZoneInfo,
    start: datetime,
    target: Duration,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """When the target, started then, is due.

    Each pause that begins before the deadline so far moves it later by the working time held (natural time for
    `days` and where always open); one that begins after moves nothing. Raises OutOfRange.
    """
    return _replay(
        calendar, zone, start, _count_on(calendar, zone, start, target), target.unit, pauses
    )


def count_back(calendar: Calendar, zone: ZoneInfo, due: datetime, duration: Duration) -> Deadline:
    """The moment that lies this long before `due`: the mirror of counting on.

    Hours that end exactly at an opening end there; workdays don't count the day of `due` and land on the opening
    of the working day reached. Raises OutOfRange.
    """
    if duration.unit is Unit.DAYS:
        return Deadline(_shift_days(calendar, zone, due, -duration.amount))
    table, at = _table(calendar, zone, due)
    if duration.unit is Unit.WORKDAYS:
        return _workdays_back(table, at, duration.amount)
    return _work_back(table, at, _amount(duration))


def elapsed(calendar: Calendar, zone: ZoneInfo, start: datetime, end: datetime) -> timedelta:
    """Working time between two moments, natural time where always open; below zero if `end` comes first."""
    at, to = instant(start), instant(end)
    table = timetable(calendar, zone, min(at, to), max(at, to))
    return timedelta(microseconds=table.work(to) - table.work(at))


def used(
    calendar: Calendar,
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
    pauses: Sequence[Pause] = (),
    unit: Unit = Unit.HOURS,
) -> timedelta:
    """What a clock with a target of this unit has used between two moments, pauses left out."""
    total = _span(calendar, zone, unit, start, end)
    for begin, finish in _in_order(pauses, start):
        if begin < end:
            total -= _span(calendar, zone, unit, begin, min(finish, end))
    return total


def share(
    calendar: Calendar,
    zone: ZoneInfo,
    start: datetime,
    due: datetime,
    percent: int,
    pauses: Sequence[Pause] = (),
    unit: Unit = Unit.HOURS,
) -> datetime:
    """The first moment at which this share of the time from `start` to `due` is used, pauses left out.

    `unit` is that of the clock's target: `days` are shared in natural time. `due` has its pauses counted in.
    """
    if percent == 100:
        return due.astimezone(zone)
    total = used(calendar, zone, start, due, pauses, unit) // timedelta(microseconds=1)
    part = -(-total * percent // 100)
    if unit is Unit.DAYS:
        reached = Deadline(moment(instant(start) + part, zone))
    else:
        reached = _work_on(*_table(calendar, zone, start), part)
    return _replay(calendar, zone, start, reached, unit, pauses).at


def day_of(calendar: Calendar, zone: ZoneInfo, at: datetime) -> date:
    """The day that a moment belongs to: its date, unless it is in a segment over midnight of the day before."""
    table, point = _table(calendar, zone, at)
    return date.fromordinal(table.day_from(point))


def is_workday(calendar: Calendar, day: date) -> bool:
    """Whether any working segment begins on this day."""
    return bool(segments_of(calendar, day))


def _table(calendar: Calendar, zone: ZoneInfo, at: datetime) -> tuple[Timetable, int]:
    if at.tzinfo is None:
        raise ValueError("a moment without a zone can't be placed on a calendar")
    point = instant(at)
    return timetable(calendar, zone, point), point


def _amount(duration: Duration) -> int:
    minutes = _MINUTES.get(duration.unit)
    if minutes is None or duration.amount <= 0:
        raise ValueError(f"{duration} is no amount of working time")
    return duration.amount * minutes * MINUTE


def _count_on(calendar: Calendar, zone: ZoneInfo, start: datetime, target: Duration) -> Deadline:
    if target.unit is Unit.DAYS:
        return Deadline(_shift_days(calendar, zone, start, target.amount))
    table, at = _table(calendar, zone, start)
    if target.unit is Unit.WORKDAYS:
        return _workdays_on(table, at, target.amount)
    return _work_on(table, at, _amount(target))


def _work_on(table: Timetable, at: int, amount: int) -> Deadline:
    """Onwards by working time: the first instant at which it is used up."""
    if amount <= 0:
        return Deadline(moment(at, table.zone))
    goal = table.work(at) + amount
    while goal > table.worked[-1]:
        table = extended(table, (goal - table.worked[-1]) // (LONGEST_YEAR * DAY))
        goal = table.work(at) + amount
    i = bisect_left(table.worked, goal) - 1
    found = moment(table.starts[i] + goal - table.worked[i], table.zone)
    return Deadline(found, table.provisional_from(at, table.segment_days[i]))


def _work_back(table: Timetable, at: int, amount: int) -> Deadline:
    """Back by working time: the last instant from which it takes that long."""
    goal = table.work(at) - amount
    while goal < 0:
        table = extended(table, -goal // (LONGEST_YEAR * DAY), back=True)
        goal = table.work(at) - amount
    i = bisect_right(table.worked, goal) - 1
    found = moment(table.starts[i] + goal - table.worked[i], table.zone)
    return Deadline(found, table.provisional(table.segment_days[i], table.day_until(at)))


def _workdays_on(table: Timetable, at: int, amount: int) -> Deadline:
    """The close of the n-th working day after the day of `at`; for 0, of the first that isn't closed yet."""
    day = table.day_from(at)
    while True:
        j = bisect_right(table.days, day) + amount - 1 if amount else bisect_right(table.closes, at)
        if j < len(table.days):
            break
        table = extended(table, (j - len(table.days)) // LONGEST_YEAR)
    first = day + 1 if amount else day
    return Deadline(moment(table.closes[j], table.zone), table.provisional(first, table.days[j]))


def _workdays_back(table: Timetable, at: int, amount: int) -> Deadline:
    day = table.day_until(at)
    while True:
        j = bisect_left(table.days, day) - amount if amount else bisect_left(table.opens, at) - 1
        if j >= 0:
            break
        table = extended(table, -j // LONGEST_YEAR, back=True)
    last = day - 1 if amount else day
    return Deadline(moment(table.opens[j], table.zone), table.provisional(table.days[j], last))


def _shift_days(calendar: Calendar, zone: ZoneInfo, at: datetime, days: int) -> datetime:
    """Same time of day, so many natural days on."""
    try:
        shifted = at.astimezone(zone) + timedelta(days=days)
    except OverflowError as error:
        raise OutOfRange(calendar) from error
    if not FIRST_YEAR <= shifted.year <= LAST_YEAR:
        raise OutOfRange(calendar)
    return moment(instant(shifted), zone)


def _span(
    calendar: Calendar, zone: ZoneInfo, unit: Unit, start: datetime, end: datetime
) -> timedelta:
    if unit is Unit.DAYS:
        return timedelta(microseconds=instant(end) - instant(start))
    return elapsed(calendar, zone, start, end)


def _in_order(pauses: Sequence[Pause], start: datetime) -> list[Pause]:
    """The pauses after `start`, sorted and cut where they overlap, so that no moment is held twice."""
    cut: list[Pause] = []
    free = start
    for begin, finish in sorted(pauses):
        if finish > max(begin, free):
            cut.append((max(begin, free), finish))
            free = finish
    return cut


def _replay(
    calendar: Calendar,
    zone: ZoneInfo,
    start: datetime,
    due: Deadline,
    unit: Unit,
    pauses: Sequence[Pause],
) -> Deadline:
    for begin, finish in _in_order(pauses, start):
        if begin >= due.at:
            break
        held = _span(calendar, zone, unit, begin, finish)
        if unit is Unit.DAYS:
            due = Deadline(moment(instant(due.at) + held // timedelta(microseconds=1), zone))
        else:
            table, at = _table(calendar, zone, due.at)
            later = _work_on(table, at, held // timedelta(microseconds=1))
            due = Deadline(later.at, due.provisional or later.provisional)
    return due
