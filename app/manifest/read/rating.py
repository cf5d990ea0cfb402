"""`rating:` of an entity — who is asked how well it went, and what a bad answer asks for."""

from __future__ import annotations

from collections.abc import Iterable

from app.manifest.link import Linking, Noun
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Choice, Field, FieldType
from app.manifest.model.organization import Dictionary
from app.manifest.model.traits import Rating
from app.manifest.model.workflows import ActorKind
from app.manifest.problems import fault, likely
from app.manifest.read.pressers import EXCLUDED, PRESSERS, resolve_all
from app.manifest.read.states import entries, known_state, known_transition, require_workflow
from app.manifest.read.system_fields import system_field
from app.manifest.scalars import Word, name
from app.manifest.shapes import Key, Said, Shape, mapping, one_or_many, series
from app.manifest.times import duration

PRESS = Key("press", name(), "请求哪个流转，例如 reopen", required=True)
CONFIRMED_BY = Key("confirmed_by", one_or_many(name()), "由谁确认后才流转")
BAD = Shape("差评处理", (PRESS, CONFIRMED_BY))
ON = Key("on", name(), "进入哪个状态时请求评价", required=True)
BY = Key("by", one_or_many(name()), "谁来评：角色（回访），或 link（诉求人凭链接）", required=True)
NOT_BY = Key(
    "not_by", one_or_many(name()), "谁不能评：办理方的人、人员字段，或本轮按过某个流转的人"
)
SCALE = Key("scale", name(), "评价等级，一个字典", required=True)
GOOD = Key("good", series(name(), at_least=1, once=True), "哪些等级算满意", required=True)
BAD_KEY = Key("bad", mapping(BAD), "不满意时怎么办")
EXPIRES = Key("expires", duration(), "链接多久失效")
RATING = Shape("评价", (ON, BY, NOT_BY, SCALE, GOOD, BAD_KEY, EXPIRES))
KEY = Key("rating", mapping(RATING), "评价和回访")

NOT_A_GRADE = fault("RAT101", "字典 {scale} 没有 {word} 这个等级")
ALL_GOOD = fault("RAT102", "good 写了全部等级，没有不满意可言", "请只写算满意的等级")
SAME_PEOPLE = fault("RAT103", "{word} 既在 by 里又在 not_by 里", "请去掉一处")
NEVER_PRESSED = fault(
    "RAT104",
    "从状态 {state} 按不了 {press}",
    "请让流转 {press} 的 from 包含 {state} 或它之后的状态",
)


def brings(said: Said, entity: str, link: Linking) -> tuple[Field, ...]:
    """What was answered, when, and whether the asker was reached."""
    scale = _scale(said, link)
    choices: Iterable[Choice] = scale.choices if scale is not None else ()
    return (
        system_field("satisfaction", "满意度", FieldType.CHOICE, said.place, choices=choices),
        system_field("rated_at", "评价时间", FieldType.DATETIME, said.place),
        system_field("reached", "是否联系上", FieldType.YES_NO, said.place),
    )


def build(said: Said, entity: Entity, link: Linking) -> Rating | None:
    """The rating, where everything needed could be read."""
    if not require_workflow(entity.key, "rating", said.place, link):
        return None
    on, by, not_by = said.get(ON), said.get(BY, ()), said.get(NOT_BY, ())
    if on is not None:
        known_state(on, entity.key, link)
    _check_grades(said, link)
    press, confirmed_by = _bad(said, on, entity, link)
    both = next((word for word in not_by if word.text in {one.text for one in by}), None)
    if both is not None:
        link.found.add(SAME_PEOPLE(both.place, word=both.text))
    transitions = link.transitions_of(entity) or ()
    asked = resolve_all(by, entity.key, link, PRESSERS | {ActorKind.LINK})
    excluded = resolve_all(not_by, entity.key, link, EXCLUDED, transitions=transitions)
    if not said.whole:
        return None
    return Rating(
        on=said.need(ON).text,
        by=asked,
        not_by=excluded,
        scale=said.need(SCALE).text,
        good=tuple(word.text for word in said.need(GOOD)),
        press=press.text if press is not None else None,
        confirmed_by=resolve_all(confirmed_by, entity.key, link, PRESSERS),
        expires=said.get(EXPIRES),
        place=said.place,
    )


def _scale(said: Said, link: Linking) -> Dictionary | None:
    word = said.get(SCALE)
    return link.dictionaries.get(word.text) if word is not None else None


def _check_grades(said: Said, link: Linking) -> None:
    word = said.get(SCALE)
    if word is None or not link.known(Noun.DICTIONARY, word):
        return
    scale = _scale(said, link)
    if scale is None or not scale.choices:
        return
    grades, good = [choice.key for choice in scale.choices], said.get(GOOD, ())
    for one in good:
        if one.text not in grades:
            hint = likely(one.text, grades)
            link.found.add(NOT_A_GRADE(one.place, scale=scale.key, word=one.text, hint=hint))
    if {one.text for one in good} >= set(grades):
        link.found.add(ALL_GOOD(said.place_of(GOOD)))


def _bad(
    said: Said, on: Word | None, entity: Entity, link: Linking
) -> tuple[Word | None, tuple[Word, ...]]:
    bad = said.get(BAD_KEY)
    if bad is None:
        return None, ()
    press = bad.get(PRESS)
    if press is not None and known_transition(press, entity.key, link) and on is not None:
        _check_press(press, on, entity, link)
    return press, bad.get(CONFIRMED_BY, ())


def _check_press(press: Word, on: Word, entity: Entity, link: Linking) -> None:
    """The transition that a bad answer asks for must start where the record then is, or may have gone since."""
    ways: dict[str, set[str]] = {}
    sources: set[str] = set()
    for entry in entries(entity.key, link, "transitions") or ():
        came, went = entry.value.values.get("from"), entry.value.values.get("to")
        if not isinstance(came, tuple) or not isinstance(went, Word):
            return
        for word in came:
            ways.setdefault(word.text, set()).add(went.text)
        if entry.key == press.text:
            sources = {word.text for word in came}
    reached, waiting = {on.text}, [on.text]
    while waiting:
        for state in ways.get(waiting.pop(), set()) - reached:
            reached.add(state)
            waiting.append(state)
    if sources and not sources & reached:
        link.found.add(NEVER_PRESSED(press.place, state=on.text, press=press.text))
