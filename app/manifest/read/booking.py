"""`booking:` of an entity — places in the sessions of a calendar, one row at a time."""

from __future__ import annotations

import re

from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.calendars import Calendar
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Choice, Field, FieldType
from app.manifest.model.traits import Booking
from app.manifest.model.values import Duration, Unit
from app.manifest.problems import Findings, fault
from app.manifest.read.doubt import missing
from app.manifest.read.states import known_state, require_workflow, start_state
from app.manifest.read.system_fields import system_field
from app.manifest.scalars import condition, integer, name, path
from app.manifest.shapes import Key, Kind, Said, Shape, mapping, series
from app.manifest.source import TextNode
from app.manifest.times import duration

WINDOW_FORM = fault("BKG101", "“{word}”不是预约范围", "请写成 1..14 days：1 是明天，14 是十四天后")
WINDOW_ORDER = fault("BKG102", "预约范围 {word} 的开始晚于结束", "请把小的数写在前面")
NOT_A_ROW = fault(
    "BKG103", "{field} 不指向一个实体的行，不能被预约", "请写一个指向本站实体的 ref 字段"
)
NO_SESSIONS = fault("BKG104", "日历 {calendar} 没有时段，不能预约", "请在日历里写 sessions")
OTHER_SESSIONS = fault(
    "BKG105",
    "{path} 不是日历 {calendar} 的时段",
    "请写 choices: calendar.{calendar} 的 choices 字段",
)
NO_FREES = fault(
    "BKG106", "写了 hold 却没有 frees，过时的预约不知道转到哪个状态", "请写 frees，例如 [cancelled]"
)
START_FREES = fault("BKG107", "起点 {state} 不能写在 frees 里，刚约上就不占号了", "请去掉它")
RESERVE_ALONE = fault(
    "BKG108", "写了 reserve 却没有 priority，预留的号谁也约不到", "请写 priority，或去掉 reserve"
)
RESERVE_ALL = fault(
    "BKG109", "预留 {reserve} 个，时段“{session}”每号总共才 {capacity} 个", "请减少 reserve"
)

_WINDOW = re.compile(r"([0-9]{1,3})\.\.([0-9]{1,3}) days?")


def window() -> Kind[tuple[Duration, Duration]]:
    """`1..14 days`."""

    def read(node: TextNode, found: Findings) -> tuple[Duration, Duration] | None:
        match = _WINDOW.fullmatch(node.text)
        if match is None:
            found.add(WINDOW_FORM(node.place, word=node.text))
            return None
        first, last = int(match[1]), int(match[2])
        if first > last:
            found.add(WINDOW_ORDER(node.place, word=node.text))
            return None
        return Duration(first, Unit.DAYS), Duration(last, Unit.DAYS)

    return Kind(
        "预约范围", (TextNode,), read, {"type": "string", "pattern": f"^{_WINDOW.pattern}$"}
    )


OF = Key("of", name(), "被预约的是什么：一个 ref 字段，它指向的行就是被约的", required=True)
CALENDAR = Key("calendar", name(), "时段所在的日历", required=True)
SESSIONS = Key("sessions", path(), "被约的行允许哪些时段：一个 choices 字段的路径")
CAPACITY = Key("capacity", path(), "每号可约几人：一个整数字段的路径；不写则按时段的 capacity")
HOLD = Key(
    "hold",
    duration((Unit.MINUTES, Unit.HOURS, Unit.DAYS)),
    "停在起点多久就作废（自然时间），转到 frees 的第一个状态",
)
WINDOW = Key("window", window(), "可预约哪几天，例如 1..14 days（1 是明天）")
ONE_A_DAY = Key(
    "one_a_day_per", series(name(), at_least=1, once=True), "这些字段都相同的，一天只能约一次"
)
FREES = Key("frees", series(name(), at_least=1, once=True), "哪些状态不占号")
PRIORITY = Key("priority", condition(), "什么条件下可以约预留的号")
RESERVE = Key("reserve", integer(1, 10_000), "每号预留几个")
BOOKING = Shape(
    "预约", (OF, CALENDAR, SESSIONS, CAPACITY, HOLD, WINDOW, ONE_A_DAY, FREES, PRIORITY, RESERVE)
)
KEY = Key("booking", mapping(BOOKING), "预约：约哪一行的哪个时段")


def brings(said: Said, entity: str, link: Linking) -> tuple[Field, ...]:
    """The place that was booked."""
    word = said.get(CALENDAR)
    calendar = link.calendars.get(word.text) if word is not None else None
    sessions = calendar.sessions.values() if calendar is not None else ()
    choices = [Choice(one.key, one.label, one.place, one.retired) for one in sessions]
    return (
        system_field("date", "预约日期", FieldType.DATE, said.place),
        system_field("session", "时段", FieldType.CHOICE, said.place, choices=choices),
        system_field("starts_at", "开始时间", FieldType.DATETIME, said.place),
        system_field("ends_at", "结束时间", FieldType.DATETIME, said.place),
    )


def build(said: Said, entity: Entity, link: Linking) -> Booking | None:
    """The booking, where everything needed could be read."""
    calendar = _calendar(said, link)
    _check_row(said, entity, link)
    _check_paths(said, entity, calendar, link)
    _check_states(said, entity, link)
    _check_reserve(said, calendar, link)
    for word in said.get(ONE_A_DAY, ()):
        link.field(word, entity.key)
    priority, sessions, capacity = said.get(PRIORITY), said.get(SESSIONS), said.get(CAPACITY)
    checked = (
        read_condition(link, priority, entity.key, person=False) if priority is not None else None
    )
    if not said.whole:
        return None
    return Booking(
        of=said.need(OF).text,
        calendar=said.need(CALENDAR).text,
        sessions=sessions.text if sessions is not None else None,
        capacity=capacity.text if capacity is not None else None,
        hold=said.get(HOLD),
        window=said.get(WINDOW),
        one_a_day_per=tuple(word.text for word in said.get(ONE_A_DAY, ())),
        frees=tuple(word.text for word in said.get(FREES, ())),
        priority=checked,
        reserve=said.get(RESERVE, 0),
        place=said.place,
    )


def _calendar(said: Said, link: Linking) -> Calendar | None:
    word = said.get(CALENDAR)
    if word is None or not link.known(Noun.CALENDAR, word):
        return None
    calendar = link.calendars.get(word.text)
    if calendar is not None and not calendar.sessions:
        link.found.add(NO_SESSIONS(word.place, calendar=word.text))
    return calendar


def _check_row(said: Said, entity: Entity, link: Linking) -> None:
    word = said.get(OF)
    field = link.field(word, entity.key) if word is not None else None
    if word is None or field is None:
        return
    if field.type is not FieldType.REF or field.to in BUILT_IN_ENTITIES:
        link.found.add(NOT_A_ROW(word.place, field=word.text))


def _check_paths(said: Said, entity: Entity, calendar: Calendar | None, link: Linking) -> None:
    sessions, capacity = said.get(SESSIONS), said.get(CAPACITY)
    if sessions is not None:
        field = link.path(sessions, entity.key, wanted=(FieldType.CHOICES, FieldType.CHOICE))
        if (
            field is not None
            and calendar is not None
            and field.choices
            and field.calendar != calendar.key
        ):
            link.found.add(
                OTHER_SESSIONS(sessions.place, path=sessions.text, calendar=calendar.key)
            )
    if capacity is not None:
        link.path(capacity, entity.key, wanted=(FieldType.INTEGER,))


def _check_states(said: Said, entity: Entity, link: Linking) -> None:
    frees = said.get(FREES, ())
    if said.has(HOLD) and missing(said, FREES):
        link.found.add(NO_FREES(said.key_place(HOLD)))
    if not frees or not require_workflow(entity.key, "frees", said.key_place(FREES), link):
        return
    start = start_state(entity.key, link)
    for word in frees:
        if known_state(word, entity.key, link) and word.text == start:
            link.found.add(START_FREES(word.place, state=start))


def _check_reserve(said: Said, calendar: Calendar | None, link: Linking) -> None:
    reserve, place = said.get(RESERVE, 0), said.place_of(RESERVE)
    if reserve and missing(said, PRIORITY):
        link.found.add(RESERVE_ALONE(said.key_place(RESERVE)))
    if not reserve or said.has(CAPACITY) or calendar is None:
        return
    small = min(calendar.sessions.values(), key=lambda one: one.capacity, default=None)
    if small is not None and reserve > small.capacity:
        capacity = small.capacity
        link.found.add(RESERVE_ALL(place, reserve=reserve, session=small.label, capacity=capacity))
