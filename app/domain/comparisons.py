"""One field compared with one value, as a program asks for it: a closed list of operators, each for its types.

`neq` and the other negations are the whole rest, empty values included, as `is not` is in a condition. An operator
or value that doesn't fit the field is a BadQuery that names it: never all rows by mistake.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, true

from app.domain import access
from app.domain.context import Context
from app.domain.errors import BadQuery
from app.domain.facts import (
    check_typed,
    contains_text,
    is_set,
    linked_to,
    matches,
    my_ids,
    relative_moment,
)
from app.manifest.field_values import ValueProblem, read_text
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.schema.columns import SchemaColumns

T = FieldType
STATES = ("set", "empty")
SAME = ("eq", "neq")
ORDER = ("gt", "ge", "lt", "le")
ANY_OF = ("in", "not_in")
WITHIN = ("ct", "nct")
BEGINNING = ("sw", "nsw", "ew", "new")
NEGATIONS: Mapping[str, str] = {
    "neq": "eq",
    "nsw": "sw",
    "new": "ew",
    "nct": "ct",
    "not_in": "in",
    "nrel_o_m": "rel_o_m",
    "nrel_m_m": "rel_m_m",
    "empty": "set",
}
# Every operator, in the words of a person.
OPERATOR_WORDS: Mapping[str, str] = {
    "eq": "等于",
    "neq": "不等于",
    "gt": "大于",
    "ge": "大于或等于",
    "lt": "小于",
    "le": "小于或等于",
    "in": "是其中之一",
    "not_in": "不是其中任何一个",
    "ct": "包含",
    "nct": "不包含",
    "sw": "开头是",
    "nsw": "开头不是",
    "ew": "结尾是",
    "new": "结尾不是",
    "rel_o_m": "关联到",
    "nrel_o_m": "未关联到",
    "rel_m_m": "关联中有",
    "nrel_m_m": "关联中没有",
    "set": "已填写",
    "empty": "未填写",
}
MOST_VALUES = 100
LONGEST = 1000
LAST_CHARACTER = "\U0010ffff"
_ORDERED = (*SAME, *ORDER, *ANY_OF, *STATES)
_OPERATORS: Mapping[FieldType, tuple[str, ...]] = {
    T.INTEGER: _ORDERED,
    T.DECIMAL: _ORDERED,
    T.MONEY: _ORDERED,
    T.PERCENT: _ORDERED,
    T.DATE: _ORDERED,
    T.DATETIME: (*SAME, *ORDER, *STATES),
    T.TIME: _ORDERED,
    T.DURATION: (*SAME, *ORDER, *STATES),
    T.YES_NO: (*SAME, *STATES),
    T.CHOICE: _ORDERED,
    T.CHOICES: (*WITHIN, *STATES),
    T.LINES: (*WITHIN, *STATES),
    T.REF: (*SAME, *ANY_OF, "rel_o_m", "nrel_o_m", *STATES),
    T.REFS: ("rel_m_m", "nrel_m_m", *STATES),
    T.FILES: STATES,
}
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`value` as JSON holds it; a list only for `in` and `not_in`, nothing for `set` and `empty`."""

    field: Field
    operator: str
    value: object = None


def operators(field: Field) -> tuple[str, ...]:
    """The operators that fit the field's type."""
    return _OPERATORS.get(field.type, (*SAME, *WITHIN, *BEGINNING, *ANY_OF, *STATES))


def comparison_sql(context: Context, entity: Entity, asked: Comparison) -> ColumnElement[bool]:
    """The comparison as SQL over the entity's table. Raises BadQuery for what doesn't fit the field."""
    field = asked.field
    if asked.operator not in operators(field):
        fitting = "、".join(operators(field))
        said = f"“{field.label}”没有比较方式“{asked.operator[:40]}”，可用：{fitting}"
        raise BadQuery(field.key, said)
    positive = NEGATIONS.get(asked.operator)
    found = _holds(context, entity, replace(asked, operator=positive or asked.operator))
    return not_(found) if positive else found


def _holds(context: Context, entity: Entity, asked: Comparison) -> ColumnElement[bool]:
    """Never NULL, so it may be negated."""
    field = asked.field
    if asked.operator == "set":
        return is_set(context, entity, field)
    if asked.operator == "in":
        values = asked.value if isinstance(asked.value, list | tuple) else [asked.value]
        if len(values) > MOST_VALUES:
            raise BadQuery(field.key, f"“{field.label}”最多给 {MOST_VALUES} 个值")
        each = (replace(asked, operator="eq", value=value) for value in values)
        return or_(false(), *(_holds(context, entity, one) for one in each))
    match field.type:
        case T.REF | T.REFS:
            ids = _ids(context, field, asked.value)
            if field.type is T.REFS:
                return or_(false(), *(linked_to(context, entity, field, one) for one in ids))
            column = _column(context, entity, field)
            return _sure(column, column == ids[0] if len(ids) == 1 else column.in_(ids))
        case T.CHOICES | T.LINES | T.DURATION:
            return _as_condition(context, entity, asked)
        case T.CHOICE if asked.operator in ORDER:
            return _ranked(context, entity, asked)
        case T.DATETIME:
            return _moment(context, entity, asked)
    column = _column(context, entity, field)
    if asked.operator in ("ct", "sw", "ew"):
        return _text_part(context, column, asked)
    return _sure(column, _COMPARE[asked.operator](column, _value(context, field, asked.value)))


def _column(context: Context, entity: Entity, field: Field) -> ColumnElement[Any]:
    table = access.table(context, entity.key)
    return SchemaColumns(context.schema).column(table, entity.key, field.key)


def _sure(column: ColumnElement[Any], comparison: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        and_(column.is_not(None), comparison) if getattr(column, "nullable", True) else comparison
    )


def _text(field: Field, value: object) -> str:
    """A single value as text. A number beside a text field is what its digits are."""
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, str | int | float):
        text = str(value)
    else:
        raise BadQuery(field.key, f"“{field.label}”的筛选值应为一个值")
    if not text.strip():
        raise BadQuery(field.key, f"“{field.label}”的筛选值是空的；要找未填写的，请用 empty")
    if len(text) > LONGEST:
        raise BadQuery(field.key, f"“{field.label}”的筛选值最多 {LONGEST} 个字")
    return text


def _value(context: Context, field: Field, given: object) -> object:
    text = _text(field, given)
    if isinstance(given, bool) and field.type is not T.YES_NO:
        raise BadQuery(field.key, f"“{field.label}”不能与是/否比较")
    if field.type is T.CHOICE:
        if field.choice(text) is None:
            raise BadQuery(field.key, f"“{field.label}”没有“{text[:40]}”这个选项")
        return text
    if (moment := _relative(context, field, text)) is not None:
        return moment
    try:  # the limits are for what is stored; asking for what lies beyond them is no mistake
        unlimited = replace(field, min=None, max=None, max_length=LONGEST)
        return read_text(unlimited, text, context.zone)
    except ValueProblem as problem:
        raise BadQuery(field.key, f"“{field.label}”：{problem}") from problem


def _relative(context: Context, field: Field, text: str) -> date | datetime | None:
    if field.type not in (T.DATE, T.DATETIME):
        return None
    try:
        return relative_moment(context, field, text)
    except (OverflowError, ValueError) as error:
        raise BadQuery(field.key, f"“{field.label}”：日期超出了范围") from error


def _text_part(
    context: Context, column: ColumnElement[Any], asked: Comparison
) -> ColumnElement[bool]:
    """Literally: no character of the text means anything else."""
    text = _text(asked.field, asked.value)
    if asked.operator == "ct":
        return contains_text(context, column, text)
    if asked.operator == "ew":
        ending = func.substr(column, func.length(column) - len(text) + 1)
        return _sure(column, and_(func.length(column) >= len(text), ending == text))
    # The range lets an index find the beginning, the cut is exact.
    begins = func.substr(column, 1, len(text)) == text
    return _sure(column, and_(column >= text, column <= text + LAST_CHARACTER, begins))


def _ids(context: Context, field: Field, given: object) -> tuple[int, ...]:
    """An id, or `me`, `my.department`, `my.departments`, `my.post` of the reader."""
    text = _text(field, given)
    if (mine := my_ids(context, field, text)) is not None:
        return mine
    if isinstance(given, bool) or not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise BadQuery(field.key, f"“{field.label}”的筛选值应为记录的 id，不能是“{text[:40]}”")
    return tuple(access.storable(field.to or "", (int(text),))) or (0,)  # no row has 0


def _as_condition(context: Context, entity: Entity, asked: Comparison) -> ColumnElement[bool]:
    """Lists and durations compare as in a condition."""
    field = asked.field
    if field.type is T.DURATION:
        said = str(_value(context, field, asked.value))
        word = {"eq": "is", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}[asked.operator]
    else:
        text = _text(field, asked.value)
        if field.type is T.CHOICES and field.choice(text) is None:
            raise BadQuery(field.key, f"“{field.label}”没有“{text[:40]}”这个选项")
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        said, word = text if field.type is T.CHOICES else f'"{quoted}"', "contains"
    typed = f"{field.key} {word} {said}"
    read = check_typed(context, entity.key, typed, lambda say: BadQuery(field.key, say))
    return matches(context, read)


def _ranked(context: Context, entity: Entity, asked: Comparison) -> ColumnElement[bool]:
    """A choice in the order in which its choices are written."""
    keys = [choice.key for choice in asked.field.choices]
    at = keys.index(str(_value(context, asked.field, asked.value)))
    column = _column(context, entity, asked.field)
    wanted = [key for rank, key in enumerate(keys) if _COMPARE[asked.operator](rank, at)]
    return _sure(column, column.in_(wanted))


def _moment(context: Context, entity: Entity, asked: Comparison) -> ColumnElement[bool]:
    """A bare date beside a moment is the whole day of the site's zone."""
    column, field = _column(context, entity, asked.field), asked.field
    text = _text(field, asked.value)
    if len(text.strip()) > 10 or (text[:1].isalpha() and text != "today"):
        moment = _value(context, field, text)
        return _sure(column, _COMPARE[asked.operator](column, moment))
    day = _value(context, replace(field, type=T.DATE), text)
    if not isinstance(day, date):
        raise BadQuery(field.key, f"“{field.label}”的筛选值不对")
    start = datetime.combine(day, time(), context.zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), context.zone).astimezone(UTC)
    clause = {
        "eq": and_(column >= start, column < end),
        "gt": column >= end,
        "ge": column >= start,
        "lt": column < start,
        "le": column < end,
    }
    return _sure(column, clause.get(asked.operator, true()))
