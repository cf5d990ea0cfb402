"""Searching an entity by parts of words, and keeping its search index in step with its rows.

The index holds live rows only: who retires a record writes it again, and it is gone from the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    Table,
    and_,
    case,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union,
)
from sqlalchemy import table as lightweight
from sqlalchemy.orm import Session

from app.schema.build import Schema
from app.schema.grams import query_for_postgres, query_for_sqlite, terms
from app.schema.search_tables import SearchIndex
from app.schema.search_write import write_search

__all__ = ["Search", "capped_count", "search", "search_clause", "searched_fields", "write_search"]

OPEN = ("",)
# Up to so many matches are fetched and sorted; of more than that, the rows are walked in the list's order instead.
FEW = 2_000
# Up to so many rows that other filters leave are looked at one by one for what was typed.
AT_HAND = 10_000


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed, made a filter. `few` says that at most FEW live rows match, whoever may see them."""

    few: bool
    asked: tuple[_Asked, ...]
    everything: bool
    record: ColumnElement[int]

    @property
    def clause(self) -> ColumnElement[bool]:
        """The filter of the entity's rows, as it is best put for so many matches."""
        return self._fetched() if self.few else self.occurs(self.record)

    def first(self, clauses: Sequence[ColumnElement[bool]]) -> tuple[ColumnElement[bool], ...]:
        """The filter and these clauses, the matches being fetched before anything else is looked at."""
        return (self._fetched(), _looked_at(clauses))

    def narrow(self, clauses: Sequence[ColumnElement[bool]]) -> tuple[ColumnElement[bool], ...]:
        """The filter and these clauses, whichever is best first."""
        return self.first(clauses) if self.few else (*clauses, self.clause)

    def occurs(self, record: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether the text of the row with this id holds what was typed. Never NULL."""
        if self.everything:
            return true()
        return or_(false(), *(one.occurs_in(record) for one in self.asked))

    def fetched(self) -> Subquery:
        """The ids of what matches, in a column `record_id`; not where everything does."""
        each = [one.candidates() for one in self.asked]
        return (union(*each) if len(each) > 1 else each[0]).subquery("fetched")

    def _fetched(self) -> ColumnElement[bool]:
        if self.everything:
            return true()
        return or_(false(), *(self.record.in_(one.candidates()) for one in self.asked))


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
    record, wanted = schema.tables[entity].c.id, terms(typed)
    if not wanted:
        return Search(False, (), True, record)
    if not any(index.part in parts for index in schema.searches[entity]):
        return Search(True, (), False, record)
    dialect = _dialect(session)
    asked = tuple(
        _Asked(index, wanted, initials and bool(index.title), dialect)
        for index in schema.searches[entity]
        if index.part in parts
    )
    matches = sum(_count(session, one.candidates(), FEW) for one in asked)
    return Search(matches <= FEW, asked, False, record)


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
    """How many rows match the search and the clauses, at most cap + 1; counted from whichever side has fewer."""
    rows = select(table.c.id).where(*clauses)
    by_rows = rows.where(found.occurs(table.c.id))
    if found.everything:
        return _count(session, by_rows, cap)
    # Row by row, so that no planner thinks of joining two whole tables: the count stops at the cap.
    fetched = found.fetched()
    row = select(_looked_at(clauses)).select_from(table).where(table.c.id == fetched.c.record_id)
    seen = func.coalesce(row.correlate(fetched).scalar_subquery(), false())
    by_matches = select(fetched.c.record_id).where(seen)
    if found.few:
        return _count(session, by_matches, cap)
    left = _counting(rows, AT_HAND).subquery("left_by_clauses")
    fewer = case(
        (left.c.n <= AT_HAND, _counting(by_rows, cap).scalar_subquery()),
        else_=_counting(by_matches, cap).scalar_subquery(),
    )
    counted: int = session.execute(select(fewer).select_from(left)).scalar_one()
    return counted


def _looked_at(clauses: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """The clauses, put so that no index offers itself: they are to be tried on rows that are at hand already."""
    return func.coalesce(and_(true(), *clauses), false())


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
            rows = select(self.pairs.c.rowid.label("record_id")).where(self._match())
            if self._sure():
                return rows
            verified = rows.join_from(self.pairs, table, table.c.record_id == self.pairs.c.rowid)
            return verified.where(self._occurs(table))
        return select(table.c.record_id).where(self._overlap(), self._occurs(table))

    def occurs_in(self, record: ColumnElement[int]) -> ColumnElement[bool]:
        """Whether one record's text holds every word, looked up by its id."""
        text = self.index.table
        held = select(self._occurs(text)).where(text.c.record_id == record)
        return func.coalesce(held.scalar_subquery(), false())

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


def _count(session: Session | Connection, rows: Select[Any], cap: int) -> int:
    counted: int = session.execute(_counting(rows, cap)).scalar_one()
    return counted


def _counting(rows: Select[Any], cap: int) -> Select[Any]:
    some = rows.limit(cap + 1).subquery()
    return select(func.count().label("n")).select_from(some)


def _dialect(session: Session | Connection) -> str:
    bind = session.get_bind() if isinstance(session, Session) else session
    return bind.dialect.name


def searched_fields(schema: Schema, entity: str) -> frozenset[str]:
    """The fields that the entity's indexes hold: a change of any other leaves them as they are."""
    return frozenset(key for index in schema.searches[entity] for key in index.fields)
