"""A field's value as written in YAML: defaults, limits, declared rows, tests' records."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from app.manifest.field_values import (
    ValueProblem,
    check_limits,
    check_lines,
    read_text,
)
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import Unit
from app.manifest.problems import likely
from app.manifest.source import ListNode, MapNode, Node, TextNode
from app.manifest.times import duration_hint, parse_duration
from app.place import Place

_RELATIVE = re.compile(
    r"(today|now)( [+-] [0-9]{1,4} (days?|months?|years?|workdays?)| [+-] [0-9]{1,4}[hm])?"
)
LISTS = (FieldType.CHOICES, FieldType.LINES, FieldType.REFS)


class BadValue(Exception):
    """What was written can't be this field's value."""

    def __init__(self, place: Place, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.hint = hint


def read_value_of(node: Node, field: Field, zone: ZoneInfo, *, relative: bool = False) -> object:
    """The typed value, None for an empty node. Refs stay the code or key that was written.

    With `relative`, dates may be `today` or `now` with a duration added, which stays text. Raises BadValue.
    """
    if isinstance(node, MapNode):
        raise BadValue(
            node.place,
            "这里要写一个值，不能是一组“键: 值”",
            "文字里含有花括号时，请把整段文字加上引号",
        )
    if field.type in LISTS:
        return _list(node, field)
    if isinstance(node, ListNode):
        raise BadValue(node.place, f"“{field.label}”只能有一个值，不能写成列表", "请去掉方括号")
    if node.empty:
        return None
    if (
        relative
        and field.type in (FieldType.DATE, FieldType.DATETIME)
        and _RELATIVE.fullmatch(node.text)
    ):
        return node.text
    return _scalar(node, field, zone)


def _list(node: Node, field: Field) -> tuple[str, ...]:
    if isinstance(node, TextNode):
        hint = f"请写成 [{node.text}]" if node.text else "请写成 [甲, 乙]"
        raise BadValue(node.place, f"“{field.label}”要写成列表", hint)
    assert isinstance(node, ListNode)
    words: list[str] = []
    for item in node.items:
        if not isinstance(item, TextNode) or item.empty:
            raise BadValue(item.place, f"“{field.label}”的每一项都要是一段文字")
        if item.text in words and field.type is not FieldType.LINES:
            raise BadValue(item.place, f"{item.text} 写了两次", "请去掉一处")
        if field.type is FieldType.CHOICES:
            _choice(item, field)
        words.append(item.text)
    if field.type is FieldType.LINES:
        try:
            return check_lines(tuple(word.strip() for word in words))
        except ValueProblem as problem:
            raise BadValue(node.place, f"“{field.label}”{problem}") from problem
    return tuple(words)


def _choice(node: TextNode, field: Field) -> str:
    if field.choice(node.text) is None:
        by_label = next((c.key for c in field.choices if c.label == node.text), None)
        hint = f"请写 {by_label}" if by_label else likely(node.text, [c.key for c in field.choices])
        raise BadValue(node.place, f"“{field.label}”没有 {node.text} 这个选项", hint)
    return node.text


def _scalar(node: TextNode, field: Field, zone: ZoneInfo) -> object:
    match field.type:
        case FieldType.CHOICE:
            return _choice(node, field)
        case FieldType.YES_NO:
            if node.text not in ("yes", "no"):
                raise BadValue(node.place, f"“{node.text}”不是 yes 或 no", "请写 yes 或 no")
            return node.text == "yes"
        case FieldType.DURATION:
            return _duration(node, field)
        case FieldType.PERCENT if not node.text.endswith("%"):
            raise BadValue(node.place, f"“{node.text}”不是百分数", f"请写成 {node.text}%")
        case FieldType.REF | FieldType.CONDITION:
            return node.text.strip()
        case FieldType.FILES:
            raise BadValue(node.place, "附件不能写在 YAML 里", "请在页面上传")
    try:
        return read_text(field, node.text, zone)
    except ValueProblem as problem:
        raise BadValue(node.place, f"“{field.label}”的值不对：{problem}") from problem


def _duration(node: TextNode, field: Field) -> object:
    value = parse_duration(node.text)
    if value is None or (value.amount == 0 and value.unit is not Unit.WORKDAYS):
        raise BadValue(node.place, f"“{node.text}”不是时长", duration_hint(node.text))
    try:
        check_limits(field, value)
    except ValueProblem as problem:
        raise BadValue(node.place, f"“{field.label}”{problem}") from problem
    return value
