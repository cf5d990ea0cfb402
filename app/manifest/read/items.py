"""`items:` of an entity — declared rows, each value typed for its field.

With a workflow a row may also say the `state` that it begins in: what was checked on the way into the site's files
needn't go through the workflow's first states again.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.entities import Entity, Item
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.manifest.problems import fault, likely
from app.manifest.read.values import BadValue, read_value_of
from app.manifest.scalars import PHRASE_LENGTH, TOO_LONG, Word
from app.manifest.shapes import Key, closest_unknown, raw, series
from app.manifest.source import Entry, ListNode, MapNode, Node, TextNode
from app.place import Place

KEY = Key("items", series(raw("一行记录")), "预先写好的行；按 code 字段辨认，应用时与数据库合并")

STATE = "state"

NO_CODE_FIELD = fault(
    "ITM101", "实体没有 code 类型的字段，不能预先写行", "请加一个 type: code 的字段"
)
NOT_A_ROW = fault(
    "ITM102", "这里要写一行记录，即一组“字段: 值”", "例如 - {{ code: A01, name: 名称 }}"
)
NO_CODE = fault("ITM103", "这一行没有写 {code}", "每一行都要有 {code}，它是这一行的标识")
SAME_CODE = fault("ITM104", "{code} 已经在第 {line} 行写过了", "每一行的 code 不能相同")
NO_FIELD = fault("ITM105", "{entity}没有 {field} 这个字段")
NOT_DECLARED = fault("ITM106", "{field} 由平台自己填，不能写在这里", "请去掉它")
BAD_VALUE = fault("ITM107", "{why}")
MISSING = fault("ITM108", "这一行没有写必填的 {field}（{label}）", "请补上")
UNKNOWN_ROW = fault("ITM109", "{entity}里没有编号为 {code} 的行")
NO_CODE_THERE = fault(
    "ITM110", "{entity}没有 code 字段，不能在这里引用它的行", "请给它加一个 type: code 的字段"
)
RETIRED_CHOICE = fault("ITM111", "“{field}”的选项 {value} 已经停用", "请改用在用的选项")
RETIRED_FIELD = fault("ITM112", "字段 {field} 已经停用", "请去掉它")
SAME_VALUE = fault("ITM113", "“{field}”不许重复，{value} 已经在第 {line} 行用了", "请改成不同的值")


def code_field(entity: Entity) -> Field | None:
    """The field that declared rows are known by."""
    return next((f for f in entity.fields.values() if f.type is FieldType.CODE), None)


def declared_codes(nodes: tuple[Node, ...], code: str) -> tuple[str, ...]:
    """The codes written, without checking anything."""
    values = (node.get(code) for node in nodes if isinstance(node, MapNode))
    return tuple(value.text for value in values if isinstance(value, TextNode))


def read_items(
    nodes: tuple[Node, ...], place: Place, entity: Entity, link: Linking
) -> tuple[Item, ...]:
    """The rows that could be read in full. `place` is where `items` stands."""
    code = code_field(entity)
    if code is None:
        if not link.half_read(entity.key):
            link.found.add(NO_CODE_FIELD(place))
        return ()
    items: dict[str, Item] = {}
    for node in nodes:
        item = _item(node, code, entity, link)
        if item is None:
            continue
        if item.code in items:
            line = items[item.code].place.line
            link.found.add(
                SAME_CODE(item.places.get(code.key, item.place), code=item.code, line=line)
            )
        items.setdefault(item.code, item)
    _refuse_same_values(items, entity, link)
    return tuple(items.values())


def _item(node: Node, code: Field, entity: Entity, link: Linking) -> Item | None:
    if not isinstance(node, MapNode):
        link.found.add(NOT_A_ROW(node.place))
        return None
    values: dict[str, object] = {}
    places: dict[str, Place] = {}
    for entry in node.entries:
        field = row_field(entry, entity, link)
        if field is None:
            continue
        places[field.key] = entry.value.place
        value = row_value(entry.value, field, entity, link)
        if value is not None:
            values[field.key] = value
    _check_required(node, values, places, code, entity, link)
    written, state = values.get(code.key), values.pop(STATE, None)
    if not isinstance(written, str):
        return None
    begins = state if isinstance(state, str) else None
    return Item(written, frozen(values), frozen(places), node.place, begins)


def row_field(entry: Entry, entity: Entity, link: Linking) -> Field | None:
    """The declared field that a written row fills; one that it can't fill is reported."""
    key, place = entry.key.text, entry.key.place
    field = entity.fields.get(key)
    if field is not None:
        if field.retired:
            link.found.add(RETIRED_FIELD(place, field=key))
        return field
    if key == STATE and key in entity.system:
        return entity.system[key]
    if key in entity.system:
        link.found.add(NOT_DECLARED(place, field=key))
    elif not link.unread(entity.key, key):
        hint = likely(key, entity.fields)
        link.found.add(NO_FIELD(place, entity=entity.label, field=key, hint=hint))
    return None


def row_value(node: Node, field: Field, entity: Entity, link: Linking) -> object:
    """The typed value of one field of a written row; None, and reported, where it can't be one."""
    if field.type is FieldType.CONDITION and isinstance(node, TextNode) and field.of is not None:
        if len(node.text) > PHRASE_LENGTH:
            limit = PHRASE_LENGTH
            link.found.add(TOO_LONG(node.place, length=len(node.text), limit=limit))
            return None
        return read_condition(link, Word(node.text, node.place, node), field.of, person=False)
    if field.type in (FieldType.CHOICE, FieldType.CHOICES) and not field.choices:
        return None
    try:
        value = read_value_of(node, field, link.zone)
    except BadValue as bad:
        link.found.add(BAD_VALUE(bad.place, why=bad.message, hint=bad.hint))
        return None
    if field.type in (FieldType.REF, FieldType.REFS) and field.to is not None:
        _check_refs(node, field.to, link)
    for chosen in value if isinstance(value, tuple) else (value,):
        choice = field.choice(chosen) if isinstance(chosen, str) else None
        if choice is not None and choice.retired:
            link.found.add(RETIRED_CHOICE(node.place, field=field.label, value=choice.key))
    return value


def _check_refs(node: Node, to: str, link: Linking) -> None:
    """Refs of declared rows lead to departments, posts and declared rows; people are known to the database only."""
    if to == "user":
        return
    noun = {"department": Noun.DEPARTMENT, "post": Noun.POST}.get(to)
    for one in node.items if isinstance(node, ListNode) else (node,):
        if not isinstance(one, TextNode):
            continue
        if noun is not None:
            link.known(noun, Word(one.text, one.place, one))
        else:
            _check_row(one, to, link)


def _check_row(node: TextNode, to: str, link: Linking) -> None:
    target = link.entities.get(to)
    if target is None or link.half_read(to):
        return
    code = code_field(target)
    if code is None:
        link.found.add(NO_CODE_THERE(node.place, entity=target.label))
        return
    codes = link.codes.get(to, {})
    if node.text not in codes:
        hint = likely(node.text, codes) or f"请在 {to} 的 items 里写上这一行"
        link.found.add(UNKNOWN_ROW(node.place, entity=target.label, code=node.text, hint=hint))


def _check_required(
    node: MapNode,
    values: Mapping[str, object],
    places: Mapping[str, Place],
    code: Field,
    entity: Entity,
    link: Linking,
) -> None:
    unknown = [entry.key.text for entry in node.entries if entry.key.text not in entity.fields]
    if code.key not in places and closest_unknown(code.key, unknown) is None:
        link.found.add(NO_CODE(node.place, code=code.key))
    for field in entity.fields.values():
        if not field.required or field.retired or field.default is not None or field is code:
            continue
        empty = (
            field.key in places
            and values.get(field.key) in (None, ())
            and _is_empty(node.get(field.key))
        )
        mistyped = closest_unknown(field.key, unknown) is not None
        if empty or (field.key not in places and not mistyped):
            place = places.get(field.key, node.place)
            link.found.add(MISSING(place, field=field.key, label=field.label))


def _is_empty(node: Node | None) -> bool:
    return (isinstance(node, TextNode) and not node.text.strip()) or (
        isinstance(node, ListNode) and not node.items
    )


def _refuse_same_values(items: Mapping[str, Item], entity: Entity, link: Linking) -> None:
    for field in entity.fields.values():
        if not field.unique or field.type is FieldType.CODE:
            continue
        seen: dict[object, int] = {}
        for item in items.values():
            value = item.values.get(field.key)
            if value is None:
                continue
            if value in seen:
                place = item.places[field.key]
                link.found.add(SAME_VALUE(place, field=field.label, value=value, line=seen[value]))
            seen.setdefault(value, item.place.line)
