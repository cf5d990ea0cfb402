"""Notices about calendars that will soon lack a published year."""

from __future__ import annotations

from app.manifest.link import Linking
from app.manifest.problems import fault
from app.manifest.read.calendars import YEARS

UNPUBLISHED = fault(
    "NTC102",
    "日历“{label}”还没有 {year} 年的放假安排，跨入 {year} 年的期限先按每周工作时间暂定",
    "公布后请写进 years，并应用",
)


def notice_unpublished(link: Linking) -> None:
    """From November on for next year, and for this year at any time, where a calendar names years itself."""
    if link.today is None:
        return
    year = link.today.year
    due = (year, year + 1) if link.today.month >= 11 else (year,)
    for entry in link.drafts.calendars or ():
        calendar = link.calendars.get(entry.key)
        if calendar is None or not entry.value.has(YEARS):
            continue
        for missing in due:
            if missing not in calendar.years:
                place = entry.value.key_place(YEARS)
                link.found.notice(UNPUBLISHED(place, label=calendar.label, year=missing))
