"""Kinds of scalar: text stays text (`18:00`, `on`, `0010`), and each place says what it wants of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from app.manifest.model.calendars import WEEKDAYS, Segment
from app.manifest.model.values import Duration, Unit
from app.manifest.problems import Findings, fault, likely
from app.manifest.shapes import Kind
from app.manifest.source import TextNode
from app.place import Place

E = TypeVar("E", bound=StrEnum)

LABEL_LENGTH = 40
TEXT_LENGTH = 2000
KEY_LENGTH = 40

TOO_LONG = fault("VAL110", "文字有 {length} 个字，超过 {limit} 个", "请改短")
SEVERAL_LINES = fault("VAL111", "名称不能换行", "请写在一行里")
KEY_SHAPE = fault("VAL112", "“{key}”不能作键名", "键名用小写英文字母、数字和单个下划线，以字母开头，最多 {limit} 个字；中文请写在 label 里")
NAME_SHAPE = fault("VAL113", "“{word}”不是一个名称", "这里写键名：小写英文字母、数字和下划线")
PATH_SHAPE = fault("VAL114", "“{word}”不是一条路径", "路径形如 category.department，各段是字段的键名")
YES_NO = fault("VAL115", "“{word}”不是 yes 或 no", "请写 yes 或 no")
NUMBER = fault("VAL116", "“{word}”不是整数", "请只写数字，例如 3")
RANGE = fault("VAL117", "{word} 不在 {low} 到 {high} 之间")
DECIMAL = fault("VAL118", "“{word}”不是数字", "请只写数字，例如 12.5")
WORD = fault("VAL119", "这里不能写 {word}")
DURATION = fault("VAL120", "“{word}”不是时长")
ZERO = fault("VAL121", "时长不能是 {word}", "只有“当日办结”可以写成 0 workdays")
UNIT = fault("VAL122", "这里的时长不能用 {word}", "可以用：{units}")
DATE = fault("VAL123", "“{word}”不是日期", "请写成 2026-01-01，并确认有这一天")
DATE_ORDER = fault("VAL124", "{word} 的开始晚于结束", "请把早的日期写在前面")
TIMES = fault("VAL125", "“{word}”不是时段", "请写成 \"08:30-12:00\"，并加上引号")
EMPTY_TIMES = fault("VAL126", "时段 {word} 的开始和结束相同", "全天请写 \"00:00-24:00\"")
WEEKDAY = fault("VAL127", "“{word}”不是星期", "请写 mon 到 sun，或 mon-fri 这样的一段")
YEAR = fault("VAL129", "“{word}”不是年份", "请写四位数，例如 2026")
ICON = fault("VAL130", "“{word}”不是图标名", "图标名用小写英文字母和连字符，例如 bullhorn")

_KEY = re.compile(r"[a-z](_?[a-z0-9])*_?")
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
TEXT_SCHEMA = {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Word:
    """A name, path or condition as written, with its place: what it stands for is found when linking."""

    text: str
    place: Place
    node: TextNode

    def at(self, offset: int) -> Place:
        """The place of a character of the text."""
        return self.node.at(offset)


def _scalar(says: str, read: Callable[[TextNode, Findings], Any], schema: dict[str, Any]) -> Kind[Any]:
    return Kind(says, (TextNode,), read, schema)


def text(limit: int = TEXT_LENGTH) -> Kind[str]:
    """Any text up to `limit` characters."""

    def read(node: TextNode, found: Findings) -> str | None:
        if len(node.text) > limit:
            found.add(TOO_LONG(node.place, length=len(node.text), limit=limit))
            return None
        return node.text

    return _scalar("文字", read, TEXT_SCHEMA)


def label(limit: int = LABEL_LENGTH) -> Kind[str]:
    """A short name on one line."""

    def read(node: TextNode, found: Findings) -> str | None:
        value = node.text.strip()
        if "\n" in value:
            found.add(SEVERAL_LINES(node.place))
        elif len(value) > limit:
            found.add(TOO_LONG(node.place, length=len(value), limit=limit))
        else:
            return value
        return None

    return _scalar("名称", read, TEXT_SCHEMA)


def key_name(limit: int = KEY_LENGTH) -> Kind[str]:
    """A key that the administrator chooses; for `table(…, key=…)`."""

    def read(node: TextNode, found: Findings) -> str | None:
        if _KEY.fullmatch(node.text) and len(node.text) <= limit:
            return node.text
        found.add(KEY_SHAPE(node.place, key=node.text, limit=limit))
        return None

    return _scalar("键名", read, {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})


def name() -> Kind[Word]:
    """The key of something said elsewhere."""

    def read(node: TextNode, found: Findings) -> Word | None:
        if _KEY.fullmatch(node.text):
            return Word(node.text, node.place, node)
        found.add(NAME_SHAPE(node.place, word=node.text))
        return None

    return _scalar("键名", read, {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})


def icon() -> Kind[str]:
    """The name of an icon."""

    def read(node: TextNode, found: Findings) -> str | None:
        if re.fullmatch(r"[a-z][a-z0-9-]{0,39}", node.text):
            return node.text
        found.add(ICON(node.place, word=node.text))
        return None

    return _scalar("图标名", read, {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"})


def path() -> Kind[Word]:
    """Names joined by dots."""

    def read(node: TextNode, found: Findings) -> Word | None:
        if _PATH.fullmatch(node.text):
            return Word(node.text, node.place, node)
        found.add(PATH_SHAPE(node.place, word=node.text))
        return None

    return _scalar("路径", read, {"type": "string"})


def phrase(says: str = "文字") -> Kind[Word]:
    """Text with its place, to be understood later (a condition, `100% - 7h`, `sum amount`)."""

    def read(node: TextNode, found: Findings) -> Word:
        return Word(node.text, node.place, node)

    return _scalar(says, read, TEXT_SCHEMA)


def condition() -> Kind[Word]:
    """A condition: parsed and checked when all entities are known."""
    return phrase("条件")


def yes_no() -> Kind[bool]:
    """`yes` or `no`."""

    def read(node: TextNode, found: Findings) -> bool | None:
        if node.text in ("yes", "no"):
            return node.text == "yes"
        found.add(YES_NO(node.place, word=node.text))
        return None

    return _scalar("yes 或 no", read, {"enum": ["yes", "no"]})


def integer(low: int = 0, high: int = 1_000_000) -> Kind[int]:
    """A whole number between `low` and `high`."""

    def read(node: TextNode, found: Findings) -> int | None:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", node.text):
            found.add(NUMBER(node.place, word=node.text))
            return None
        value = int(node.text)
        if not low <= value <= high:
            found.add(RANGE(node.place, word=node.text, low=low, high=high))
            return None
        return value

    return _scalar("整数", read, {"type": ["integer", "string"]})


def decimal() -> Kind[Decimal]:
    """An exact number, sign allowed."""

    def read(node: TextNode, found: Findings) -> Decimal | None:
        if re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?", node.text):
            return Decimal(node.text)
        found.add(DECIMAL(node.place, word=node.text))
        return None

    return _scalar("数字", read, {"type": ["number", "string"]})


def word(*allowed: str) -> Kind[str]:
    """One of a closed list of words."""

    def read(node: TextNode, found: Findings) -> str | None:
        if node.text in allowed:
            return node.text
        found.add(WORD(node.place, word=node.text, hint=likely(node.text, allowed)))
        return None

    spelled = [*(int(one) for one in allowed if one.isdigit()), *allowed]
    return _scalar(" / ".join(allowed), read, {"enum": spelled})


def member(words: type[E]) -> Kind[E]:
    """One member of an enumeration, spelled by its value."""

    def read(node: TextNode, found: Findings) -> E | None:
        try:
            return words(node.text)
        except ValueError:
            found.add(WORD(node.place, word=node.text, hint=likely(node.text, [w.value for w in words])))
            return None

    return _scalar("可选的词", read, {"enum": [w.value for w in words]})


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

    return _scalar("时长", read, {"type": "string"})


def read_duration(node: TextNode, found: Findings, units: tuple[Unit, ...] = ALL_UNITS) -> Duration | None:
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
        minutes = Decimal(squeezed[:-1]) * 60 if squeezed[:-1].count(".") == 1 and squeezed != ".h" else Decimal(0)
        return f"请写成 {int(minutes)}m" if minutes == int(minutes) and minutes else "请写整数，例如 90m"
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
    **dict.fromkeys(("wd", "w", "workday", "workdays", "工作日", "个工作日", "workingdays", "workday(s)"), " workday"),
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

    return _scalar("日期或一段日期", read, {"type": "string"})


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

    return _scalar("时段", read, {"type": "string"})


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
    return _scalar("星期", read, {"type": "string", "pattern": f"^({names})(-({names}))?$"})


def year() -> Kind[str]:
    """A year, as a key of a table."""

    def read(node: TextNode, found: Findings) -> str | None:
        if re.fullmatch(r"(19|2[0-9])[0-9]{2}", node.text):
            return node.text
        found.add(YEAR(node.place, word=node.text))
        return None

    return _scalar("年份", read, {"type": "string", "pattern": "^(19|2[0-9])[0-9]{2}$"})
