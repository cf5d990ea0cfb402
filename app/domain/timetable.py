"""A calendar laid out on the line of time: every working segment of a span of years, with prefix sums.

Instants are whole microseconds since 1970 in UTC, so segments are as long as they really last, clock changes
included. A layout covers some years; asking beyond it lays out more, never past `LAST_YEAR`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.errors import Refusal
from app.manifest.model.calendars import Calendar, Segment

FIRST_YEAR, LAST_YEAR = 1900, 2999  # the moments that fields may hold
_SECOND = 1_000_000
MINUTE = 60 * _SECOND
DAY = 1440 * MINUTE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = EPOCH.toordinal()
LONGEST_YEAR = 366  # days
_MEAN_YEAR = 365 * DAY + DAY // 4
_MICROSECOND = timedelta(microseconds=1)
_FIRST = (date(FIRST_YEAR, 1, 1).toordinal() - _EPOCH_DAY) * DAY
_LAST = (date(LAST_YEAR, 12, 31).toordinal() + 1 - _EPOCH_DAY) * DAY
_KEPT = 64


class OutOfRange(Refusal):
    """A moment lies, or would come to lie, outside the years that can be counted."""

    id = "out_of_range"

    def __init__(self, calendar: Calendar) -> None:
        super().__init__(
            f"按日历“{calendar.label}”推算的时刻超出了可计算的范围（{FIRST_YEAR} 至 {LAST_YEAR} 年），请核对起点和时限",
            place=calendar.place,
        )


def segments_of(calendar: Calendar, day: date) -> tuple[Segment, ...]:
    """The working segments that begin on this day: its own, a make-up workday's, or none on a holiday."""
    year = calendar.years.get(day.year)
    if year is not None:
        if day in year.workdays:
            return calendar.makeup
        if day in year.holidays:
            return ()
    return calendar.week[day.weekday()]


def instant(moment: datetime) -> int:
    """The aware moment in microseconds since the epoch."""
    since = moment - EPOCH
    return since.days * DAY + since.seconds * _SECOND + since.microseconds


def moment(at: int, zone: ZoneInfo) -> datetime:
    """The instant as an aware moment in the zone."""
    seconds, rest = divmod(at, _SECOND)
    if seconds < 0:  # not every system counts back from 1970
        return (EPOCH + timedelta(microseconds=at)).astimezone(zone)
    found = datetime.fromtimestamp(seconds, zone)
    return found.replace(microsecond=rest) if rest else found


@dataclass(frozen=True, slots=True)
class Timetable:
    """Working segments of the years `first` to `last`, and the working days they belong to, both in order.

    `midnights` has every day from `first_day` (an ordinal, as in `days` and `segment_days`); `worked[i]` is the
    working time before segment i. A day that opens at `opens[j]` closes at `closes[j]`.
    """

    calendar: Calendar
    zone: ZoneInfo
    first: int
    last: int
    begin: int  # instants from here until before `end` have their neighbouring years laid out
    end: int
    first_day: int
    midnights: array[int]
    starts: array[int]
    ends: array[int]
    worked: array[int]
    segment_days: array[int]
    days: array[int]
    opens: array[int]
    closes: array[int]
    published: tuple[tuple[int, int], ...]  # runs of days whose holidays are published

    def provisional(self, first_day: int, last_day: int) -> bool:
        """Whether counting over these days leaned on a year whose holidays aren't published."""
        for first, last in self.published:
            if first <= first_day and last_day <= last:
                return False
        return bool(self.published) and not self.calendar.always

    def provisional_from(self, at: int, last_day: int) -> bool:
        """The same, from the day that an instant belongs to; mostly without looking for that day."""
        for first, last in self.published:
            if last_day <= last and at >= (first + 1 - _EPOCH_DAY) * DAY + DAY:
                return False  # a day and any zone's offset after the run begins, so certainly within it
        return self.provisional(self.day_from(at), last_day)

    def work(self, at: int) -> int:
        """Working time from the beginning of the layout until this instant."""
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return 0
        return self.worked[i] + at - self.starts[i] if at < self.ends[i] else self.worked[i + 1]

    def day_from(self, at: int) -> int:
        """The day that an instant belongs to, looking onwards: its date, or the day whose segment it is in."""
        day = self._date(at)
        j = bisect_right(self.opens, at) - 1
        return self.days[j] if j >= 0 and at < self.closes[j] and self.days[j] < day else day

    def _date(self, at: int) -> int:
        return self.first_day + bisect_right(self.midnights, at) - 1

    def day_until(self, at: int) -> int:
        """The mirror of `day_from`: an instant at which a segment closes still belongs to that segment's day."""
        day = self._date(at)
        j = bisect_left(self.opens, at) - 1
        return self.days[j] if j >= 0 and at <= self.closes[j] and self.days[j] < day else day


def timetable(calendar: Calendar, zone: ZoneInfo, at: int, until: int | None = None) -> Timetable:
    """A layout that holds these instants' years and their neighbours. Raises OutOfRange."""
    until = at if until is None else until
    found = _kept.get((id(calendar), id(zone)))
    if found is not None and found.begin <= at and until < found.end:
        return found
    if at < _FIRST or until >= _LAST:
        raise OutOfRange(calendar)
    # Mean years: near New Year this may name the neighbour, which is laid out as well.
    first, last = 1970 + at // _MEAN_YEAR - 2, 1970 + until // _MEAN_YEAR + 2
    if found is not None:
        first, last = min(first, found.first), max(last, found.last)
    return _keep(lay_out(calendar, zone, max(first, FIRST_YEAR), min(last, LAST_YEAR)))


def extended(table: Timetable, needed: int, *, back: bool = False) -> Timetable:
    """A layout of at least `needed` more years, and at least twice as many. Raises OutOfRange."""
    room = table.first - FIRST_YEAR if back else LAST_YEAR - table.last
    if room <= 0 or needed > room:
        raise OutOfRange(table.calendar)
    grow = min(max(needed, table.last - table.first + 1), room)
    first = table.first - grow if back else table.first
    last = table.last if back else table.last + grow
    return _keep(lay_out(table.calendar, table.zone, first, last))


# By identity: a calendar is frozen, and a kept layout keeps it alive, so an id can't come to mean another one.
_kept: dict[tuple[int, int], Timetable] = {}


def _keep(table: Timetable) -> Timetable:
    while len(_kept) >= _KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[id(table.calendar), id(table.zone)] = table
    return table


def lay_out(calendar: Calendar, zone: ZoneInfo, first: int, last: int) -> Timetable:
    """The layout of these years. Where segments overlap, the later one begins when the earlier one ends."""
    starts, ends, worked, segment_days = array("q"), array("q"), array("q", [0]), array("q")
    days, opens, closes, midnights = array("q"), array("q"), array("q"), array("q")
    until = -(2**63)
    for ordinal, midnight in _midnights(zone, first, last):
        midnights.append(_at(ordinal, 0, midnight, zone))
        for segment in segments_of(calendar, date.fromordinal(ordinal)):
            start = max(_at(ordinal, segment.start, midnight, zone), until)
            end = _at(ordinal, segment.end, midnight, zone)
            if end <= start:
                continue
            until = end
            starts.append(start)
            ends.append(end)
            worked.append(worked[-1] + end - start)
            segment_days.append(ordinal)
            if days and days[-1] == ordinal:
                closes[-1] = end
            else:
                days.append(ordinal)
                opens.append(start)
                closes.append(end)
    begin = _FIRST if first <= FIRST_YEAR else _new_year(first + 1)
    end = _LAST if last >= LAST_YEAR else _new_year(last)
    first_day, runs = date(first, 1, 1).toordinal(), _published(calendar)
    within = (first, last, begin, end, first_day)
    laid = (midnights, starts, ends, worked, segment_days, days, opens, closes)
    return Timetable(calendar, zone, *within, *laid, runs)


def _new_year(year: int) -> int:
    """The instant at which a year begins in UTC; a zone's own is never a day away."""
    return (date(year, 1, 1).toordinal() - _EPOCH_DAY) * DAY


def _midnights(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int | None]]:
    """Every day of the years, with the instant of its midnight; None where clocks change on it or the next day."""
    begin, end = date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()
    here, following = _offset(begin, zone), _offset(begin + 1, zone)
    for day in range(begin, end + 1):
        after = _offset(day + 2, zone)
        steady = here == following == after
        yield day, (day - _EPOCH_DAY) * DAY - here if steady else None
        here, following = following, after


def _offset(day: int, zone: ZoneInfo) -> int:
    offset = datetime.fromordinal(day).replace(tzinfo=zone).utcoffset()
    return 0 if offset is None else offset // _MICROSECOND


def _at(day: int, minute: int, midnight: int | None, zone: ZoneInfo) -> int:
    if midnight is not None:
        return midnight + minute * MINUTE
    local = datetime.fromordinal(day + minute // 1440) + timedelta(minutes=minute % 1440)
    return instant(local.replace(tzinfo=zone))


def _published(calendar: Calendar) -> tuple[tuple[int, int], ...]:
    """Runs of days (ordinals, both ends included) whose holidays are published."""
    runs: list[tuple[int, int]] = []
    for year in sorted(calendar.years):
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        if runs and runs[-1][1] == first - 1:
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return tuple(runs)
