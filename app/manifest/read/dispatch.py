"""`dispatch:` of an entity — to whom its work goes, each party with limits of its own."""

from __future__ import annotations

import re

from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.clocks import Target
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field, FieldType
from app.manifest.model.traits import Dispatch, Party, PartyRoute
from app.manifest.model.values import frozen
from app.manifest.problems import fault, likely
from app.manifest.read.doubt import refused
from app.manifest.read.parties import party_fields
from app.manifest.read.rows import WHEN, check_order, row
from app.manifest.read.sla import clock_keys
from app.manifest.read.states import final_states, known_state, require_workflow
from app.manifest.read.targets import TARGET, Written, build_target, require_calendar
from app.manifest.scalars import Word, key_name, label, name, path
from app.manifest.shapes import (
    Key,
    Named,
    Placed,
    Said,
    Shape,
    Table,
    either,
    mapping,
    one_or_many,
    series,
    table,
)

LABEL = Key("label", label(), "办理方名称，例如“责任部门”", required=True)
ROUTE_TO = Key("to", path(), "派给谁：通向人员、岗位或部门的路径，或一个角色")
OTHERWISE = Key("otherwise", path(), "以上都不符合时派给谁，放在最后一行")
ROUTE = Shape("派单的一行", (WHEN, ROUTE_TO, OTHERWISE))
_TO = either(path(), series(mapping(ROUTE), at_least=1))
TO = Key(
    "to",
    _TO,
    "派给谁：通向人员、岗位或部门的路径，或一个角色；也可按条件写几行",
    required=True,
)
NEVER = Key("never", one_or_many(path()), "绝不派给谁；要派给他时停止派单")
ACCEPT = Key("accept", TARGET, "签收时限")
FINISH = Key("finish", TARGET, "办结时限；case.时钟 表示与主单共用那个时钟")
PARTY = Shape("办理方", (LABEL, TO, NEVER, ACCEPT, FINISH))
ON = Key("on", name(), "进入哪个状态时派单", required=True)
PARTIES = Key(
    "parties", table(mapping(PARTY), key=key_name()), "各办理方，每方一张子单", required=True
)
DONE_WHEN = Key("done_when", name(), "何时算办完：all 全部，any 任一，或某个办理方；默认 all")
DISPATCH = Shape("派单", (ON, PARTIES, DONE_WHEN))
KEY = Key("dispatch", mapping(DISPATCH), "派单：给哪些办理方各派一张子单")

NO_PARTY = fault("DSP101", "没有写办理方", "请在 parties 里至少写一个")
ROLE_TAKEN = fault(
    "DSP102", "办理方 {key} 与角色同键", "角色和办理方共用一套键，请给办理方换一个键"
)
RESERVED = fault("DSP103", "办理方不能叫 {key}，这个词另有含义", "请换一个键")
NOT_SOMEONE = fault(
    "DSP104",
    "{path} 不通向人员、岗位或部门",
    "请写通向 user、post、department 的 ref 字段，或一个角色",
)
UNKNOWN_TO = fault("DSP105", "没有 {word} 这个角色或字段")
NO_CLOCK = fault("DSP106", "{entity}没有 {word} 这个时钟，不能共用")
JOIN = fault("DSP107", "done_when 不能写 {word}", "可以写：{words}")
ON_FINAL = fault("DSP108", "状态 {state} 是终点，进入时不能派单", "请写一个不是终点的状态")
CASE_ACCEPT = fault("DSP109", "签收时限不能与主单共用", "case.时钟 只用于 finish；这里请写时长")

RESERVED_KEYS = ("system", "link", "case", "all", "any", "me", "my")
_OF_CASE = re.compile(r"case\.([a-z][a-z0-9_]*)")


def brings(said: Said, entity: str, link: Linking) -> tuple[Field, ...]:
    """Each party, read like a ref to whom its work went, with what is known of its work item."""
    fields: list[Field] = []
    for entry in said.get(PARTIES) or ():
        paths = [word.text for word in _route_words(entry.value)]
        fields += party_fields(
            entry.key, entry.value.get(LABEL, entry.key), paths, entity, entry.place, link
        )
    return tuple(fields)


def build(said: Said, entity: Entity, link: Linking) -> Dispatch | None:
    """The parties that could be read."""
    on, parties = said.get(ON), said.get(PARTIES)
    if on is not None and require_workflow(entity.key, "dispatch", said.place, link):
        known_state(on, entity.key, link)
        if on.text in final_states(entity.key, link):
            link.found.add(ON_FINAL(on.place, state=on.text))
    if parties is None:
        return None
    if not parties.names:
        link.found.add(NO_PARTY(parties.place))
    _check_keys(parties, link)
    return Dispatch(
        on=on.text if on is not None else "",
        parties=frozen({e.key: _party(e, entity, link) for e in parties if e.value.whole}),
        done_when=_done_when(said.get(DONE_WHEN), parties, link),
        place=said.place,
    )


def _check_keys(parties: Table[Said], link: Linking) -> None:
    for entry in parties:
        if entry.key in RESERVED_KEYS:
            link.found.add(RESERVED(entry.place, key=entry.key))
        elif entry.key in link.names[Noun.ROLE].keys:
            link.found.add(ROLE_TAKEN(entry.place, key=entry.key))


def _done_when(written: Word | None, parties: Table[Said], link: Linking) -> str:
    if written is None:
        return "all"
    words = ("all", "any", *parties.names)
    if written.text not in words:
        link.found.add(JOIN(written.place, word=written.text, words="、".join(words)))
    return written.text


def _party(entry: Named[Said], entity: Entity, link: Linking) -> Party:
    said = entry.value
    for word in said.get(NEVER, ()):
        _someone(word, entity, link)
    finish = said.get(FINISH)
    shared = _shared(finish) if finish is not None else None
    if shared is not None and finish is not None:
        _check_clock(shared, finish, entity, link)
    accept = said.get(ACCEPT)
    if accept is not None and _shared(accept) is not None:
        link.found.add(CASE_ACCEPT(accept.place))
        accept = None
    return Party(
        key=entry.key,
        label=said.need(LABEL),
        to=_routes(said, entity, link),
        never=tuple(word.text for word in said.get(NEVER, ())),
        accept=_own(accept, entity, link),
        finish=None if shared is not None else _own(finish, entity, link),
        finish_with_case=shared,
        place=entry.place,
    )


def _shared(written: Placed[Written]) -> str | None:
    """The case's clock that is named by `case.CLOCK`."""
    match = _OF_CASE.fullmatch(written.value.text) if isinstance(written.value, Word) else None
    return match[1] if match else None


def _check_clock(clock: str, written: Placed[Written], entity: Entity, link: Linking) -> None:
    clocks = clock_keys(entity.key, link)
    if clock not in clocks and not refused(entity.key, "sla", link):
        hint = likely(clock, clocks) or "请给实体写上 sla"
        link.found.add(NO_CLOCK(written.place, entity=entity.label, word=clock, hint=hint))


def _own(written: Placed[Written] | None, entity: Entity, link: Linking) -> Target | None:
    if written is None:
        return None
    require_calendar(entity.key, written.place, link)
    return build_target(written.value, written.place, entity.key, link)


def _route_words(said: Said) -> list[Word]:
    """Every path or role that a party's `to` names."""
    written = said.get(TO)
    if isinstance(written, Word):
        return [written]
    words = (one.get(key) for one in written or () for key in (ROUTE_TO, OTHERWISE))
    return [word for word in words if word is not None]


def _routes(said: Said, entity: Entity, link: Linking) -> tuple[PartyRoute, ...]:
    written = said.need(TO)
    if isinstance(written, Word):
        someone = _someone(written, entity, link, role_too=True)
        role = someone == "role"
        return (
            PartyRoute(
                None, None if role else written.text, written.text if role else None, written.place
            ),
        )
    check_order(written, OTHERWISE, said.place_of(TO), link.found)
    routes: list[PartyRoute] = []
    for one in written:
        pair = row(one, ROUTE_TO, OTHERWISE, link.found)
        if pair is None:
            continue
        when, to = pair
        role = _someone(to, entity, link, role_too=True) == "role"
        condition = (
            read_condition(link, when, entity.key, person=False) if when is not None else None
        )
        path_, role_ = (None, to.text) if role else (to.text, None)
        routes.append(PartyRoute(condition, path_, role_, one.place))
    return tuple(routes)


def _someone(word: Word, entity: Entity, link: Linking, *, role_too: bool = False) -> str | None:
    """`role`, or the built-in entity that a path leads to; None, and reported, where it leads to nobody."""
    roles = link.names[Noun.ROLE]
    if role_too and word.text in roles.keys:
        return "role"
    if role_too and "." not in word.text and entity.field(word.text) is None:
        if not roles.open and not link.unread(entity.key, word.text):
            pool = [
                *roles.keys,
                *(key for key, f in entity.fields.items() if f.type is FieldType.REF),
            ]
            link.found.add(UNKNOWN_TO(word.place, word=word.text, hint=likely(word.text, pool)))
        return None
    field = link.path(word, entity.key)
    if field is None or (field.type is FieldType.REF and field.to is None):
        return None
    if field.type is not FieldType.REF or field.to not in BUILT_IN_ENTITIES:
        link.found.add(NOT_SOMEONE(word.place, path=word.text))
        return None
    return field.to
