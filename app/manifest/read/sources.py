"""Rows that figures and scores are made of: records, a party's work items, firings of escalations.

Work items and firings have no file of their own. What conditions and paths may read of them is said here, as
entities under the key by which they are named (`ENTITY.PARTY`, `firing`).
"""

from __future__ import annotations

from app.manifest.link import Linking, Noun
from app.manifest.model.dashboards import Source
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Choice, Field, FieldType
from app.manifest.model.values import frozen
from app.manifest.problems import fault, likely
from app.manifest.read.pressers import parties_of
from app.manifest.read.system_fields import colour_field, system_field
from app.manifest.scalars import Word
from app.manifest.shapes import Said
from app.place import Place

FIRING = "firing"
UNKNOWN_PARTY = fault("DSH101", "{entity}没有 {word} 这个办理方")
BUILT_IN = fault(
    "DSH102", "{word} 不是本站的实体，不能统计", "请写本站的实体、实体.办理方，或 firing（亮牌）"
)

T = FieldType


def read_source(word: Word, link: Linking) -> Source | None:
    """The rows that a word names; what conditions may read of them is known from then on."""
    if word.text == FIRING:
        link.entities.setdefault(FIRING, _firing(link))
        return Source(None, None, firings=True, place=word.place)
    key, _, party = word.text.partition(".")
    if key in BUILT_IN_ENTITIES:
        link.found.add(BUILT_IN(word.place, word=key))
        return None
    if not link.known(Noun.ENTITY, Word(key, word.place, word.node)) or key not in link.entities:
        return None
    if not party:
        return Source(key, None, firings=False, place=word.place)
    parties = parties_of(key, link)
    if party not in parties:
        label, hint = link.entities[key].label, likely(party, parties)
        link.found.add(UNKNOWN_PARTY(word.at(len(key) + 1), entity=label, word=party, hint=hint))
        return None
    if parties[party] is None:
        return None
    link.entities.setdefault(word.text, _work_item(link.entities[key], party))
    return Source(key, party, firings=False, place=word.place)


def _work_item(case: Entity, party: str) -> Entity:
    """One party's work items: whom they went to, their moments, and the case."""
    place, whom = case.place, case.system[party]
    fields = (
        system_field("case", case.label, T.REF, place, to=case.key),
        system_field(party, whom.label, T.REF, place, to=whom.to, targets=whom.targets),
        system_field("created_at", "派出时间", T.DATETIME, place),
        system_field("accepted_at", "签收时间", T.DATETIME, place),
        system_field("accept.due_at", "签收截止", T.DATETIME, place),
        system_field("done_at", "办结时间", T.DATETIME, place),
        system_field("due_at", "办结截止", T.DATETIME, place),
        system_field("returns", "退回次数", T.INTEGER, place),
        system_field("round", "轮次", T.INTEGER, place),
        colour_field(place),
    )
    return _entity(f"{case.key}.{party}", f"{case.label}·{whom.label}", place, fields)


def _firing(link: Linking) -> Entity:
    """Each time an escalation's step fired: which, when, on what."""
    place = Place("config/escalations.yaml", 1)
    rules = [
        Choice(entry.key, _label(entry.value, entry.key), entry.place)
        for entry in link.drafts.escalations or ()
    ]
    watched = [Choice(key, link.entities[key].label, place) for key in link.drafts.entities]
    fields = (
        system_field("escalation", "预警规则", T.CHOICE, place, choices=rules),
        colour_field(place),
        system_field("entity", "业务", T.CHOICE, place, choices=watched),
        system_field("department", "责任部门", T.REF, place, to="department"),
        system_field("fired_at", "亮牌时间", T.DATETIME, place),
        system_field("step", "第几步", T.INTEGER, place),
        system_field("round", "轮次", T.INTEGER, place),
    )
    return _entity(FIRING, "亮牌", place, fields)


def _label(said: Said, key: str) -> str:
    return str(said.values.get("label", key))


def _entity(key: str, label: str, place: Place, fields: tuple[Field, ...]) -> Entity:
    return Entity(key, label, place, frozen({}), frozen({field.key: field for field in fields}))


def moment_field(source: Source) -> str:
    """What a source's rows are dated by where nothing is said."""
    return "fired_at" if source.firings else "created_at"
