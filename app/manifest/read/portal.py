"""`portal:` — what of an entity the enterprise's window shows."""

from __future__ import annotations

from app.manifest.link import Linking
from app.manifest.model.entities import Entity, Portal
from app.manifest.problems import Fault, fault, likely
from app.manifest.read.screens import column
from app.manifest.scalars import Word, name, yes_no
from app.manifest.shapes import Key, Said, Shape, mapping, series

FIELDS = Key(
    "fields", series(name(), at_least=1, once=True), "企业能看到和填写的字段", required=True
)
CREATE = Key("create", yes_no(), "企业能否自己登记")
TRACK = Key("track", yes_no(), "企业能否凭编号查询进度")
STATES = Key("states", series(name(), at_least=1, once=True), "哪些状态对企业可见")
ACTIONS = Key("actions", series(name(), at_least=1, once=True), "企业可以按的流转")
PORTAL = Shape("企业窗口", (FIELDS, CREATE, TRACK, STATES, ACTIONS))
KEY = Key("portal", mapping(PORTAL), "在企业窗口公开什么")

PORTAL_SYSTEM = fault("ENT121", "企业窗口只能公开实体自己的字段，{key} 是平台的", "请去掉它")
NO_STATES = fault("ENT123", "实体没有 workflow，不能写 {key}", "请去掉它，或给实体配上流程")
UNKNOWN_STATE = fault("ENT122", "流程里没有 {word} 这个状态")
UNKNOWN_PRESS = fault("ENT125", "流程里没有 {word} 这个流转")


def read_portal(whole: Said, entity: Entity, link: Linking) -> Portal | None:
    """What the window shows. `whole` is the entity's file: states and actions need a workflow there."""
    said = whole.get(KEY)
    if said is None:
        return None
    fields = said.get(FIELDS, ())
    for word in fields:
        if word.text in entity.system:
            link.found.add(PORTAL_SYSTEM(word.place, key=word.text))
        else:
            column(word, entity, link)
    for part in (STATES, ACTIONS):
        if said.has(part) and "workflow" not in whole.key_places:
            link.found.add(NO_STATES(said.key_place(part), key=part.name))
    states = link.states_of(entity)
    transitions = link.transitions_of(entity)
    return Portal(
        fields=tuple(word.text for word in fields),
        create=said.get(CREATE, otherwise=False),
        track=said.get(TRACK, otherwise=False),
        states=_known(said.get(STATES, ()), states, UNKNOWN_STATE, link),
        actions=_known(said.get(ACTIONS, ()), transitions, UNKNOWN_PRESS, link),
        place=said.place,
    )


def _known(
    words: tuple[Word, ...], names: tuple[str, ...] | None, unknown: Fault, link: Linking
) -> tuple[str, ...]:
    for word in words:
        if names is not None and word.text not in names:
            link.found.add(unknown(word.place, word=word.text, hint=likely(word.text, names)))
    return tuple(word.text for word in words)
