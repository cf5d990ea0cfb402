"""Comparing two values that are there: the one place that says what each comparison means in Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from app.condition.facts import Interval
from app.condition.tree import Op
from app.condition.vocabulary import Kind, Shape


def compares(left: Any, op: Op, right: Any, shape: Shape) -> bool:
    """Whether a value of a field of this shape compares so with another; neither is empty.

    `right` may be a frozenset (several posts of a person: any will do) or an Interval (a day or a year).
    """
    if op is Op.CONTAINS:
        return _contains(left, right)
    if op is Op.STARTS_WITH:
        return str(left).startswith(right)
    if isinstance(right, Interval):
        return _with_interval(left, op, right)
    if op in (Op.IS, Op.IN):
        return left in right if isinstance(right, frozenset) else alike(left, right, shape)
    return _in_order(left, op, right, shape)


def alike(left: Any, right: Any, shape: Shape) -> bool:
    """Whether two values of this shape are the same; durations of different units never are."""
    if shape.kind is Kind.DURATION:
        return left.amount == right.amount and str(left.unit) == str(right.unit)
    return bool(left == right)


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str):
        return right in left
    if isinstance(right, frozenset):
        return bool(right & set(left))
    return right in left


_ORDERS: dict[Op, Callable[[Any, Any], bool]] = {
    Op.MORE: lambda left, right: left > right,
    Op.AT_LEAST: lambda left, right: left >= right,
    Op.LESS: lambda left, right: left < right,
    Op.AT_MOST: lambda left, right: left <= right,
}


def _in_order(left: Any, op: Op, right: Any, shape: Shape) -> bool:
    if shape.kind is Kind.CHOICE:
        ranks = {option.key: rank for rank, option in enumerate(shape.options)}
        if left not in ranks or right not in ranks:
            return False
        return _ORDERS[op](ranks[left], ranks[right])
    if shape.kind is Kind.DURATION:
        return str(left.unit) == str(right.unit) and _ORDERS[op](left.amount, right.amount)
    return _ORDERS[op](left, right)


def _with_interval(left: date | datetime, op: Op, right: Interval) -> bool:
    match op:
        case Op.MORE:
            return left >= right.end
        case Op.AT_LEAST:
            return left >= right.start
        case Op.LESS:
            return left < right.start
        case Op.AT_MOST:
            return left < right.end
        case _:
            return right.start <= left < right.end
