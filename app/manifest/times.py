"""Kinds of scalar that tell time: durations, dates, times of day, weekdays, years."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from app.manifest.model.calendars import WEEKDAYS, Segment
from app.manifest.model.values import Duration, Unit
from app.manifest.problems import Findings, fault
from app.manifest.scalars import scalar
from app.manifest.shapes import Kind
from app.manifest.source import TextNode

DURATION = fault("VAL120", "“{word}”不是时长")
ZERO = fault("VAL121", "时长不能是 {word}", "只有“当日办结”可以写成 0 workdays")
UNIT = fault("VAL122", "这里的时长不能用 {word}", "可以用：{units}")
DATE = fault("VAL123", "“{word}”不是日期", "请写成 2026-01-01，并确认有这一天")
DATE_ORDER = fault("VAL124", "{word} 的开始晚于结束", "请把早的日期写在前面")
TIMES = fault("VAL125", "“{word}”不是时段", '请写成 "08:30-12:00"，并加上引号')
EMPTY_TIMES = fault("VAL126", "时段 {word} 的开始和结束相同", '全天请写 "00:00-24:00"')
WEEKDAY = fault("VAL127", "“{word}”不是星期", "请写 mon 到 sun，或 mon-fri 这样的一段")
YEAR = fault("VAL129", "“{word}”不是年份", "请写四位数，例如 2026")

_DURATION = re.compile(r"([0-9]{1,5})(m|h| workdays?| days?)")
_UNITS = {"m": Unit.MINUTES, "h": Unit.HOURS, "workday": Unit.WORKDAYS, "day": Unit.DAYS}
ALL_UNITS = tuple(_UNITS.values())


def parse_duration(written: str) -> Duration | None:
    """`30m`, `4h`, `3 workdays`, `3 days`, zero included; None if it is written in any other way."""
    match = _DURATION.fullmatch(written)
    if match is None:
        return None
    unit = match[2].strip()
    return Duration(int(match[1]), _UNITS[unit if len(unit) == 1 else unit.removesuffix("s")])


def duration(units: tuple[Unit, ...] = ALL_UNITS) -> Kind[Duration]:
    """A duration of one of the units; zero only as `0 workdays`."""

    def read(node: TextNode, found: Findings) -> Duration | None:
        return read_duration(node, found, units)

    return scalar("时长", read, {"type": "string"})


def read_duration(
    node: TextNode, found: Findings, units: tuple[Unit, ...] = ALL_UNITS
) -> Duration | None:
    """Read a duration; wrong spellings are reported with the right one."""
    value = parse_duration(node.text)
    if value is None:
        found.add(DURATION(node.place, word=node.text, hint=duration_hint(node.text)))
    elif value.unit not in units:
        allowed = "、".join(unit.value for unit in units)
        found.add(UNIT(node.place, word=node.text, units=allowed))
    elif value.amount == 0 and value.unit is not Unit.WORKDAYS:
        found.add(ZERO(node.place, word=node.text))
    else:
        return value
    return None


def duration_hint(written: str) -> str:
    """The right spelling of a duration, as far as what was written lets it be told."""
    squeezed = re.sub(r"\s+", "", written.lower())
    if re.fullmatch(r"[0-9.]+h", squeezed) and "." in squeezed:
        minutes = (
            Decimal(squeezed[:-1]) * 60
            if squeezed[:-1].count(".") == 1 and squeezed != ".h"
            else Decimal(0)
        )
        return (
            f"请写成 {int(minutes)}m"
            if minutes == int(minutes) and minutes
            else "请写整数，例如 90m"
        )
    both = re.fullmatch(r"(\d+)h(\d+)m?", squeezed, re.ASCII)
    if both:
        return f"请写成 {int(both[1][:5]) * 60 + int(both[2][:5])}m"
    one = re.fullmatch(r"(\d+)(\D+)", squeezed, re.ASCII)
    spelled = _SPELLINGS.get(one[2]) if one else None
    if one and spelled:
        plural = "" if not spelled.startswith(" ") or int(one[1][:9]) == 1 else "s"
        return f"请写成 {one[1]}{spelled}{plural}"
    if squeezed.isdigit():
        return f"请写上单位：{squeezed}h、{squeezed} workdays 或 {squeezed} days"
    return "请写成 30m、4h、3 workdays（工作日）或 3 days（自然日）"


_SPELLINGS = {
    **dict.fromkeys(
        ("wd", "w", "workday", "workdays", "工作日", "个工作日", "workingdays", "workday(s)"),
        " workday",
    ),
    **dict.fromkeys(("d", "day", "days", "天", "日", "个自然日", "自然日"), " day"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "小时", "个小时"), "h"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分钟", "分"), "m"),
}


def as_date(written: str) -> date | None:
    """`2026-01-01`, if there is that day."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def date_range() -> Kind[tuple[date, date]]:
    """One date, or `first..last`, as the pair of both ends."""

    def read(node: TextNode, found: Findings) -> tuple[date, date] | None:
        first, dots, last = node.text.partition("..")
        begin = as_date(first.strip())
        end = as_date(last.strip()) if dots else begin
        if begin is None or end is None:
            found.add(DATE(node.place, word=node.text))
        elif end < begin:
            found.add(DATE_ORDER(node.place, word=node.text))
        else:
            return begin, end
        return None

    return scalar("日期或一段日期", read, {"type": "string"})


def as_minutes(written: str) -> int | None:
    """Minutes of a time of day `08:30`, up to `24:00`."""
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", written)
    if match is None or int(match[2]) > 59:
        return None
    minutes = int(match[1]) * 60 + int(match[2])
    return minutes if minutes <= 1440 else None


def time_range() -> Kind[Segment]:
    """`08:30-12:00`; an end before the start runs over midnight."""

    def read(node: TextNode, found: Findings) -> Segment | None:
        first, _, last = node.text.partition("-")
        start, end = as_minutes(first.strip()), as_minutes(last.strip())
        if start is None or end is None or start == 1440:
            found.add(TIMES(node.place, word=node.text))
            return None
        if start == end:
            found.add(EMPTY_TIMES(node.place, word=node.text))
            return None
        return Segment(start, end if end > start else end + 1440)

    return scalar("时段", read, {"type": "string"})


def weekdays() -> Kind[str]:
    """`mon`, or a span `mon-fri`, as comma-joined weekday names in order."""

    def read(node: TextNode, found: Findings) -> str | None:
        first, dash, last = node.text.strip().lower().partition("-")
        if first in WEEKDAYS and (not dash or last in WEEKDAYS):
            begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last if dash else first)
            days = [WEEKDAYS[day % 7] for day in range(begin, end + 1 if end >= begin else end + 8)]
            return ",".join(days)
        found.add(WEEKDAY(node.place, word=node.text))
        return None

    names = "|".join(WEEKDAYS)
    return scalar("星期", read, {"type": "string", "pattern": f"^({names})(-({names}))?$"})


def year() -> Kind[str]:
    """A year, as a key of a table."""

    def read(node: TextNode, found: Findings) -> str | None:
        if re.fullmatch(r"(19|2[0-9])[0-9]{2}", node.text):
            return node.text
        found.add(YEAR(node.place, word=node.text))
        return None

    return scalar("年份", read, {"type": "string", "pattern": "^(19|2[0-9])[0-9]{2}$"})
