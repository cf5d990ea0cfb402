"""What an entity's screens show: list, filter, form, order, details."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.manifest.link import UNKNOWN_FIELD, Linking, Noun
from app.manifest.model.entities import Detail, Entity, Order, Section
from app.manifest.model.fields import Field, FieldType
from app.manifest.problems import fault, likely
from app.manifest.scalars import Word, label, name, path, phrase
from app.manifest.shapes import Key, Said, Shape, mapping, one_or_many, series

LIST = Key("list", series(path(), at_least=1, once=True), "列表显示哪些列")
FILTER = Key("filter", series(path(), at_least=1, once=True), "可以按哪些字段筛选")
SECTION_LABEL = Key("section", label(), "分组名称", required=True)
SECTION_FIELDS = Key("fields", series(name(), at_least=1, once=True), "这一组的字段", required=True)
SECTION = Shape("表单分组", (SECTION_LABEL, SECTION_FIELDS))
FORM = Key("form", series(mapping(SECTION), at_least=1), "表单和详情页的分组")
ORDER = Key("order", one_or_many(phrase("排序")), "默认排序的字段，前面加 - 表示从大到小")
DETAILS = Key(
    "details", series(path(), at_least=1, once=True), "页面上显示的子记录：实体，或 实体.字段"
)

NO_FILTER = fault("ENT111", "{type} 类型的字段 {key} 不能筛选", "请从 filter 里去掉它")
NO_ORDER = fault("ENT112", "{type} 类型的字段 {key} 不能排序", "请换一个字段，例如 created_at")
PRIVATE_ORDER = fault("ENT113", "{key} 是隐私字段，不能作默认排序", "请换一个字段")
TWO_SECTIONS = fault("ENT114", "字段 {key} 已经放在“{section}”分组里了", "请只放在一组里")
NOT_ON_FORM = fault("ENT115", "{key} 由平台自己填，不能放进表单", "请去掉它")
UNFILLABLE = fault(
    "ENT116",
    "必填字段 {key} 不在表单里，又没有默认值，在页面上无法新建记录",
    "请把 {key} 加进 form，或给它 default",
)
RETIRED_SHOWN = fault("ENT117", "{key} 已经停用", "请从这里去掉它")
NO_REF_HERE = fault(
    "ENT118", "{entity} 里没有指向本实体的引用字段", "子记录要有一个 type: ref、to: {here} 的字段"
)
SEVERAL_REFS = fault(
    "ENT119", "{entity} 有几个字段指向本实体：{fields}", "请写明一个，例如 {entity}.{first}"
)
NOT_A_REF_HERE = fault("ENT120", "{path} 不是指向本实体的引用字段")
CONDITION_SHOWN = fault("ENT124", "{type} 类型的字段 {key} 不能作列表的一列", "请从 list 里去掉它")

T = FieldType
UNFILTERED = (T.NOTE, T.LINES, T.FILES, T.CONDITION)
UNORDERED = (T.NOTE, T.LINES, T.CHOICES, T.REFS, T.FILES, T.CONDITION)
UNLISTED = (T.FILES, T.CONDITION)


def read_columns(
    said: Said, key: Key[tuple[Word, ...]], entity: Entity, link: Linking
) -> tuple[str, ...]:
    """The columns of `list` or `filter` that exist; a column is a field, a system field or a clock's moment."""
    refused, kind = (UNLISTED, CONDITION_SHOWN) if key is LIST else (UNFILTERED, NO_FILTER)
    columns = []
    for word in said.get(key, ()):
        field = column(word, entity, link)
        if field is None:
            continue
        if field.type in refused:
            link.found.add(kind(word.place, type=field.type, key=word.text))
        else:
            columns.append(word.text)
    return tuple(columns)


def column(word: Word, entity: Entity, link: Linking) -> Field | None:
    """A live field of the entity itself; an unknown or retired one is reported."""
    field = entity.field(word.text)
    if field is None:
        if not link.unread(entity.key, word.text.partition(".")[0]):
            hint = likely(word.text, [*entity.fields, *entity.system])
            link.found.add(
                UNKNOWN_FIELD(word.place, entity=entity.label, word=word.text, hint=hint)
            )
    elif field.retired:
        link.found.add(RETIRED_SHOWN(word.place, key=word.text))
    else:
        return field
    return None


def read_order(said: Said, entity: Entity, link: Linking) -> tuple[Order, ...]:
    """The columns to sort by, each of a type that an index keeps in order."""
    order = []
    for word in said.get(ORDER, ()):
        key = word.text.removeprefix("-").strip()
        field = column(Word(key, word.at(len(word.text) - len(key)), word.node), entity, link)
        if field is None:
            continue
        if field.type in UNORDERED:
            link.found.add(NO_ORDER(word.place, type=field.type, key=key))
        elif field.private:
            link.found.add(PRIVATE_ORDER(word.place, key=key))
        else:
            order.append(Order(key, word.text.startswith("-"), word.place))
    return tuple(order)


def read_form(said: Said, entity: Entity, link: Linking) -> tuple[Section, ...]:
    """The sections; a field stands in one of them, and what must be filled must be there."""
    placed: dict[str, str] = {}
    sections = []
    for one in said.get(FORM, ()):
        title = one.get(SECTION_LABEL, "")
        for word in one.get(SECTION_FIELDS, ()):
            _form_field(word, title, placed, entity, link)
        keys = tuple(w.text for w in one.get(SECTION_FIELDS, ()) if w.text in entity.fields)
        sections.append(Section(title, keys, one.place))
    if said.has(FORM) and all(one.whole for one in said.get(FORM, ())):
        for key in unfillable(entity.fields, placed):
            link.found.notice(UNFILLABLE(said.key_place(FORM), key=key))
    return tuple(sections)


def _form_field(
    word: Word, title: str, placed: dict[str, str], entity: Entity, link: Linking
) -> None:
    if word.text in entity.system:
        link.found.add(NOT_ON_FORM(word.place, key=word.text))
    elif column(word, entity, link) is not None and word.text in placed:
        link.found.add(TWO_SECTIONS(word.place, key=word.text, section=placed[word.text]))
    placed.setdefault(word.text, title)


def unfillable(fields: Mapping[str, Field], shown: Iterable[str]) -> list[str]:
    there = set(shown)
    return [
        key
        for key, field in fields.items()
        if field.required and not field.retired and field.default is None and key not in there
    ]


def read_details(said: Said, entity: Entity, link: Linking) -> tuple[Detail, ...]:
    """Child records: the named field, or the only ref of that entity to this one."""
    return tuple(
        detail
        for word in said.get(DETAILS, ())
        if (detail := child(word, entity, link)) is not None
    )


def child(word: Word, entity: Entity, link: Linking) -> Detail | None:
    """Records of another entity that belong to this one, named as `entity` or `entity.field`."""
    child_key, _, field_key = word.text.partition(".")
    if not link.known(Noun.ENTITY, Word(child_key, word.place, word.node)):
        return None
    child = link.entities.get(child_key)
    if child is None or link.half_read(child_key):
        return None
    refs = [f.key for f in child.fields.values() if f.type is T.REF and f.to == entity.key]
    if field_key:
        if field_key in refs:
            return Detail(child_key, field_key, word.place)
        hint = likely(f"{child_key}.{field_key}", [f"{child_key}.{ref}" for ref in refs])
        link.found.add(NOT_A_REF_HERE(word.place, path=word.text, hint=hint))
    elif not refs:
        link.found.add(NO_REF_HERE(word.place, entity=child_key, here=entity.key))
    elif len(refs) > 1:
        names = "、".join(refs)
        link.found.add(SEVERAL_REFS(word.place, entity=child_key, fields=names, first=refs[0]))
    else:
        return Detail(child_key, refs[0], word.place)
    return None
