"""The SQL filter: selects a row exactly when the predicate holds for it, on SQLite and PostgreSQL.

Every part is two-valued: a comparison guards itself against NULL, so `NOT` and `OR` around it mean what they mean in
Python. A path through refs is an EXISTS; the simplest clauses stay `column = :value`, which an index serves.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, not_, or_, true

from app.condition.facts import Facts
from app.condition.predicate import Outcome, of_person
from app.condition.sql.cells import Columns, Links
from app.condition.sql.clauses import Look, clause_holds, holds, is_set, number_of, value_of
from app.condition.tree import (
    Aggregate,
    And,
    Clause,
    Coded,
    Condition,
    Listing,
    Mine,
    Node,
    Not,
    Or,
    Path,
)

__all__ = ["Columns", "Links", "gathered", "suits", "where"]


def where(
    condition: Condition, rows: FromClause, columns: Columns, facts: Facts
) -> ColumnElement[bool]:
    """The filter for `rows`, the condition's entity's table or alias in the query. Never NULL."""
    return holds(condition.tree, Look(columns, facts, rows))


def suits(
    condition: Condition, rows: FromClause, columns: Columns, facts: Facts
) -> ColumnElement[bool]:
    """The filter for the rows whose verdict is "met": nothing that decides is unknown. Never NULL."""
    return _decided(condition.tree, Look(columns, facts, rows), met=True)


def gathered(
    aggregate: Aggregate, rows: FromClause, columns: Columns, facts: Facts
) -> ColumnElement[Any]:
    """The number or sum that an aggregate gives for each of `rows`."""
    return number_of(aggregate, Look(columns, facts, rows))


def _decided(node: Node, look: Look, *, met: bool) -> ColumnElement[bool]:
    """Where a node is known to be met, or known not to be."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            found = [_decided(part, look, met=met) for part in parts]
            return and_(*found) if isinstance(node, And) is met else or_(*found)
        case Not(part=part):
            return _decided(part, look, met=not met)
        case Clause() if not met:
            return and_(_known(node, look), not_(clause_holds(node, look)))
        case _:
            return holds(node, look)


def _known(node: Clause, look: Look) -> ColumnElement[bool]:
    """Where both sides of a clause have a value."""
    if isinstance(node.left, Mine):
        return true() if of_person(node, look.facts) is not Outcome.UNKNOWN else false()
    if node.right is None:
        return true()
    items = node.right.items if isinstance(node.right, Listing) else (node.right,)
    sides = [item for item in (node.left, *items) if isinstance(item, Path)]
    for item in items:
        if not isinstance(item, Path | Coded) and value_of(node, item, look) is None:
            return false()
    return and_(true(), *(is_set(side, look) for side in sides))
