"""The clauses of a condition as SQL, each two-valued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    distinct,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from app.condition.aggregates import SINCE
from app.condition.facts import Facts, shifted_now
from app.condition.predicate import Outcome, of_person
from app.condition.resolve import resolved
from app.condition.sql.cells import Cell, Columns, reach, row_exists, scalar
from app.condition.sql.comparisons import (
    LINKED,
    compared,
    is_filled,
    sure,
    with_cell,
    with_value,
)
from app.condition.sql.constructs import listed
from app.condition.tree import (
    Aggregate,
    And,
    Clause,
    Coded,
    Gather,
    Listing,
    Mine,
    Node,
    Not,
    Op,
    Or,
    Path,
    SameAs,
    Span,
)
from app.condition.vocabulary import DEPARTMENT, LISTS, POST

UNIQUELY_KEYED = frozenset({DEPARTMENT, POST})
NO_ID = -1


@dataclass(frozen=True, slots=True)
class Look:
    """The rows that are looked at; `host` are those that an aggregate counts for, inside its brackets."""

    columns: Columns
    facts: Facts
    rows: FromClause
    host: FromClause | None = None


def holds(node: Node, look: Look) -> ColumnElement[bool]:
    match node:
        case And(parts=parts):
            return and_(*(holds(part, look) for part in parts))
        case Or(parts=parts):
            return or_(*(holds(part, look) for part in parts))
        case Not(part=part):
            return not_(holds(part, look))
        case SameAs():
            return _same(node, look)
        case Clause():
            return clause_holds(node, look)
        case _:
            raise TypeError(f"not a condition: {type(node).__name__}")


def is_set(path: Path, look: Look) -> ColumnElement[bool]:
    return reach(look.columns, look.rows, path, lambda cell: is_filled(cell, path.shape))


def value_of(node: Clause, right: Node, look: Look) -> Any:
    if not isinstance(node.left, Path | Aggregate | Mine):
        raise TypeError(f"not the left of a clause: {type(node.left).__name__}")
    return resolved(right, node.left.shape.kind, look.facts)


def clause_holds(node: Clause, look: Look) -> ColumnElement[bool]:
    match node.left:
        case Mine():
            return true() if of_person(node, look.facts) is Outcome.MET else false()
        case Aggregate() as left:
            return _counted_clause(node, left, look)
        case Path() as left:
            return _path_clause(node, left, look)
        case _:
            raise TypeError(f"not the left of a clause: {type(node.left).__name__}")


def _path_clause(node: Clause, left: Path, look: Look) -> ColumnElement[bool]:
    match node.right:
        case None:
            filled = is_set(left, look)
            return filled if node.op is Op.IS_SET else not_(filled)
        case Path() as right:
            return _between(left, node.op, right, look)
        case Coded() as right:
            return _coded(left, (right,), look)
        case Listing(items=items):
            return _any_of(node, left, items, look)
        case right:
            value = value_of(node, right, look)
    if value is None:
        return false()
    return reach(
        look.columns, look.rows, left, lambda cell: with_value(cell, node.op, value, left.shape)
    )


def _between(left: Path, op: Op, right: Path, look: Look) -> ColumnElement[bool]:
    """Two paths of the same record."""

    def inner(one: Cell) -> ColumnElement[bool]:
        return reach(look.columns, look.rows, right, lambda other: both(one, other))

    def both(one: Cell, other: Cell) -> ColumnElement[bool]:
        if left.shape.kind in LINKED:
            links = one.links()
            return row_exists(links.rows, links.joined, links.target == other.column)
        if left.shape.kind in LISTS:
            return sure(one.column, sure(other.column, listed(one.column, other.column)))
        compare = with_cell(one.column, op, other.column, left.shape)
        return _both_sure(one.column, other.column, compare)

    return reach(look.columns, look.rows, left, inner)


def _both_sure(
    one: ColumnElement[Any], other: ColumnElement[Any], comparison: ColumnElement[bool]
) -> ColumnElement[bool]:
    return sure(one, sure(other, comparison))


def _any_of(node: Clause, left: Path, items: Sequence[Node], look: Look) -> ColumnElement[bool]:
    coded = tuple(item for item in items if isinstance(item, Coded))
    values = [value_of(node, item, look) for item in items if not isinstance(item, Coded)]
    found = [value for value in values if value is not None]

    def inner(cell: Cell) -> ColumnElement[bool]:
        column = cell.column
        return sure(column, or_(*(compared(column, Op.IS, one, left.shape) for one in found)))

    parts = [_coded(left, coded, look)] if coded else []
    if found:
        parts.append(reach(look.columns, look.rows, left, inner))
    return or_(false(), *parts)


def _coded(left: Path, rights: Sequence[Coded], look: Look) -> ColumnElement[bool]:
    """A ref to one of these rows, or refs that hold one."""
    entity, by = rights[0].entity, rights[0].by
    target = look.columns.rows(entity)
    ids = select(look.columns.column(target, entity, "id")).select_from(target)
    key = look.columns.column(target, entity, by)
    codes = [right.code for right in rights]
    ids = ids.where(key == codes[0] if len(codes) == 1 else key.in_(codes)).correlate(None)

    def is_one(column: ColumnElement[Any]) -> ColumnElement[bool]:
        if entity in UNIQUELY_KEYED and len(codes) == 1:
            # One value that the planner knows before it reads a row, so a composite index can order as well.
            return column == func.coalesce(ids.scalar_subquery(), NO_ID)
        return column.in_(ids)

    def inner(cell: Cell) -> ColumnElement[bool]:
        if left.shape.kind in LINKED:
            links = cell.links()
            return row_exists(links.rows, links.joined, is_one(links.target))
        return sure(cell.column, is_one(cell.column))

    return reach(look.columns, look.rows, left, inner)


def _counted_clause(node: Clause, left: Aggregate, look: Look) -> ColumnElement[bool]:
    number = number_of(left, look)
    if isinstance(node.right, Path):
        return reach(
            look.columns,
            look.rows,
            node.right,
            lambda cell: sure(cell.column, with_cell(number, node.op, cell.column, left.shape)),
        )
    items = node.right.items if isinstance(node.right, Listing) else (node.right,)
    values = [value_of(node, item, look) for item in items if item is not None]
    op = Op.IS if node.op is Op.IN else node.op
    return or_(false(), *(compared(number, op, v, left.shape) for v in values if v is not None))


def number_of(node: Aggregate, look: Look) -> ColumnElement[Any]:
    rows = look.columns.rows(node.entity)
    inside = Look(look.columns, look.facts, rows, host=look.rows)
    wanted = [] if node.where is None else [holds(node.where, inside)]
    live = look.columns.counted(rows, node.entity)
    if live is not None:
        wanted.append(live)
    if node.within is not None:
        created = look.columns.column(rows, node.entity, SINCE)
        back = Span(-node.within.amount, node.within.unit)
        earliest = shifted_now(back, look.facts)
        wanted.append(and_(created >= earliest, created <= look.facts.now))
    query = select(_gathering(node, inside)).select_from(rows).where(*wanted)
    return query.correlate_except(rows).scalar_subquery()


def _gathering(node: Aggregate, inside: Look) -> ColumnElement[Any]:
    if node.subject is None:
        return func.count()
    value = scalar(inside.columns, inside.rows, node.subject)
    if node.gather is Gather.SUM:
        return func.coalesce(func.sum(value), 0)
    return func.count(distinct(value))


def _same(node: SameAs, look: Look) -> ColumnElement[bool]:
    if look.host is None:
        raise TypeError("`same` outside the brackets of an aggregate")
    host, shape = look.host, node.theirs.shape

    def inner(theirs: Cell) -> ColumnElement[bool]:
        if node.ours is None:
            ours = look.columns.column(host, shape.targets[0], "id")
            return sure(theirs.column, theirs.column == ours)
        return reach(look.columns, host, node.ours, lambda cell: both(theirs, cell))

    def both(theirs: Cell, ours: Cell) -> ColumnElement[bool]:
        compare = with_cell(theirs.column, Op.IS, ours.column, shape)
        return _both_sure(theirs.column, ours.column, compare)

    return reach(look.columns, look.rows, node.theirs, inner)
