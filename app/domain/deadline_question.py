"""One question to the calendar: when is this due, or when is so long before it. For the command and the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain import worktime
from app.domain.errors import Invalid
from app.manifest.field_values import ValueProblem, read_text
from app.manifest.model.calendars import Calendar
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import Duration, Unit
from app.manifest.problems import likely, shown
from app.manifest.times import duration_hint, parse_duration
from app.place import Place

_MOMENT = Field("moment", "时刻", FieldType.DATETIME, Place("", 1))
_MIDNIGHT = re.compile(r"(.+[ T])24:00(?::00)?")
_BACK = re.compile(r"(?:100%\s*)?-\s*(.+)")


@dataclass(frozen=True, slots=True)
class Question:
    """`duration` None asks for no deadline; with `back`, it is counted back from `moment`."""

    calendar: Calendar
    moment: datetime
    duration: Duration | None
    back: bool = False
    pauses: tuple[worktime.Pause, ...] = ()


def read_question(
    asked: Mapping[str, object], calendars: Mapping[str, Calendar], zone: ZoneInfo
) -> Question:
    """`calendar start target pauses`, or `calendar due back`, as texts. Raises Invalid with the key at fault."""
    calendar = _calendar(_text(asked, "calendar"), calendars)
    back = "due" in asked or "back" in asked
    mine = {"calendar", "due", "back"} if back else {"calendar", "start", "target", "pauses"}
    if back and not asked.get("pauses"):
        mine.add("pauses")
    for key in asked:
        if key not in mine:
            raise Invalid({str(key): f"不认识 {shown(str(key))}，{likely(str(key), sorted(mine))}"})
    if back:
        written = _text(asked, "back")
        short = _BACK.fullmatch(written)
        duration = _duration("back", short[1] if short else written)
        return Question(calendar, _moment("due", _text(asked, "due"), zone), duration, back=True)
    start = _moment("start", _text(asked, "start"), zone)
    if "target" not in asked:
        raise Invalid({"target": "缺少 target；没有时限的写 null"})
    target = (
        None if asked.get("target") in (None, "") else _duration("target", _text(asked, "target"))
    )
    return Question(calendar, start, target, pauses=_pauses(asked.get("pauses"), zone))


def answer(question: Question, zone: ZoneInfo) -> worktime.Deadline | None:
    """The moment; None where there is no limit. Raises OutOfRange."""
    if question.duration is None:
        return None
    if question.back:
        return worktime.count_back(question.calendar, zone, question.moment, question.duration)
    return worktime.deadline(
        question.calendar, zone, question.moment, question.duration, question.pauses
    )


def written_answer(found: worktime.Deadline | None) -> str:
    """`2026-03-10 12:00`, with ` provisional` behind it where it is; `none` where there is no deadline."""
    if found is None:
        return "none"
    form = "%Y-%m-%d %H:%M:%S" if found.at.second else "%Y-%m-%d %H:%M"
    return found.at.strftime(form) + (" provisional" if found.provisional else "")


def _text(asked: Mapping[str, object], key: str) -> str:
    value = asked.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Invalid({key: f"缺少 {key}" if key not in asked else f"{key} 要写成一段文字"})
    return value.strip()


def _calendar(key: str, calendars: Mapping[str, Calendar]) -> Calendar:
    found = calendars.get(key)
    if found is None:
        hint = likely(key, calendars)
        raise Invalid({"calendar": f"没有 {shown(key)} 这个日历" + (f"，{hint}" if hint else "")})
    return found


def _moment(key: str, written: str, zone: ZoneInfo) -> datetime:
    midnight = _MIDNIGHT.fullmatch(written)
    try:
        found = read_text(_MOMENT, f"{midnight[1]}00:00" if midnight else written, zone)
    except ValueProblem as problem:
        raise Invalid({key: str(problem)}) from problem
    if not isinstance(found, datetime):
        raise Invalid({key: f"缺少 {key}"})
    local = found.astimezone(zone)
    return local + timedelta(days=1) if midnight else local


def _duration(key: str, written: str) -> Duration:
    found = parse_duration(written)
    if found is None:
        raise Invalid({key: f"“{shown(written)}”不是时长，{duration_hint(written)}"})
    if found.amount == 0 and found.unit is not Unit.WORKDAYS:
        raise Invalid({key: f"时长不能是 {found}，只有“当日办结”可以写成 0 workdays"})
    return found


def _pauses(written: object, zone: ZoneInfo) -> tuple[worktime.Pause, ...]:
    if written is None:
        return ()
    wrong = Invalid(
        {"pauses": 'pauses 要写成 [[从, 到], …]，例如 [["2026-03-02 09:00", "2026-03-02 11:00"]]'}
    )
    if not isinstance(written, list):
        raise wrong
    pauses = []
    for pair in written:
        if (
            not isinstance(pair, list)
            or len(pair) != 2
            or not all(isinstance(one, str) for one in pair)
        ):
            raise wrong
        begin, end = (_moment("pauses", one, zone) for one in pair)
        if end < begin:
            raise Invalid({"pauses": f"暂停的开始 {shown(pair[0])} 晚于结束 {shown(pair[1])}"})
        pauses.append((begin, end))
    return tuple(pauses)
