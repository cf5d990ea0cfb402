"""Writing the search index: one record in the transaction that changes it, or many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Connection, Integer, Row, bindparam, delete, insert, select, text
from sqlalchemy.orm import Session

from app.schema.build import Schema
from app.schema.grams import normal, numbers_for_postgres, words_for_sqlite
from app.schema.pinyin import initials
from app.schema.search_tables import SearchIndex

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """What stands in an index for one record."""

    record_id: int
    text: str
    initials: str


def write_search(session: Session | Connection, schema: Schema, entity: str, record: int) -> None:
    """Brings the entity's indexes in step with one record, as it now stands in the transaction."""
    write_searches(session, schema, entity, [record])


def write_searches(
    session: Session | Connection, schema: Schema, entity: str, records: Sequence[int]
) -> None:
    """Brings the entity's indexes in step with these records."""
    for index in schema.searches[entity]:
        for ids in _batches(records):
            wanted = _entries(session, schema, index, ids)
            present = _present(session, index, ids)
            stale = [entry for key, entry in present.items() if wanted.get(key) != entry]
            fresh = [entry for key, entry in wanted.items() if present.get(key) != entry]
            _remove(session, index, stale)
            _add(session, index, fresh)


def rebuild_search(connection: Connection, schema: Schema, index: SearchIndex) -> int:
    """Fills one index anew from all live rows; returns how many."""
    _empty(connection, index)
    table = schema.tables[index.entity]
    last = filled = 0
    while True:
        query = select(table.c.id).where(table.c.id > last, table.c.retired_at.is_(None))
        ids = list(connection.scalars(query.order_by(table.c.id).limit(BATCH)))
        if not ids:
            return filled
        entries = _entries(connection, schema, index, ids)
        _add(connection, index, list(entries.values()))
        last, filled = ids[-1], filled + len(entries)


def _batches(records: Sequence[int]) -> Iterator[Sequence[int]]:
    # SQLite takes 32,766 values in one statement.
    for start in range(0, len(records), BATCH):
        yield records[start : start + BATCH]


def _entries(
    session: Session | Connection, schema: Schema, index: SearchIndex, ids: Sequence[int]
) -> dict[int, _Entry]:
    """What should stand in the index: nothing for retired rows and for those without any text."""
    table, stored = schema.tables[index.entity], schema.storage[index.entity]
    columns = [stored[key].column for key in index.fields]
    query = select(table.c.id, *(column for column in columns if column is not None))
    rows = session.execute(query.where(table.c.id.in_(ids), table.c.retired_at.is_(None)))
    title = index.fields.index(index.title) + 1 if index.title else 0
    made = (_entry(row, title) for row in rows)
    return {entry.record_id: entry for entry in made if entry.text}


def _entry(row: Row[Any], title: int) -> _Entry:
    values: tuple[Any, ...] = tuple(row)[1:]
    found = [normal(_plain(value)) for value in values if value]
    reading = initials(str(row[title])) if title and row[title] else ""
    return _Entry(row[0], "\n".join(found), reading)


def _plain(value: object) -> str:
    return "\n".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _present(
    session: Session | Connection, index: SearchIndex, ids: Sequence[int]
) -> dict[int, _Entry]:
    table = index.table
    query = select(table.c.record_id, table.c.text, table.c.initials)
    rows = session.execute(query.where(table.c.record_id.in_(ids)))
    return {record: _Entry(record, words or "", letters or "") for record, words, letters in rows}


def _remove(session: Session | Connection, index: SearchIndex, entries: list[_Entry]) -> None:
    if not entries:
        return
    if _is_sqlite(session):
        # A table without content of its own must be told what it is to forget.
        statement = text(
            f'INSERT INTO "{index.pairs}" ("{index.pairs}", rowid, grams)'  # noqa: S608 - our own name
            " VALUES ('delete', :record, :words)"
        )
        session.execute(statement, _sqlite_rows(entries))
    table = index.table
    gone = delete(table).where(table.c.record_id.in_([entry.record_id for entry in entries]))
    session.execute(gone)


def _add(session: Session | Connection, index: SearchIndex, entries: list[_Entry]) -> None:
    if not entries:
        return
    rows: list[dict[str, Any]] = [
        {"record_id": entry.record_id, "text": entry.text, "initials": entry.initials}
        for entry in entries
    ]
    if _is_sqlite(session):
        session.execute(insert(index.table), rows)
        statement = text(
            f'INSERT INTO "{index.pairs}" (rowid, grams) VALUES (:record, :words)'  # noqa: S608
        )
        session.execute(statement, _sqlite_rows(entries))
        return
    for row, entry in zip(rows, entries, strict=True):
        row["grams"] = numbers_for_postgres(entry.text, entry.initials)
        row["initials"] = entry.initials or None
    with_grams = text(
        f'INSERT INTO "{index.table.name}" (record_id, text, initials, grams)'  # noqa: S608
        " VALUES (:record_id, :text, :initials, :grams)"
    ).bindparams(bindparam("grams", type_=ARRAY(Integer)))
    session.execute(with_grams, rows)


def _sqlite_rows(entries: list[_Entry]) -> list[dict[str, Any]]:
    return [
        {"record": entry.record_id, "words": words_for_sqlite(entry.text, entry.initials)}
        for entry in entries
    ]


def _empty(connection: Connection, index: SearchIndex) -> None:
    if _is_sqlite(connection):
        statement = f'INSERT INTO "{index.pairs}" ("{index.pairs}") VALUES (\'delete-all\')'  # noqa: S608
        connection.execute(text(statement))
    connection.execute(delete(index.table))


def _is_sqlite(session: Session | Connection) -> bool:
    bind = session.get_bind() if isinstance(session, Session) else session
    return bind.dialect.name == "sqlite"
