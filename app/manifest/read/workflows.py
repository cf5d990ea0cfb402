"""`workflows.yaml`: states, transitions, and who may press what."""

from __future__ import annotations

from dataclasses import dataclass

from app.condition.tree import Condition
from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.clocks import Target
from app.manifest.model.entities import Entity
from app.manifest.model.escalations import Occasion
from app.manifest.model.fields import Choice, Field, FieldType
from app.manifest.model.values import frozen
from app.manifest.model.workflows import ActorKind, Deed, Presser, State, Transition, Workflow
from app.manifest.problems import fault
from app.manifest.read.deeds import DOES, build_deed, check_deed, verb_of
from app.manifest.read.doubt import missing, misspelt
from app.manifest.read.pressers import EXCLUDED, PRESSERS, may_read, resolve_all
from app.manifest.read.renames import WAS, check_was
from app.manifest.read.system_fields import clock_fields, system_field
from app.manifest.read.targets import TARGET, Written, build_target, require_calendar
from app.manifest.read.workflow_paths import Move, check_paths
from app.manifest.scalars import Word, condition, key_name, label, name, text, yes_no
from app.manifest.shapes import (
    Key,
    Named,
    Placed,
    Said,
    Shape,
    Table,
    mapping,
    one_or_many,
    series,
    table,
)

LABEL = Key("label", label(), "名称", required=True)
FINAL = Key("final", yes_no(), "是否终点：到了这里就办完了，所有时钟停止")
STATE = Shape("状态", (LABEL, FINAL, WAS))
FROM = Key("from", one_or_many(name()), "从哪个状态（或哪几个状态）出发", required=True)
TO = Key("to", name(), "到哪个状态", required=True)
BY = Key(
    "by",
    one_or_many(name()),
    "谁可以按：角色、办理方、人员字段，或 system（系统自动）",
    required=True,
)
NOT_BY = Key(
    "not_by", one_or_many(name()), "谁不可以按：办理方的人、人员字段，或本轮按过某个流转的人"
)
ASKS = Key("asks", series(name(), at_least=1, once=True), "按下时必须填写的字段；reason 是办理意见")
ONLY_IF = Key("only_if", condition(), "什么条件下才能按")
AFTER = Key("after", TARGET, "system：一直没有人按，过多久自动流转")
WITHIN = Key("within", TARGET, "应在多久之内按下；自成一个与流转同名的时钟")
DOES_KEY = Key("does", DOES, "附带的动作：merge 并案，extend 延期，transfer 改派，reopen 重办")
HELP = Key("help", text(200), "给按的人看的说明")
TRANSITION = Shape(
    "流转", (LABEL, FROM, TO, BY, NOT_BY, ASKS, ONLY_IF, AFTER, WITHIN, DOES_KEY, HELP)
)
START = Key("start", name(), "从哪个状态开始", required=True)
STATES = Key("states", table(mapping(STATE), key=key_name()), "各个状态", required=True)
TRANSITIONS = Key(
    "transitions", table(mapping(TRANSITION), key=key_name()), "各个流转", required=True
)
WORKFLOW = Shape("流程", (LABEL, START, STATES, TRANSITIONS))
KEY = Key("workflows", table(mapping(WORKFLOW), key=key_name()), "流程：状态和流转")

NO_CAUSE = fault(
    "WFL101",
    "系统一进入状态就会立即流转",
    "请写 only_if（条件成立时流转）或 after（过多久流转），或去掉 by 里的 system",
)
AFTER_ALONE = fault(
    "WFL102", "after 是给 system 的，by 里没有 system", "请在 by 里加上 system，或去掉 after"
)
NOBODY_ANSWERS = fault(
    "WFL103", "只有 system 按这个流转，没有人回答 asks", "请去掉 asks，或让人来按"
)
ASKS_SYSTEM = fault(
    "WFL104", "{field} 由平台自己填，不能在 asks 里要求填写", "请去掉它；办理意见写 reason"
)
ASKS_RETIRED = fault("WFL105", "字段 {field} 已经停用，不能要求填写", "请从 asks 里去掉它")
RESERVED = fault("WFL106", "流转不能叫 {key}，预警里的 on 用这个词表示别的意思", "请换一个键")
ASKS_READ_ONLY = fault(
    "WFL107", "字段 {field} 是只读的，按的人填不了", "请从 asks 里去掉它，或去掉字段的 read_only"
)
UNUSED = fault(
    "WFL108", "没有实体使用流程 {key}，它的人员、字段和条件没有检查", "请在实体里写 workflow: {key}"
)
NOBODY_SEES = fault(
    "WFL115",
    "{roles}都看不到{entity}，没有人能按“{label}”",
    "请在 config/roles.yaml 给其中一个角色加上 {key}: [read]",
)

_ASKED_ALWAYS = "reason"


def brings(workflow: str, link: Linking) -> tuple[Field, ...]:
    """`state`, `round`, and for each transition with `within` when it is due and when it was pressed."""
    written = next((e for e in link.drafts.workflows or () if e.key == workflow), None)
    if written is None:
        return ()
    states, transitions = written.value.get(STATES), written.value.get(TRANSITIONS)
    choices = [Choice(e.key, e.value.get(LABEL, e.key), e.place) for e in states or ()]
    fields = [
        system_field("state", "状态", FieldType.CHOICE, written.place, choices=choices),
        system_field("round", "轮次", FieldType.INTEGER, written.place),
    ]
    for entry in transitions or ():
        if entry.value.has(WITHIN):
            fields += clock_fields(entry.key, entry.value.get(LABEL, entry.key), entry.place)
    return tuple(fields)


def build(written: Table[Said], link: Linking) -> dict[str, Workflow]:
    """The workflows; each is checked against every entity that names it."""
    return {entry.key: _workflow(entry, link) for entry in written}


def _workflow(entry: Named[Said], link: Linking) -> Workflow:
    said = entry.value
    entities = [entity for entity in link.entities.values() if entity.workflow == entry.key]
    if not entities and not link.names[Noun.ENTITY].open:
        link.found.notice(UNUSED(entry.place, key=entry.key))
    states, transitions = said.get(STATES), said.get(TRANSITIONS)
    _check_picture(said, link)
    whole = [one for one in transitions or () if one.value.whole]
    start = said.get(START)
    return Workflow(
        key=entry.key,
        label=said.get(LABEL, entry.key),
        start=start.text if start is not None else "",
        states=frozen({one.key: _state(one) for one in states or ()}),
        transitions=frozen(
            {one.key: _transition(one, entities, transitions, link) for one in whole}
        ),
        entities=tuple(entity.key for entity in entities),
        place=entry.place,
    )


def _check_picture(said: Said, link: Linking) -> None:
    states, transitions = said.get(STATES), said.get(TRANSITIONS)
    if states is None:
        return
    check_was(states.names, ((one.key, one.value.get(WAS)) for one in states), link.found)
    if transitions is None:
        return
    moves = [_move(one.value) for one in transitions if one.value.has(FROM) and one.value.has(TO)]
    known = [move for move in moves if move is not None]
    complete = len(known) == len(transitions.names)
    check_paths(said.get(START), states, known, link.found, complete=complete)


def _move(said: Said) -> Move | None:
    sources, target, does = said.get(FROM), said.get(TO), said.get(DOES_KEY)
    if sources is None or target is None or (said.has(DOES_KEY) and does is None):
        return None
    verb = verb_of(does.value) if does is not None else None
    sure = verb is not None if does is not None else not misspelt(said)
    return Move(sources, target, verb == "reopen", sure)


def _state(entry: Named[Said]) -> State:
    said, was = entry.value, entry.value.get(WAS)
    final = said.get(FINAL, otherwise=False)
    return State(
        entry.key, said.get(LABEL, entry.key), final, entry.place, was.text if was else None
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What of a transition is read with an entity in view."""

    by: tuple[Presser, ...] = ()
    not_by: tuple[Presser, ...] = ()
    only_if: Condition | None = None
    after: Target | None = None
    within: Target | None = None
    does: Deed | None = None


def _transition(
    entry: Named[Said], entities: list[Entity], transitions: Table[Said] | None, link: Linking
) -> Transition:
    """One transition. Names and conditions are read for every entity served; the first reading is kept."""
    said = entry.value
    _check_itself(entry, link)
    names = transitions.names if transitions is not None else ()
    parts = [_read_for(entity, said, names, link) for entity in entities]
    first = parts[0] if parts else _Parts()
    return Transition(
        key=entry.key,
        label=said.need(LABEL),
        from_states=tuple(word.text for word in said.need(FROM)),
        to_state=said.need(TO).text,
        by=first.by,
        not_by=first.not_by,
        asks=tuple(word.text for word in said.get(ASKS, ())),
        only_if=first.only_if,
        after=first.after,
        within=first.within,
        does=first.does,
        place=entry.place,
        help=said.get(HELP, ""),
    )


def _check_itself(entry: Named[Said], link: Linking) -> None:
    said, found = entry.value, link.found
    by = [word.text for word in said.need(BY)]
    if entry.key in tuple(Occasion):
        found.add(RESERVED(entry.place, key=entry.key))
    if "system" in by and missing(said, ONLY_IF, AFTER):
        found.add(NO_CAUSE(said.place_of(BY)))
    if said.has(ASKS) and by == ["system"]:
        found.add(NOBODY_ANSWERS(said.key_place(ASKS)))
    does = said.get(DOES_KEY)
    if does is not None:
        check_deed(does, found)


def _read_for(entity: Entity, said: Said, transitions: tuple[str, ...], link: Linking) -> _Parts:
    by, only_if, does = said.need(BY), said.get(ONLY_IF), said.get(DOES_KEY)
    pressers = resolve_all(by, entity.key, link, PRESSERS | {ActorKind.SYSTEM})
    if said.has(AFTER) and len(pressers) == len(by) and all(word.text != "system" for word in by):
        link.found.add(AFTER_ALONE(said.key_place(AFTER)))
    _notice_blind(pressers, entity, said, link)
    for word in said.get(ASKS, ()):
        _check_asked(word, entity, link)
    return _Parts(
        by=pressers,
        not_by=resolve_all(said.get(NOT_BY), entity.key, link, EXCLUDED, transitions=transitions),
        only_if=_guard(only_if, by, entity, link) if only_if is not None else None,
        after=_target(said, AFTER, entity, link),
        within=_target(said, WITHIN, entity, link),
        does=build_deed(does, by, entity, link) if does is not None else None,
    )


def _notice_blind(pressers: tuple[Presser, ...], entity: Entity, said: Said, link: Linking) -> None:
    """A workflow may be shared, so that a role which sees the one entity needn't see the other; but someone must."""
    roles = [presser.key for presser in pressers if presser.kind is ActorKind.ROLE]
    if len(roles) != len(said.need(BY)) or any(may_read(role, entity.key, link) for role in roles):
        return
    facts = {"entity": entity.label, "label": said.need(LABEL), "key": entity.key}
    link.found.notice(NOBODY_SEES(said.place_of(BY), roles="、".join(roles), **facts))


def _guard(written: Word, by: tuple[Word, ...], entity: Entity, link: Linking) -> Condition | None:
    """What must hold for the press; where the system may press, there is no person to speak of."""
    person = all(word.text != "system" for word in by)
    return read_condition(link, written, entity.key, counts=True, person=person)


def _target(said: Said, key: Key[Placed[Written]], entity: Entity, link: Linking) -> Target | None:
    written = said.get(key)
    if written is None:
        return None
    require_calendar(entity.key, said.key_place(key), link)
    return build_target(written.value, written.place, entity.key, link)


def _check_asked(word: Word, entity: Entity, link: Linking) -> None:
    """Whoever presses must be able to fill the field."""
    if word.text == _ASKED_ALWAYS:
        return
    field = link.field(word, entity.key)
    if field is None:
        return
    if field.system:
        link.found.add(ASKS_SYSTEM(word.place, field=word.text))
    elif field.retired:
        link.found.add(ASKS_RETIRED(word.place, field=word.text))
    elif field.read_only:
        link.found.add(ASKS_READ_ONLY(word.place, field=word.text))
