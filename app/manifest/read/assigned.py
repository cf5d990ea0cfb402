"""Values that an effect writes: `set` into the watched record, `with` into one that it opens."""

from __future__ import annotations

from collections.abc import Mapping

from app.manifest.link import Linking
from app.manifest.model.entities import Entity
from app.manifest.model.escalations import Assigned
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.manifest.problems import fault, likely
from app.manifest.read.items import row_value
from app.manifest.read.messages import check_placeholders, check_template
from app.manifest.read.values import BadValue, read_value_of
from app.manifest.read.words import is_path
from app.manifest.scalars import Word
from app.manifest.shapes import Table
from app.manifest.source import Node, TextNode

NO_FIELD = fault("ESC120", "{entity}没有 {field} 这个字段")
SYSTEM = fault("ESC121", "{field} 由平台自己填，不能写", "请去掉它")
RETIRED = fault("ESC122", "字段 {field} 已经停用", "请去掉它")
BAD_VALUE = fault("ESC123", "{why}")
OTHER_KIND = fault(
    "ESC124", "{path} 指向 {written}，“{field}”要的是 {wanted}", "请换一个指向 {wanted} 的字段"
)

_TEXTS = (FieldType.TEXT, FieldType.NOTE)
_MOMENTS = (FieldType.DATE, FieldType.DATETIME)


def read_assigned(
    written: Table[Node] | None, target: Entity, watched: str, link: Linking
) -> Mapping[str, Assigned]:
    """The values for fields of `target`; paths and placeholders are those of the watched record."""
    values = {}
    for entry in written or ():
        word = Word(entry.key, entry.place, TextNode(entry.place, entry.place, entry.key))
        field = _field(word, target, link)
        value = _value(entry.value, field, target, watched, link) if field is not None else None
        if value is not None:
            values[entry.key] = value
    return frozen(values)


def _field(word: Word, target: Entity, link: Linking) -> Field | None:
    field = target.fields.get(word.text)
    if field is None and word.text in target.system:
        link.found.add(SYSTEM(word.place, field=word.text))
    elif field is None and not link.unread(target.key, word.text):
        hint = likely(word.text, target.fields)
        link.found.add(NO_FIELD(word.place, entity=target.label, field=word.text, hint=hint))
    elif field is not None and field.retired:
        link.found.add(RETIRED(word.place, field=word.text))
    return field


def _value(
    node: Node, field: Field, target: Entity, watched: str, link: Linking
) -> Assigned | None:
    word = Word(node.text, node.place, node) if isinstance(node, TextNode) else None
    if field.type is FieldType.REF and word is not None and _is_own_path(word, watched, link):
        _check_ref(word, field, watched, link)
        return Assigned(field.key, word.text, path=True, place=node.place)
    if field.type in _TEXTS and word is not None:
        check_template(word, link)
        check_placeholders(word, watched, link)
    if field.type in _MOMENTS:
        value = _moment(node, field, link)
    else:
        value = row_value(node, field, target, link)
    return Assigned(field.key, value, path=False, place=node.place) if value is not None else None


def _is_own_path(word: Word, watched: str, link: Linking) -> bool:
    """Whether the text begins with a field of the watched record, and so is meant as a path."""
    entity, first = link.entities.get(watched), word.text.partition(".")[0]
    return is_path(word.text) and entity is not None and entity.field(first) is not None


def _check_ref(word: Word, field: Field, watched: str, link: Linking) -> None:
    found = link.path(word, watched, wanted=(FieldType.REF,))
    if found is not None and found.to is not None and field.to is not None and found.to != field.to:
        link.found.add(
            OTHER_KIND(
                word.place, path=word.text, written=found.to, field=field.label, wanted=field.to
            )
        )


def _moment(node: Node, field: Field, link: Linking) -> object:
    try:
        return read_value_of(node, field, link.zone, relative=True)
    except BadValue as bad:
        link.found.add(BAD_VALUE(bad.place, why=bad.message, hint=bad.hint))
        return None
