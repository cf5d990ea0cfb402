"""`does:` of a transition — 并案, 延期, 改派, 重办 with their parameters."""

from __future__ import annotations

from app.manifest.link import Linking
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.manifest.model.workflows import Deed, Extend, Merge, Reopen, Transfer
from app.manifest.problems import Findings, fault, likely
from app.manifest.read.doubt import lacks, refused
from app.manifest.read.pressers import PRESSERS, parties_of, resolve_all
from app.manifest.read.sla import clock_keys
from app.manifest.scalars import Word, integer, name, word, yes_no
from app.manifest.shapes import Key, Placed, Said, Shape, either, mapping, one_or_many, placed
from app.manifest.times import duration
from app.place import Place

VERBS = ("merge", "extend", "transfer", "reopen")
MERGE = Key("merge", name(), "并案：并入哪一件，写一个指向本实体的 ref 字段")
EXTEND = Key("extend", name(), "延期：延哪个时钟")
TRANSFER = Key("transfer", name(), "改派：改派哪个办理方")
REOPEN = Key("reopen", yes_no(), "重办：新的一轮，时钟重新起算")
TIMES = Key("times", integer(1, 99), "每件最多几次")
AT_MOST = Key("at_most", duration(), "每次最多延多久")
BEFORE = Key("before", duration(), "最迟在到期前多久提出")
APPROVED_BY = Key("approved_by", one_or_many(name()), "由谁批准：角色、办理方或人员字段")
DEED = Shape("动作", (MERGE, EXTEND, TRANSFER, REOPEN, TIMES, AT_MOST, BEFORE, APPROVED_BY))
_DEED = either(word(*VERBS), mapping(DEED))
DOES = placed(_DEED)

_MAY_SAY = {
    "merge": (),
    "extend": (TIMES, AT_MOST, BEFORE, APPROVED_BY),
    "transfer": (),
    "reopen": (TIMES,),
}

ONE_DEED = fault(
    "WFL130", "一个流转只能附带一个动作", "请写且只写 merge、extend、transfer、reopen 中的一个"
)
NOT_FOR = fault("WFL131", "{deed} 不能写 {key}", "请去掉它")
WHICH_CLOCK = fault("WFL132", "没有说延哪个时钟", "请写成 does: {{ extend: 时钟 }}，例如 {example}")
NO_CLOCK = fault("WFL133", "{entity}没有 {word} 这个时钟")
NO_PARTY = fault("WFL134", "{entity}没有 {word} 这个办理方")
NO_DISPATCH = fault(
    "WFL135", "{entity}没有 dispatch，不能改派", "请给实体写上 dispatch，或去掉 transfer"
)
WHICH_PARTY = fault(
    "WFL136",
    "按的人不一定是某个办理方，没有说改派哪一个",
    "请写成 does: {{ transfer: 办理方 }}，例如 {example}",
)
NOT_OWN_REF = fault(
    "WFL137",
    "{word} 不是指向{entity}自己的 ref 字段，不能用来并案",
    "请写一个 to: {key} 的 ref 字段",
)
REOPEN_NO = fault("WFL138", "reopen 只能写 yes", "请写 reopen: yes，或去掉 does")


def verb_of(written: str | Said) -> str | None:
    """Which deed was meant; None where that can't be told."""
    if isinstance(written, str):
        return written
    said = [verb for verb in VERBS if verb in written.key_places]
    return said[0] if len(said) == 1 else None


def check_deed(written: Placed[str | Said], found: Findings) -> None:
    """What can be told without knowing the entity."""
    said = written.value
    if isinstance(said, str):
        return
    verb = verb_of(said)
    if verb is None:
        found.add(ONE_DEED(written.place))
        return
    for key in (TIMES, AT_MOST, BEFORE, APPROVED_BY):
        if said.has(key) and key not in _MAY_SAY[verb]:
            found.add(NOT_FOR(said.key_place(key), deed=verb, key=key.name))
    if said.get(REOPEN, otherwise=True) is False:
        found.add(REOPEN_NO(said.place_of(REOPEN)))


def build_deed(
    written: Placed[str | Said], by: tuple[Word, ...], entity: Entity, link: Linking
) -> Deed | None:
    """The deed for one entity; `by` are the names that may press."""
    said = written.value if isinstance(written.value, Said) else None
    match verb_of(written.value):
        case "merge":
            return _merge(said.get(MERGE) if said else None, entity, written.place, link)
        case "extend":
            return _extend(said, entity, written.place, link)
        case "transfer":
            return _transfer(said.get(TRANSFER) if said else None, by, entity, written.place, link)
        case "reopen":
            return Reopen(said.get(TIMES) if said else None, written.place)
    return None


def _merge(into: Word | None, entity: Entity, place: Place, link: Linking) -> Merge:
    field = link.field(into, entity.key) if into is not None else None
    if (
        into is not None
        and field is not None
        and (field.type is not FieldType.REF or field.to != entity.key)
    ):
        link.found.add(NOT_OWN_REF(into.place, word=into.text, entity=entity.label, key=entity.key))
    return Merge(into.text if into is not None else None, place)


def _extend(said: Said | None, entity: Entity, place: Place, link: Linking) -> Extend:
    clocks = clock_keys(entity.key, link)
    clock = said.get(EXTEND) if said is not None else None
    if refused(entity.key, "sla", link):
        pass
    elif clock is not None and clock.text not in clocks:
        hint = likely(clock.text, clocks) or "请给实体写上 sla"
        link.found.add(NO_CLOCK(clock.place, entity=entity.label, word=clock.text, hint=hint))
    elif clock is None and len(clocks) != 1:
        example = f"{{ extend: {clocks[0]} }}" if clocks else "{ extend: finish }"
        link.found.add(WHICH_CLOCK(place, example=example))
    return Extend(
        clock=clock.text if clock is not None else next(iter(clocks), ""),
        times=said.get(TIMES) if said else None,
        at_most=said.get(AT_MOST) if said else None,
        before=said.get(BEFORE) if said else None,
        approved_by=resolve_all(
            said.get(APPROVED_BY) if said else None, entity.key, link, PRESSERS
        ),
        place=place,
    )


def _transfer(
    party: Word | None, by: tuple[Word, ...], entity: Entity, place: Place, link: Linking
) -> Transfer:
    parties = parties_of(entity.key, link)
    if lacks(entity.key, "dispatch", link):
        link.found.add(NO_DISPATCH(place, entity=entity.label))
    elif party is not None and parties and party.text not in parties:
        hint = likely(party.text, parties)
        link.found.add(NO_PARTY(party.place, entity=entity.label, word=party.text, hint=hint))
    elif party is None and len(parties) > 1 and any(word.text not in parties for word in by):
        link.found.add(WHICH_PARTY(place, example=f"{{ transfer: {next(iter(parties))} }}"))
    own = party.text if party is not None else None
    return Transfer(own or (next(iter(parties)) if len(parties) == 1 else None), place)
