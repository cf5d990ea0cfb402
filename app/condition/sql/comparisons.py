"""Comparing a column with a value or another column. What these give may be NULL; `sure` guards it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    String,
    and_,
    case,
    false,
    func,
    or_,
)

from app.condition.facts import Interval
from app.condition.sql.cells import Cell, row_exists
from app.condition.sql.constructs import list_filled, listed, on_scale, text_within
from app.condition.tree import ORDERING, Op
from app.condition.vocabulary import LISTS, NUMBERS, Kind, Shape

Compare = Callable[[Any, Any], Any]
OPERATORS: dict[Op, Compare] = {
    Op.IS: operator.eq,
    Op.IN: operator.eq,
    Op.MORE: operator.gt,
    Op.AT_LEAST: operator.ge,
    Op.LESS: operator.lt,
    Op.AT_MOST: operator.le,
}
UNIT_LETTERS = {"minutes": "m", "hours": "h", "workdays": "w", "days": "d"}
LINKED = frozenset({Kind.REFS, Kind.FILES})


def sure(column: ColumnElement[Any], comparison: ColumnElement[bool]) -> ColumnElement[bool]:
    """The comparison where there is a value to compare, else false."""
    if isinstance(column, Column) and column.nullable is False:
        return comparison
    return and_(column.is_not(None), comparison)


def is_filled(cell: Cell, shape: Shape) -> ColumnElement[bool]:
    """Whether there is a value. Never NULL."""
    if shape.kind in LINKED:
        links = cell.links()
        return row_exists(links.rows, links.joined)
    if shape.kind in LISTS:
        return and_(cell.column.is_not(None), list_filled(cell.column))
    return cell.column.is_not(None)


def with_value(cell: Cell, op: Op, value: Any, shape: Shape) -> ColumnElement[bool]:
    """A cell compared with a value that is there. Never NULL."""
    if shape.kind in LINKED:
        links = cell.links()
        several = isinstance(value, frozenset)
        wanted = links.target.in_(sorted(value)) if several else links.target == value
        return row_exists(links.rows, links.joined, wanted)
    column = cell.column
    if op is Op.CONTAINS:
        holds = listed if shape.kind in LISTS else text_within
        texts = sorted(value) if isinstance(value, frozenset) else [value]
        return sure(column, or_(false(), *(holds(column, text) for text in texts)))
    return sure(column, compared(column, op, value, shape))


def compared(column: ColumnElement[Any], op: Op, value: Any, shape: Shape) -> ColumnElement[bool]:
    """One value compared with another that is there; NULL where the column is."""
    if op is Op.STARTS_WITH:
        beginning: str = value
        return cut(column, len(beginning)) == beginning
    if isinstance(value, Interval):
        return _with_interval(column, op, value)
    if isinstance(value, frozenset):
        return column.in_(sorted(value))
    if shape.kind in NUMBERS:
        return _with_number(column, op, Decimal(value))
    if shape.kind is Kind.CHOICE and op in ORDERING:
        return _ranked(column, op, value, shape)
    if shape.kind is Kind.DURATION and op in ORDERING:
        unit = cut(column, 1) == UNIT_LETTERS[value.unit]
        return and_(unit, OPERATORS[op](column, value))
    found: ColumnElement[bool] = OPERATORS[op](column, value)
    return found


def cut(text: ColumnElement[Any], length: Any) -> ColumnElement[str]:
    """The beginning of a text."""
    return func.substr(text, 1, length, type_=String())


def _with_interval(column: ColumnElement[Any], op: Op, value: Interval) -> ColumnElement[bool]:
    match op:
        case Op.MORE:
            return column >= value.end
        case Op.AT_LEAST:
            return column >= value.start
        case Op.LESS:
            return column < value.start
        case Op.AT_MOST:
            return column < value.end
        case _:
            return and_(column >= value.start, column < value.end)


def scale_of(column: ColumnElement[Any]) -> int | None:
    """The decimal places that a stored number can have, None for any."""
    if isinstance(column.type, Integer):
        return 0
    scale = getattr(column.type, "scale", None)
    return scale if isinstance(scale, int) else None


def on_stored_scale(column: ColumnElement[Any], value: Decimal) -> tuple[Decimal | int, bool]:
    """The greatest storable number up to `value`, and whether it is `value` itself."""
    scale = scale_of(column)
    if scale is None:
        return value, True
    floor = value.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_FLOOR)
    return (int(floor) if scale == 0 else floor), floor == value


def _with_number(column: ColumnElement[Any], op: Op, value: Decimal) -> ColumnElement[bool]:
    floor, exact = on_stored_scale(column, value)
    if exact:
        found: ColumnElement[bool] = OPERATORS[op](column, floor)
        return found
    if op in (Op.MORE, Op.AT_LEAST):
        return column > floor
    return column <= floor if op in (Op.LESS, Op.AT_MOST) else false()


def _ranked(column: ColumnElement[Any], op: Op, key: str, shape: Shape) -> ColumnElement[bool]:
    """A choice in the written order: the keys beyond this one, so that an index serves."""
    keys = [option.key for option in shape.options]
    if key not in keys:
        return false()
    wanted = [other for at, other in enumerate(keys) if OPERATORS[op](at, keys.index(key))]
    return column.in_(wanted) if wanted else false()


def with_cell(
    left: ColumnElement[Any], op: Op, right: ColumnElement[Any], shape: Shape
) -> ColumnElement[bool]:
    """Two columns compared; NULL where either is."""
    if op is Op.CONTAINS:
        return text_within(left, right)
    if op is Op.STARTS_WITH:
        return cut(left, func.length(right)) == right
    if shape.kind in NUMBERS:
        left, right = _on_one_scale(left, right)
    if shape.kind is Kind.CHOICE and op in ORDERING:
        # A choice that is in no list any more has no rank, and so compares with nothing.
        keys = [option.key for option in shape.options]
        ranked = OPERATORS[op](_rank(left, shape), _rank(right, shape))
        return and_(left.in_(keys), right.in_(keys), ranked)
    found: ColumnElement[bool] = OPERATORS[op](left, right)
    if shape.kind is Kind.DURATION and op in ORDERING:
        return and_(cut(left, 1) == cut(right, 1), found)
    return found


def _on_one_scale(
    left: ColumnElement[Any], right: ColumnElement[Any]
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    one, other = scale_of(left), scale_of(right)
    if one is None or other is None or one == other:
        return left, right
    return on_scale(left, max(other - one, 0)), on_scale(right, max(one - other, 0))


def _rank(column: ColumnElement[Any], shape: Shape) -> ColumnElement[Any]:
    ranks = {option.key: rank for rank, option in enumerate(shape.options)}
    return case(ranks, value=column)
