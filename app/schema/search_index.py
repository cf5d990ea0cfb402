"""Searching an entity by parts of words, and keeping its search index in step with its rows.

The index holds live rows only: who retires a record writes it again, and it is gone from the index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy import table as lightweight
from sqlalchemy.orm import Session

from app.schema.build import Schema
from app.schema.grams import query_for_postgres, query_for_sqlite, terms
from app.schema.search_tables import SearchIndex
from app.schema.search_write import write_search

__all__ = ["Search", "capped_count", "search", "search_clause", "search_parts", "write_search"]

OPEN = ("",)
# Up to so many matches are fetched and sorted; of more than that, the rows are walked in the list's order instead.
FREQUENT = 10_000


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed, made a filter. `matches` counts live rows, at most FREQUENT + 1, whoever may see them.

    `clause` filters rows of the entity's table.
    """

    clause: ColumnElement[bool]
    matches: int


def search(
    session: Session | Connection,
    schema: Schema,
    entity: str,
    typed: str,
    *,
    parts: Sequence[str] = OPEN,
    initials: bool = False,
) -> Search:
    """Rows in which each word typed occurs, capitals and full-width forms being the same as plain small letters.

    `parts` names the indexes to look into: "" is the open one, a field's key that of a private field, which only
    those who see it in clear everywhere may ask for. With `initials`, pinyin initials of the title match as well.
    """
    indexes = [index for index in schema.searches[entity] if index.part in parts]
    wanted = terms(typed)
    if not wanted:
        return Search(true(), FREQUENT + 1)
    if not indexes:
        return Search(false(), 0)
    dialect = _dialect(session)
    asked = [_Asked(index, wanted, initials and bool(index.title), dialect) for index in indexes]
    matches = sum(_capped(session, one) for one in asked)
    record = schema.tables[entity].c.id
    if matches <= FREQUENT:
        return Search(or_(*(record.in_(one.candidates()) for one in asked)), matches)
    return Search(or_(*(one.occurs_in(record) for one in asked)), FREQUENT + 1)


def search_clause(
    session: Session | Connection, schema: Schema, entity: str, typed: str
) -> ColumnElement[bool]:
    """The filter of the rows of an entity's table in which what was typed occurs."""
    return search(session, schema, entity, typed).clause


def capped_count(
    session: Session | Connection,
    found: Search,
    table: Table,
    clauses: Sequence[ColumnElement[bool]],
    *,
    cap: int,
) -> int:
    """How many live rows match the search and the clauses, at most cap + 1. `cap` is at most FREQUENT.

    Without clauses the search has counted them already.
    """
    if not clauses:
        return min(found.matches, cap + 1)
    rows = select(table.c.id).where(table.c.retired_at.is_(None), *clauses, found.clause)
    return _count(session, rows, cap)


class _Asked:
    """One index asked for some words."""

    def __init__(
        self, index: SearchIndex, wanted: tuple[str, ...], initials: bool, dialect: str
    ) -> None:
        self.index = index
        self.wanted = wanted
        self.initials = initials
        self.dialect = dialect
        self.pairs = lightweight(index.pairs, column("rowid"), column(index.pairs))

    def candidates(self) -> Select[Any]:
        """Ids of the records whose text holds every word."""
        table = self.index.table
        if self.dialect == "sqlite":
            rows = select(self.pairs.c.rowid).where(self._match())
            if self._sure():
                return rows
            verified = rows.join_from(self.pairs, table, table.c.record_id == self.pairs.c.rowid)
            return verified.where(self._occurs(table))
        return select(table.c.record_id).where(self._overlap(), self._occurs(table))

    def occurs_in(self, record: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether one record's text holds every word, looked up by its id."""
        text = self.index.table
        return exists().where(text.c.record_id == record, self._occurs(text))

    def _sure(self) -> bool:
        """Whether the pairs prove the words by themselves."""
        return all(len(term) <= 2 for term in self.wanted)

    def _match(self) -> ColumnElement[bool]:
        query = " AND ".join(f"({self._sqlite_term(term)})" for term in self.wanted)
        hidden: ColumnElement[Any] = literal_column(f'"{self.index.pairs}"')
        return hidden.op("MATCH", is_comparison=True)(query)

    def _sqlite_term(self, term: str) -> str:
        here = query_for_sqlite(term)
        if not self._by_initials(term):
            return here
        return f"({here}) OR ({query_for_sqlite(term, initials=True)})"

    def _overlap(self) -> ColumnElement[bool]:
        grams: ColumnElement[Any] = literal_column(f'"{self.index.table.name}".grams')
        each = []
        for term in self.wanted:
            ways = [_holds(grams, query_for_postgres(term))]
            if self._by_initials(term):
                ways.append(_holds(grams, query_for_postgres(term, initials=True)))
            each.append(or_(*ways))
        return and_(*each)

    def _occurs(self, text: Table) -> ColumnElement[bool]:
        within = func.instr if self.dialect == "sqlite" else func.strpos
        each = []
        for term in self.wanted:
            ways = [within(text.c.text, term) > 0]
            if self._by_initials(term):
                ways.append(within(text.c.initials, term) > 0)
            each.append(or_(*ways))
        return and_(*each)

    def _by_initials(self, term: str) -> bool:
        return self.initials and term.isascii() and term.isalnum()


def _holds(grams: ColumnElement[Any], numbers: list[int]) -> ColumnElement[bool]:
    return grams.op("@>", is_comparison=True)(literal(numbers, ARRAY(Integer)))


def _capped(session: Session | Connection, asked: _Asked) -> int:
    return _count(session, asked.candidates(), FREQUENT)


def _count(session: Session | Connection, rows: Select[Any], cap: int) -> int:
    some = rows.limit(cap + 1).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def _dialect(session: Session | Connection) -> str:
    bind = session.get_bind() if isinstance(session, Session) else session
    return bind.dialect.name


def search_parts(schema: Schema, entity: str) -> Mapping[str, tuple[str, ...]]:
    """Which fields each index of the entity holds, by part."""
    return {index.part: index.fields for index in schema.searches[entity]}
