"""Laws of working time, and agreement with a reference that walks minute by minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain import worktime
from app.manifest.model.calendars import Calendar, Segment, Year
from app.manifest.model.values import Duration, Unit
from tests.domain.calendars import HERE, SHANGHAI

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)
FIRST = datetime(2026, 3, 2, tzinfo=SHANGHAI)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any lawful calendar: up to three segments a day, the last perhaps over midnight, with days off and on."""
    week = tuple(draw(st.lists(day_hours(), min_size=7, max_size=7)))
    makeup = next((hours for hours in week if hours), ())
    assume(makeup)
    dates = st.integers(-20, 60).map(lambda n: (FIRST + timedelta(days=n)).date())
    holidays = draw(st.frozensets(dates, max_size=10))
    workdays = draw(st.frozensets(dates, max_size=6)) - holidays
    years = {2026: Year(2026, holidays, workdays, HERE)} if draw(st.booleans()) else {}
    return Calendar("hours", "工作时间", week, makeup, years, {}, None, HERE)


@st.composite
def day_hours(draw: st.DrawFn) -> tuple[Segment, ...]:
    """Segments after 02:00, so that a night before never meets them; ends at 26:00 at the latest."""
    cuts = sorted(draw(st.sets(st.integers(8, 104), max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return tuple(Segment(start * 15, end * 15) for start, end in pairs if start * 15 < 1440)


moments = st.integers(0, 20 * 1440).map(lambda n: FIRST + n * MINUTE)
amounts = st.integers(1, 3000)
durations = st.one_of(
    st.integers(1, 3000).map(lambda n: Duration(n, Unit.MINUTES)),
    st.integers(1, 50).map(lambda n: Duration(n, Unit.HOURS)),
    st.integers(0, 12).map(lambda n: Duration(n, Unit.WORKDAYS)),
    st.integers(1, 20).map(lambda n: Duration(n, Unit.DAYS)),
)


def add(hours: Calendar, start: datetime, minutes: int) -> datetime:
    return worktime.deadline(hours, SHANGHAI, start, Duration(minutes, Unit.MINUTES)).at


# The reference: which day's business each minute is, found by looking at today's and yesterday's hours.


def owner(hours: Calendar, minute: datetime) -> date | None:
    """The day whose working time the minute that begins here is, if it is any's."""
    today = minute.date()
    for day in (today - timedelta(days=1), today):
        begun = int((minute - datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)) / MINUTE)
        if any(s.start <= begun < s.end for s in hours_of(hours, day)):
            return day
    return None


def hours_of(hours: Calendar, day: date) -> tuple[Segment, ...]:
    year = hours.years.get(day.year)
    if year and day in year.workdays:
        return hours.makeup
    if year and day in year.holidays:
        return ()
    return hours.week[day.weekday()]


def belongs(hours: Calendar, at: datetime) -> date:
    return owner(hours, at) or at.date()


def walk_on(hours: Calendar, start: datetime, target: Duration) -> datetime:
    if target.unit is Unit.DAYS:
        return start + timedelta(days=target.amount)
    if target.unit is Unit.WORKDAYS:
        return close_after(hours, start, target.amount)
    left = target.amount * (60 if target.unit is Unit.HOURS else 1)
    while left:
        left -= owner(hours, start) is not None
        start += MINUTE
    return start


def close_after(hours: Calendar, start: datetime, amount: int) -> datetime:
    day = belongs(hours, start)
    if amount == 0 and any(close(hours, day) > start for _ in hours_of(hours, day)):
        return close(hours, day)
    for _ in range(max(amount, 1)):
        day += timedelta(days=1)
        while not hours_of(hours, day):
            day += timedelta(days=1)
    return close(hours, day)


def close(hours: Calendar, day: date) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return midnight + hours_of(hours, day)[-1].end * MINUTE


def opening(hours: Calendar, day: date) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return midnight + hours_of(hours, day)[0].start * MINUTE


def walk_back(hours: Calendar, due: datetime, duration: Duration) -> datetime:
    if duration.unit is Unit.DAYS:
        return due - timedelta(days=duration.amount)
    if duration.unit is Unit.WORKDAYS:
        day = owner(hours, due - MINUTE) or due.date()
        if duration.amount == 0 and hours_of(hours, day) and opening(hours, day) < due:
            return opening(hours, day)
        for _ in range(max(duration.amount, 1)):
            day -= timedelta(days=1)
            while not hours_of(hours, day):
                day -= timedelta(days=1)
        return opening(hours, day)
    left = duration.amount * (60 if duration.unit is Unit.HOURS else 1)
    while left:
        due -= MINUTE
        left -= owner(hours, due) is not None
    return due


def counted(hours: Calendar, start: datetime, end: datetime) -> int:
    return sum(
        owner(hours, start + n * MINUTE) is not None for n in range(int((end - start) / MINUTE))
    )


@given(calendars(), moments, durations)
@settings(max_examples=120, deadline=None)
def test_a_deadline_is_what_walking_minute_by_minute_finds(hours, start, target):
    assert worktime.deadline(hours, SHANGHAI, start, target).at == walk_on(hours, start, target)


@given(calendars(), moments, durations)
@settings(max_examples=120, deadline=None)
def test_counting_back_is_what_walking_back_finds(hours, due, duration):
    assert worktime.count_back(hours, SHANGHAI, due, duration).at == walk_back(hours, due, duration)


@given(calendars(), moments, st.integers(0, 5000))
@settings(max_examples=80, deadline=None)
def test_elapsed_is_the_number_of_working_minutes(hours, start, minutes):
    end = start + minutes * MINUTE
    assert worktime.elapsed(hours, SHANGHAI, start, end) == counted(hours, start, end) * MINUTE
    assert worktime.elapsed(hours, SHANGHAI, end, start) == -counted(hours, start, end) * MINUTE


@given(calendars(), moments, amounts)
@settings(max_examples=120, deadline=None)
def test_what_was_added_has_elapsed(hours, start, minutes):
    assert worktime.elapsed(hours, SHANGHAI, start, add(hours, start, minutes)) == minutes * MINUTE


@given(calendars(), moments, moments, durations)
@settings(max_examples=120, deadline=None)
def test_who_starts_later_is_never_due_earlier(hours, one, other, target):
    early, late = sorted((one, other))
    due = [worktime.deadline(hours, SHANGHAI, start, target).at for start in (early, late)]
    assert due[0] <= due[1]


@given(calendars(), moments, amounts)
@settings(max_examples=120, deadline=None)
def test_what_is_due_can_be_counted_back(hours, start, minutes):
    target = Duration(minutes, Unit.MINUTES)
    due = worktime.deadline(hours, SHANGHAI, start, target).at
    begun = worktime.count_back(hours, SHANGHAI, due, target).at
    assert start <= begun
    assert worktime.elapsed(hours, SHANGHAI, start, begun) == timedelta(0)
    assert worktime.deadline(hours, SHANGHAI, begun, target).at == due


@given(
    calendars(),
    moments,
    durations,
    st.lists(moments, min_size=2, max_size=6, unique=True),
    st.data(),
)
@settings(max_examples=120, deadline=None)
def test_a_pause_cut_in_two_holds_the_same(hours, start, target, bounds, data):
    ordered = sorted(bounds)
    pauses = list(zip(ordered[::2], ordered[1::2], strict=False))
    begin, end = data.draw(st.sampled_from(pauses))
    cut = begin + data.draw(st.integers(0, int((end - begin) / MINUTE))) * MINUTE
    split = [p for p in pauses if p != (begin, end)] + [(cut, end), (begin, cut)]
    whole = worktime.deadline(hours, SHANGHAI, start, target, pauses)
    assert worktime.deadline(hours, SHANGHAI, start, target, split) == whole


@given(calendars(), moments, amounts, st.lists(moments, min_size=2, max_size=6, unique=True))
@settings(max_examples=120, deadline=None)
def test_whatever_the_pauses_the_time_used_until_the_deadline_is_the_target(
    hours, start, minutes, bounds
):
    ordered = sorted(bounds)
    pauses = list(zip(ordered[::2], ordered[1::2], strict=False))
    due = worktime.deadline(hours, SHANGHAI, start, Duration(minutes, Unit.MINUTES), pauses).at
    assert worktime.used(hours, SHANGHAI, start, due, pauses) == minutes * MINUTE


@given(
    calendars(),
    moments,
    durations,
    st.lists(moments, min_size=2, max_size=4, unique=True),
    st.integers(1, 100),
)
@settings(max_examples=120, deadline=None)
def test_at_a_share_that_share_is_used_and_a_moment_before_it_is_not(
    hours, start, target, bounds, percent
):
    ordered = sorted(bounds)
    pauses = list(zip(ordered[::2], ordered[1::2], strict=False))
    due = worktime.deadline(hours, SHANGHAI, start, target, pauses).at
    reached = worktime.share(hours, SHANGHAI, start, due, percent, pauses, target.unit)
    total = worktime.used(hours, SHANGHAI, start, due, pauses, target.unit)
    part = worktime.used(hours, SHANGHAI, start, reached, pauses, target.unit)
    assert start <= reached <= due
    assert timedelta(0) <= part - total * percent / 100 < timedelta(microseconds=2)
    before = worktime.used(hours, SHANGHAI, start, reached - MINUTE, pauses, target.unit)
    assert before < part or total == timedelta(0) or percent == 100


@given(calendars(), st.integers(0, 3 * 365), st.integers(0, 1439), st.integers(1, 400))
@settings(max_examples=100, deadline=None)
def test_it_does_not_matter_how_much_was_laid_out_before(hours, days, minutes, amount):
    start, target = FIRST - timedelta(days=days) + minutes * MINUTE, Duration(amount, Unit.WORKDAYS)
    fresh = Calendar(**{name: getattr(hours, name) for name in Calendar.__slots__})
    worktime.deadline(fresh, SHANGHAI, FIRST + timedelta(days=4000), target)
    worktime.count_back(fresh, SHANGHAI, FIRST, Duration(3000, Unit.WORKDAYS))
    assert worktime.deadline(fresh, SHANGHAI, start, target) == worktime.deadline(
        hours, SHANGHAI, start, target
    )
