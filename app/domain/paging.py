"""Rows of a list in order from a cursor on, each statement one range of one index.

A search is put to the database in the way that costs least: few matches are fetched and sorted; of many the rows are
walked in the list's order until the page is full. Should that take long (all matches lie far down), it is given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, func, literal, select, true, tuple_

from app.domain import access
from app.domain.context import Context
from app.domain.cursor import read_cursor
from app.domain.filters import ListRequest
from app.domain.selecting import Selection, selection
from app.schema.search_index import Search

WALKED = 4_000

Clauses = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True, slots=True)
class _Order:
    """The sorted column, and whether this reading runs down."""

    table: Table
    column: ColumnElement[Any]
    down: bool

    def put(self, statement: Select[Any], wanted: int, skip: int) -> Select[Any]:
        ends = [self.column] if self.column is self.table.c.id else [self.column, self.table.c.id]
        ordered = statement.order_by(*(end.desc() if self.down else end.asc() for end in ends))
        return ordered.limit(wanted).offset(skip) if skip else ordered.limit(wanted)


def read_in_order(
    context: Context,
    request: ListRequest,
    keys: Iterable[str],
    clauses: Sequence[ColumnElement[bool]],
    found: Search | None = None,
    *,
    editable: bool = False,
) -> tuple[Selection, list[Row[Any]]]:
    """Up to size + 1 rows from the cursor on. Empty values come last (first when read backwards).

    Rows with a value and rows without are read by statements of their own, so that each is one index range.
    """
    table = access.table(context, request.entity.key)
    column = _order_column(context, request, table)
    backwards = bool(request.before) or request.last
    order = _Order(table, column, request.descending != backwards)
    reader = _Reader(context, request, (*keys, request.order), order, found, editable)
    rows: list[Row[Any]] = []
    wanted, skip = request.size + 1, request.offset
    for part in _parts(context, request, order, backwards):
        if len(rows) < wanted:
            more = reader.rows((*clauses, part), wanted - len(rows), skip)
            rows += more
            skip = 0 if more or not skip else skip - reader.count((*clauses, part))
    return reader.chosen, rows


class _Reader:
    """Reads the rows of one part after another."""

    def __init__(
        self,
        context: Context,
        request: ListRequest,
        keys: Sequence[str],
        order: _Order,
        found: Search | None,
        editable: bool,
    ) -> None:
        self.context = context
        self.entity = request.entity
        self.keys = keys
        self.order = order
        self.found = found
        self.editable = editable
        self.chosen = selection(context, request.entity, keys, editable=editable)

    def rows(self, clauses: Clauses, wanted: int, skip: int) -> Sequence[Row[Any]]:
        statement = self.chosen.statement
        if self.found is None:
            return self._all(self.order.put(statement.where(*clauses), wanted, skip))
        if not self.found.few:
            walked = self._all(self._walk(self.found, clauses, wanted, skip))
            if len(walked) == wanted:
                return walked
        fetched = statement.where(*self.found.first(clauses))
        return self._all(self.order.put(fetched, wanted, skip))

    def _walk(self, found: Search, clauses: Clauses, wanted: int, skip: int) -> Select[Any]:
        """Of the first rows in order, those that match: a statement that can't take long."""
        table, column = self.order.table, self.order.column
        rows = select(table.c.id, column.label("sorted_by")).where(*clauses)
        near = self.order.put(rows, WALKED, 0).subquery("near")
        ends = (near.c.sorted_by, near.c.id)
        matching = select(near.c.id).where(found.occurs(near.c.id))
        matching = matching.order_by(
            *(end.desc() if self.order.down else end.asc() for end in ends)
        )
        picked = matching.limit(wanted).offset(skip).subquery("picked")
        chosen = selection(
            self.context, self.entity, self.keys, editable=self.editable, among=picked
        )
        return self.order.put(chosen.statement, wanted, 0)

    def count(self, clauses: Clauses) -> int:
        clauses = clauses if self.found is None else self.found.first(clauses)
        query = select(func.count()).select_from(self.order.table).where(*clauses)
        return int(self.context.session.execute(query).scalar_one())

    def _all(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return self.context.session.execute(statement).all()


def _order_column(context: Context, request: ListRequest, table: Table) -> ColumnElement[Any]:
    spot = context.schema.storage[request.entity.key].get(request.order)
    if request.order == "id" or spot is None or spot.column is None:
        return table.c.id
    return table.c[spot.column.name]


def _parts(context: Context, request: ListRequest, order: _Order, backwards: bool) -> Clauses:
    """The ranges to read, in order: with a value, then without (the other way round when read backwards)."""
    cursor = read_cursor(context, request) if request.after or request.before else None
    identity, column = order.table.c.id, order.column
    if column is identity or not getattr(column, "nullable", True):
        return (_beyond(order, cursor),)
    filled, empty = column.is_not(None), column.is_(None)
    if cursor is None:
        return (empty, filled) if backwards else (filled, empty)
    value, last = cursor
    if value is None:
        rest = and_(empty, identity < last if order.down else identity > last)
        return (rest, filled) if backwards else (rest,)
    beyond = and_(filled, _beyond(order, cursor))
    return (beyond,) if backwards else (beyond, empty)


def _beyond(order: _Order, cursor: tuple[object, int] | None) -> ColumnElement[bool]:
    if cursor is None:
        return true()
    value, last = cursor
    identity = order.table.c.id
    if order.column is identity:
        return identity < last if order.down else identity > last
    here = tuple_(order.column, identity)
    there = tuple_(literal(value, order.column.type), literal(last, identity.type))
    return here < there if order.down else here > there
