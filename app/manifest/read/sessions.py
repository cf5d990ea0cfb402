"""Sessions of a calendar: the parts of a day that can be booked."""

from __future__ import annotations

from app.manifest.model.calendars import WEEKDAYS, Session
from app.manifest.model.values import Duration, Unit
from app.manifest.problems import Findings, fault
from app.manifest.scalars import integer, key_name, label, word, yes_no
from app.manifest.shapes import Key, Named, Said, Shape, Table, mapping, one_or_many, table
from app.manifest.times import duration, time_range

LABEL = Key("label", label(), "时段名称", required=True)
ON = Key(
    "on",
    one_or_many(word("workdays", "weekends", "holidays", "rest_days", *WEEKDAYS)),
    "哪些日子开放：workdays 工作日，weekends 周末，holidays 法定节假日，rest_days 两者，或 mon 到 sun",
    required=True,
)
AT = Key("at", time_range(), '起止时间，例如 "12:00-14:00"', required=True)
SLOT = Key("slot", duration((Unit.MINUTES, Unit.HOURS)), "每个号的时长，例如 30m", required=True)
CAPACITY = Key("capacity", integer(1, 10_000), "每个号可约几人", required=True)
RETIRED = Key("retired", yes_no(), "是否停用：已约的保留，不再开放")
SESSION = Shape("时段", (LABEL, ON, AT, SLOT, CAPACITY, RETIRED))
SESSIONS = Key("sessions", table(mapping(SESSION), key=key_name()), "可预约的时段")

SLOT_TOO_LONG = fault(
    "CAL109", "时段“{label}”只有 {length} 分钟，放不下一个 {slot} 的号", "请缩短 slot，或加长 at"
)


def build_sessions(written: Table[Said] | None, found: Findings) -> dict[str, Session]:
    """The sessions that could be read in full."""
    entries = [entry for entry in written or () if entry.value.whole]
    return {entry.key: _session(entry, found) for entry in entries}


def _session(entry: Named[Said], found: Findings) -> Session:
    said = entry.value
    session = Session(
        key=entry.key,
        label=said.need(LABEL),
        on=said.need(ON),
        at=said.need(AT),
        slot=said.need(SLOT),
        capacity=said.need(CAPACITY),
        place=entry.place,
        retired=said.get(RETIRED, otherwise=False),
    )
    length = session.at.end - session.at.start
    if _minutes(session.slot) > length:
        slot_place = said.place_of(SLOT)
        found.add(SLOT_TOO_LONG(slot_place, label=session.label, length=length, slot=session.slot))
    return session


def _minutes(slot: Duration) -> int:
    return slot.amount * (60 if slot.unit is Unit.HOURS else 1)
