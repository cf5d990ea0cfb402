"""`match:` of an entity — each of its rows carries a condition on the rows of another."""

from __future__ import annotations

from app.manifest.link import Linking, Noun
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field, FieldType
from app.manifest.model.traits import Match
from app.manifest.problems import fault
from app.manifest.scalars import name
from app.manifest.shapes import Key, Said, Shape, mapping

TO = Key("to", name(), "与哪个实体匹配", required=True)
WHEN = Key("when", name(), "哪个 condition 字段装着适用条件", required=True)
MATCH = Shape("匹配", (TO, WHEN))
KEY = Key("match", mapping(MATCH), "匹配：按每行的适用条件找出适合的对象")

NOT_A_CONDITION = fault(
    "MAT101",
    "字段 {field} 的类型是 {type}，匹配要用 condition 字段",
    "请写一个 type: condition 的字段",
)
OTHER_ENTITY = fault(
    "MAT102",
    "字段 {field} 的条件是关于 {of} 的，匹配的是 {to}",
    "请让字段的 of 与 match 的 to 一致",
)
BUILT_IN = fault("MAT103", "不能与内置的 {to} 匹配", "请写本站的一个实体")
RETIRED = fault("MAT104", "字段 {field} 已经停用，不能用来匹配", "请换一个字段，或恢复它")


def brings(said: Said, entity: str, link: Linking) -> tuple[Field, ...]:
    """Nothing: a match is found, not stored."""
    return ()


def build(said: Said, entity: Entity, link: Linking) -> Match | None:
    """The match, where both sides could be read."""
    to, when = said.get(TO), said.get(WHEN)
    if to is not None and to.text in BUILT_IN_ENTITIES:
        link.found.add(BUILT_IN(to.place, to=to.text))
        to = None
    if to is not None and not link.known(Noun.ENTITY, to):
        to = None
    field = link.field(when, entity.key) if when is not None else None
    if when is None or field is None:
        return None
    if field.type is not FieldType.CONDITION:
        link.found.add(NOT_A_CONDITION(when.place, field=when.text, type=field.type))
        return None
    if field.retired:
        link.found.add(RETIRED(when.place, field=when.text))
    if to is not None and field.of is not None and field.of != to.text:
        link.found.add(OTHER_ENTITY(when.place, field=when.text, of=field.of, to=to.text))
    return Match(to.text, when.text, said.place) if to is not None else None
