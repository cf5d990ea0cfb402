"""`rules:` of an entity — what must hold whenever a record is saved."""

from __future__ import annotations

from app.manifest.conditions import read_condition
from app.manifest.link import Linking
from app.manifest.model.entities import Entity, NoOverlap, OnlyIf, RecordRule, Unique
from app.manifest.model.fields import FieldType
from app.manifest.problems import fault
from app.manifest.read.screens import column
from app.manifest.scalars import Word, condition, name, text
from app.manifest.shapes import Key, Said, Shape, mapping, one_or_many, series

ONLY_IF = Key("only_if", condition(), "保存时必须成立的条件")
UNIQUE = Key("unique", series(name(), at_least=1, once=True), "这几个字段合起来不许重复")
NO_OVERLAP = Key(
    "no_overlap", series(name(), at_least=1, once=True), "起止两个字段，区间不许与其他记录重叠"
)
PER = Key("per", one_or_many(name()), "与 no_overlap 连用：只在这些字段相同的记录之间比较")
SAY = Key("say", text(100), "不符合时对填写人说的话", required=True)
RULE = Shape("规则", (ONLY_IF, UNIQUE, NO_OVERLAP, PER, SAY))
KEY = Key("rules", series(mapping(RULE), at_least=1), "保存和导入时检查的规则")

ONE_RULE = fault(
    "ENT131",
    "一条规则只能写 only_if、unique、no_overlap 中的一个",
    "请写且只写一个；几条规则分开写",
)
TWO_ENDS = fault(
    "ENT132", "no_overlap 要写起、止两个字段", "例如 no_overlap: [valid_from, valid_to]"
)
ENDS_TYPE = fault(
    "ENT133", "{start} 和 {end} 不能比较先后", "起止两个字段要同为日期、日期时间、时间或数字"
)
PER_ALONE = fault("ENT134", "per 只和 no_overlap 一起用", "请去掉 per")
NOT_UNIQUE = fault("ENT135", "{type} 类型的字段 {key} 不能判断是否重复", "请换一个字段")

T = FieldType
_ENDS = (T.DATE, T.DATETIME, T.TIME, T.INTEGER, T.DECIMAL, T.MONEY, T.PERCENT)
_UNCOMPARED = (T.NOTE, T.LINES, T.CHOICES, T.REFS, T.FILES, T.CONDITION)


def read_rules(said: Said, entity: Entity, link: Linking) -> tuple[RecordRule, ...]:
    """The rules that could be understood, in the written order."""
    rules = (_rule(one, entity, link) for one in said.get(KEY, ()))
    return tuple(rule for rule in rules if rule is not None)


def _rule(said: Said, entity: Entity, link: Linking) -> RecordRule | None:
    kinds = [key for key in (ONLY_IF, UNIQUE, NO_OVERLAP) if said.has(key)]
    if len(kinds) != 1:
        link.found.add(ONE_RULE(said.place))
        return None
    if said.has(PER) and kinds != [NO_OVERLAP]:
        link.found.add(PER_ALONE(said.key_place(PER)))
    if not said.whole:
        return None
    say = said.need(SAY)
    if said.has(ONLY_IF):
        checked = read_condition(link, said.need(ONLY_IF), entity.key, counts=True)
        return OnlyIf(checked, say, said.place) if checked is not None else None
    if said.has(UNIQUE):
        keys = _columns(said, UNIQUE, entity, link)
        return Unique(keys, say, said.place) if keys is not None else None
    return _no_overlap(said, say, entity, link)


def _columns(
    said: Said, key: Key[tuple[Word, ...]], entity: Entity, link: Linking
) -> tuple[str, ...] | None:
    """Fields whose values are compared for equality; None if one of them can't be."""
    words = said.get(key, ())
    fields = [(word, column(word, entity, link)) for word in words]
    for word, field in fields:
        if field is not None and field.type in _UNCOMPARED:
            link.found.add(NOT_UNIQUE(word.place, type=field.type, key=word.text))
            return None
    return None if any(field is None for _, field in fields) else tuple(word.text for word in words)


def _no_overlap(said: Said, say: str, entity: Entity, link: Linking) -> NoOverlap | None:
    words = said.need(NO_OVERLAP)
    if len(words) != 2:
        link.found.add(TWO_ENDS(said.place_of(NO_OVERLAP)))
        return None
    start, end = (column(word, entity, link) for word in words)
    per = _columns(said, PER, entity, link)
    if start is None or end is None or per is None:
        return None
    if start.type is not end.type or start.type not in _ENDS:
        link.found.add(ENDS_TYPE(said.place_of(NO_OVERLAP), start=start.key, end=end.key))
        return None
    return NoOverlap(start.key, end.key, per, say, said.place)
