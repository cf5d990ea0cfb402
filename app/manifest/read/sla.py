"""`sla:` of an entity — its clocks: what starts, stops and pauses them, and how long they give."""

from __future__ import annotations

import re

from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.clocks import Clock, Mark, Sla
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.manifest.problems import fault
from app.manifest.read.doubt import missing
from app.manifest.read.pressers import parties_of
from app.manifest.read.screens import child
from app.manifest.read.states import entries, known_state, require_workflow
from app.manifest.read.system_fields import clock_fields, system_field
from app.manifest.read.targets import TARGET, build_target, calendar_of, require_calendar
from app.manifest.scalars import Word, key_name, label, name, phrase
from app.manifest.shapes import (
    Key,
    Named,
    Placed,
    Said,
    Shape,
    Table,
    either,
    mapping,
    placed,
    series,
    table,
)

Marked = Word | tuple[Word, ...]

_MARKED = either(phrase("状态或条件"), series(name(), at_least=1, once=True))
MARK = placed(_MARKED)
LABEL = Key("label", label(), "时钟名称，例如“办结时限”", required=True)
STARTS = Key("starts", MARK, "从何时起算：一个状态、几个状态，或一个条件", required=True)
STOPS = Key("stops", MARK, "到何时停表：一个状态、几个状态，或一个条件", required=True)
PAUSES = Key("pauses", MARK, "何时暂停：一个状态、几个状态，或一个条件")
RESTARTS = Key("restarts", name(), "子记录的实体：每新增一条，时钟重新起算")
TARGET_KEY = Key("target", TARGET, "时限：时长、时长字段的路径，或按条件的几行", required=True)
CLOCK = Shape("时钟", (LABEL, STARTS, STOPS, PAUSES, RESTARTS, TARGET_KEY))
CALENDAR = Key("calendar", name(), "这些时钟用的日历，不写则用站点的默认日历")
CLOCKS = Key(
    "clocks",
    table(mapping(CLOCK), key=key_name()),
    "各个时钟；第一个的截止时间就是 due_at",
    required=True,
)
SLA = Shape("时限", (CALENDAR, CLOCKS))
KEY = Key("sla", mapping(SLA), "时限：各个时钟")

NO_CLOCK = fault("CLK102", "sla 里没有时钟", "请在 clocks 里至少写一个时钟，或去掉 sla")
SAME_STATE = fault(
    "CLK103", "状态 {state} 既是 {one} 又是 {other}", "一个时钟在同一个状态只能做一件事"
)
TAKEN = fault("CLK104", "{key} 已经是{what}的键", "请给时钟换一个键")

_STATE = re.compile(r"[a-z][a-z0-9_]*")


def brings(said: Said, entity: str, link: Linking) -> tuple[Field, ...]:
    """`due_at`, and for each clock when it is due and when it stopped."""
    clocks = said.get(CLOCKS)
    if clocks is None or not clocks.entries:
        return ()
    fields = [system_field("due_at", "截止时间", FieldType.DATETIME, clocks.entries[0].place)]
    for entry in clocks:
        fields += clock_fields(entry.key, entry.value.get(LABEL, entry.key), entry.place)
    return tuple(fields)


def build(said: Said, entity: Entity, link: Linking) -> Sla | None:
    """The clocks that could be read, in their order."""
    calendar = said.get(CALENDAR)
    if calendar is not None:
        link.known(Noun.CALENDAR, calendar)
    elif missing(said, CALENDAR):
        require_calendar(entity.key, said.place, link)
    written = said.get(CLOCKS)
    if written is None:
        return None
    if not written.names:
        link.found.add(NO_CLOCK(written.place))
    _refuse_taken(written, entity, link)
    clocks = {entry.key: _clock(entry, entity, link) for entry in written if entry.value.whole}
    return Sla(calendar_of(entity.key, link) or "", frozen(clocks), said.place)


def clock_keys(entity: str, link: Linking) -> tuple[str, ...]:
    """Every clock of the entity: those of its sla, and one for each transition with `within`."""
    said = link.drafts.entities.get(entity)
    sla = said.values.get("sla") if said is not None else None
    own = sla.get(CLOCKS) if isinstance(sla, Said) else None
    return (*(own.names if own is not None else ()), *step_clocks(entity, link))


def step_clocks(entity: str, link: Linking) -> tuple[str, ...]:
    """The transitions of the entity's workflow that have a time limit of their own."""
    return tuple(
        e.key for e in entries(entity, link, "transitions") or () if "within" in e.value.key_places
    )


def _refuse_taken(written: Table[Said], entity: Entity, link: Linking) -> None:
    """Clocks share their keys with the parties and with the limits of transitions: both have a `due_at`."""
    steps, parties = step_clocks(entity.key, link), parties_of(entity.key, link)
    for entry in written:
        if entry.key in parties:
            link.found.add(TAKEN(entry.place, key=entry.key, what="办理方"))
        elif entry.key in steps:
            link.found.add(TAKEN(entry.place, key=entry.key, what="有 within 的流转"))


def _clock(entry: Named[Said], entity: Entity, link: Linking) -> Clock:
    said = entry.value
    marks = {
        key.name: _mark(said, key, entity, link) for key in (STARTS, STOPS, PAUSES) if said.has(key)
    }
    _refuse_same_states(said, marks, link)
    restarts, target = said.get(RESTARTS), said.need(TARGET_KEY)
    if restarts is not None:
        child(restarts, entity, link)
    return Clock(
        key=entry.key,
        label=said.need(LABEL),
        starts=marks["starts"],
        stops=marks["stops"],
        pauses=marks.get("pauses"),
        restarts=restarts.text if restarts is not None else None,
        target=build_target(target.value, target.place, entity.key, link),
        place=entry.place,
    )


def _mark(said: Said, key: Key[Placed[Marked]], entity: Entity, link: Linking) -> Mark:
    written = said.need(key)
    words, place = written.value, written.place
    if isinstance(words, Word):
        if not _STATE.fullmatch(words.text):
            return Mark((), read_condition(link, words, entity.key, person=False), place)
        words = (words,)
    if require_workflow(entity.key, key.name, said.key_place(key), link):
        for word in words:
            known_state(word, entity.key, link)
    return Mark(tuple(word.text for word in words), None, place)


def _refuse_same_states(said: Said, marks: dict[str, Mark], link: Linking) -> None:
    for one, other in (("starts", "stops"), ("pauses", "stops")):
        both = _common(marks.get(one), marks.get(other))
        if both:
            place = said.places[other]
            link.found.add(SAME_STATE(place, state=both[0], one=one, other=other))


def _common(one: Mark | None, other: Mark | None) -> list[str]:
    return [state for state in one.states if state in other.states] if one and other else []
