"""`config/calendars.yaml`: working hours, holidays, make-up workdays, bookable sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from app.manifest.link import Linking, Noun
from app.manifest.model.calendars import WEEKDAYS, Calendar, Segment, Session, Year
from app.manifest.model.values import frozen
from app.manifest.problems import Findings, fault
from app.manifest.read.sessions import SESSIONS, build_sessions
from app.manifest.scalars import Word, key_name, label, name
from app.manifest.shapes import (
    Key,
    Named,
    Placed,
    Said,
    Shape,
    Table,
    mapping,
    placed,
    series,
    table,
)
from app.manifest.times import date_range, time_range, weekdays, year
from app.place import Place

DATES = series(placed(date_range()))
HOLIDAYS = Key("holidays", DATES, "放假的日子，日期或一段日期，例如 2026-01-01..2026-01-03")
WORKDAYS = Key("workdays", DATES, "调休上班的日子")
YEAR = Shape("年度安排", (HOLIDAYS, WORKDAYS))
LABEL = Key("label", label(), "日历名称", required=True)
BASED_ON = Key("based_on", name(), "沿用另一个日历的工作时间和年度安排")
WEEK = Key(
    "week",
    table(series(placed(time_range())), key=weekdays()),
    '每周的工作时间，例如 mon-fri: ["08:30-12:00", "14:00-17:30"]；调休上班日按写在最前的一天算',
)
YEARS = Key("years", table(mapping(YEAR), key=year()), "各年度公布的放假和调休")
CALENDAR = Shape("日历", (LABEL, BASED_ON, WEEK, YEARS, SESSIONS))
KEY = Key("calendars", table(mapping(CALENDAR), key=key_name()), "工作日历", required=True)

CIRCLE = fault(
    "CAL101", "日历互相沿用，成了一个圈：{circle}", "请让其中一个写自己的 week，去掉 based_on"
)
NO_WEEK = fault(
    "CAL102", "日历没有 week，也没有 based_on", "请写上 week，或用 based_on 沿用另一个日历"
)
NO_WORK = fault(
    "CAL103",
    "日历一周里没有任何工作时间",
    '请在 week 里至少写一个时段；全天候写 mon-sun: ["00:00-24:00"]',
)
DAY_TWICE = fault("CAL104", "{day} 写了两次", "每个星期几只能写在一处")
OVERLAP = fault("CAL105", "时段 {one} 与 {other} 重叠", "请改成不重叠的时段，或合并成一段")
BOTH = fault("CAL106", "{date} 既是假日又是调休上班日", "请只留一处")
OTHER_YEAR = fault("CAL107", "{date} 不在 {year} 年", "请把它写到那一年下面")
DATE_TWICE = fault("CAL108", "{date} 写了两次", "请去掉一处")


@dataclass(frozen=True, slots=True)
class _Own:
    """What a calendar says itself; None where it says nothing and may inherit."""

    entry: Named[Said]
    week: tuple[tuple[Segment, ...], ...] | None
    makeup: tuple[Segment, ...]
    years: Mapping[int, Year]
    sessions: Mapping[str, Session]
    based_on: Word | None


def build(written: Table[Said], link: Linking) -> dict[str, Calendar]:
    """Every calendar with what it inherits written out; those in a circle are left out."""
    own = {entry.key: _read(entry, link.found) for entry in written}
    for calendar in own.values():
        if calendar.based_on is not None:
            link.known(Noun.CALENDAR, calendar.based_on)
    _refuse_circles(own, link.found)
    built = {key: _whole(key, own) for key in own}
    for mine in own.values():
        said = mine.entry.value
        if said.whole and mine.week is not None and not any(mine.week):
            link.found.add(NO_WORK(said.key_place(WEEK)))
    return {key: calendar for key, calendar in built.items() if calendar is not None}


def _read(entry: Named[Said], found: Findings) -> _Own:
    said = entry.value
    based_on = said.get(BASED_ON)
    if not said.has(WEEK) and not said.has(BASED_ON):
        found.add(NO_WEEK(entry.place))
    week: tuple[tuple[Segment, ...], ...] | None = None
    makeup: tuple[Segment, ...] = ()
    written = said.get(WEEK)
    if written is not None:
        week = _week(written, found)
        first = next(iter(written), None)
        makeup = () if first is None else tuple(sorted(s.value for s in first.value))
    years = {int(one.key): _year(one, found) for one in said.get(YEARS) or ()}
    return _Own(entry, week, makeup, years, build_sessions(said.get(SESSIONS), found), based_on)


def _week(
    written: Table[tuple[Placed[Segment], ...]], found: Findings
) -> tuple[tuple[Segment, ...], ...]:
    days: dict[str, tuple[Placed[Segment], ...]] = {}
    for entry in written:
        for day in entry.key.split(","):
            if day in days:
                found.add(DAY_TWICE(entry.place, day=day))
            days.setdefault(day, entry.value)
    _refuse_overlaps(days, found)
    return tuple(tuple(sorted(s.value for s in days.get(day, ()))) for day in WEEKDAYS)


def _refuse_overlaps(days: Mapping[str, tuple[Placed[Segment], ...]], found: Findings) -> None:
    """Segments laid out over the week's minutes; those of Sunday that run over meet Monday's."""
    laid: list[tuple[int, int, Placed[Segment]]] = []
    for number, day in enumerate(WEEKDAYS):
        for segment in days.get(day, ()):
            start = number * 1440 + segment.value.start
            laid.append((start, start + segment.value.end - segment.value.start, segment))
    laid.sort(key=lambda one: one[:2])
    around = [*laid, *((s + 10080, e + 10080, segment) for s, e, segment in laid[:1])]
    told: set[object] = set()
    for before, after in pairwise(around):
        if after[0] < before[1]:
            pair = frozenset((before[2].place, after[2].place))
            if pair not in told:
                told.add(pair)
                last = max(before[2], after[2], key=lambda one: one.place)
                first = min(before[2], after[2], key=lambda one: one.place)
                found.add(OVERLAP(last.place, one=_times(last.value), other=_times(first.value)))


def _times(segment: Segment) -> str:
    def clock(minutes: int) -> str:
        minutes = minutes if minutes <= 1440 else minutes - 1440
        return f"{minutes // 60:02}:{minutes % 60:02}"

    return f"{clock(segment.start)}-{clock(segment.end)}"


def _year(entry: Named[Said], found: Findings) -> Year:
    number = int(entry.key)
    holidays = _dates(entry.value.get(HOLIDAYS, ()), number, found)
    workdays = _dates(entry.value.get(WORKDAYS, ()), number, found)
    for day, place in workdays.items():
        if day in holidays:
            found.add(BOTH(place, date=day))
    return Year(number, frozenset(holidays), frozenset(workdays), entry.place)


def _dates(
    ranges: tuple[Placed[tuple[date, date]], ...], number: int, found: Findings
) -> dict[date, Place]:
    days: dict[date, Place] = {}
    for written in ranges:
        first, last = written.value
        odd = next((day for day in (first, last) if day.year != number), None)
        if odd is not None:
            found.add(OTHER_YEAR(written.place, date=odd, year=number))
            continue
        for offset in range((last - first).days + 1):
            day = first + timedelta(offset)
            if day in days:
                found.add(DATE_TWICE(written.place, date=day))
                break
            days[day] = written.place
    return days


def _refuse_circles(own: Mapping[str, _Own], found: Findings) -> None:
    """Each circle is told once, at the calendar that is written first."""
    told: set[str] = set()
    for key in own:
        chain = [key]
        while (base := own[chain[-1]].based_on) is not None and base.text in own:
            if base.text in chain:
                break
            chain.append(base.text)
        else:
            continue
        circle = chain[chain.index(base.text) :]
        if not told & set(circle):
            place = own[circle[0]].entry.value.place_of(BASED_ON)
            found.add(CIRCLE(place, circle=" → ".join([*circle, circle[0]])))
        told |= set(circle)


def _whole(key: str, own: Mapping[str, _Own]) -> Calendar | None:
    """The calendar with everything inherited; None where its chain of `based_on` never ends."""
    chain: list[_Own] = []
    at: str | None = key
    while at is not None and at in own:
        if own[at] in chain:
            return None
        chain.append(own[at])
        base = own[at].based_on
        at = base.text if base is not None else None
    weekly = next((one for one in chain if one.week is not None), None)
    mine = chain[0]
    return Calendar(
        key=key,
        label=mine.entry.value.get(LABEL, key),
        week=weekly.week if weekly is not None and weekly.week is not None else ((),) * 7,
        makeup=weekly.makeup if weekly is not None else (),
        years=frozen({n: y for one in reversed(chain) for n, y in sorted(one.years.items())}),
        sessions=frozen({k: s for one in reversed(chain) for k, s in one.sessions.items()}),
        based_on=mine.based_on.text if mine.based_on is not None else None,
        place=mine.entry.place,
    )
