"""Calendars for tests, written as an administrator would say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.manifest.field_values import read_duration
from app.manifest.model.calendars import WEEKDAYS, Calendar, Segment, Year
from app.manifest.model.values import Duration
from app.place import Place

SHANGHAI = ZoneInfo("Asia/Shanghai")
HERE = Place("config/calendars.yaml", 1)
OFFICE = ("08:30-12:00", "14:00-17:30")
MAKEUP_2025 = ("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11")
HOLIDAYS_2025 = (
    "2025-01-01", "2025-01-28..2025-02-04", "2025-04-04..2025-04-06", "2025-05-01..2025-05-05",
    "2025-05-31..2025-06-02", "2025-10-01..2025-10-08",
)  # fmt: skip
MAKEUP_2026 = ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
HOLIDAYS_2026 = (
    "2026-01-01..2026-01-03", "2026-02-15..2026-02-23", "2026-04-04..2026-04-06", "2026-05-01..2026-05-05",
    "2026-06-19..2026-06-21", "2026-09-25..2026-09-27", "2026-10-01..2026-10-07",
)  # fmt: skip
OFFICIAL = {2025: (HOLIDAYS_2025, MAKEUP_2025), 2026: (HOLIDAYS_2026, MAKEUP_2026)}


def minutes(text: str) -> int:
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def segment(text: str) -> Segment:
    start, end = (minutes(part) for part in text.split("-"))
    return Segment(start, end if end > start else end + 1440)


def days(spans: Iterable[str]) -> frozenset[date]:
    found: set[date] = set()
    for span in spans:
        first, _, last = span.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return frozenset(found)


def calendar(
    week: Mapping[str, Iterable[str]],
    years: Mapping[int, tuple[Iterable[str], Iterable[str]]] | None = None,
) -> Calendar:
    """`week` by "mon" or "mon-fri"; `years` as (holidays, make-up workdays)."""
    hours: list[tuple[Segment, ...]] = [()] * 7
    makeup: tuple[Segment, ...] | None = None
    for names, texts in week.items():
        first, _, last = names.partition("-")
        segments = tuple(segment(text) for text in texts)
        makeup = segments if makeup is None else makeup
        for n in range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1):
            hours[n] = segments
    published = {
        year: Year(year, days(holidays), days(workdays), HERE)
        for year, (holidays, workdays) in (years or {}).items()
    }
    return Calendar("hours", "工作时间", tuple(hours), makeup or (), published, {}, None, HERE)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def lasting(text: str) -> Duration:
    found = read_duration(text)
    assert found is not None, text
    return found


ALWAYS = calendar({"mon-sun": ["00:00-24:00"]})
OFFICE_HOURS = calendar({"mon-fri": OFFICE}, OFFICIAL)
TEN_TO_SIX = calendar({"mon-fri": ["10:00-18:00"]})
