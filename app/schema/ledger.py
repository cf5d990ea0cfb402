"""Append-only rows that can be proved not to have been changed since: chains of hashes.

Each record's history is a chain of its own, grown in the transaction that changes the record. The audit trail is one
chain for the whole site; its rows are sealed into it after the fact, so that people don't wait for each other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text, update
from sqlalchemy.orm import Session

from app.schema.platform import platform

FIRST = "0" * 64
# What a hash speaks for. Not the entity: it may get another key, and its records' history goes with it.
HISTORY_FACTS = (
    "record_id", "at", "by_id", "by_name", "action", "release", "place", "reason", "round", "changes", "details",
)  # fmt: skip
AUDIT_FACTS = (
    "id",
    "at",
    "by_id",
    "by_name",
    "address",
    "action",
    "entity",
    "record_id",
    "allowed",
    "details",
)
SEALING = 0x7365616C  # "seal"
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that isn't what it was when it was written, or that follows one which is gone."""

    id: int
    entity: str
    record: int


def append_history(session: Session | Connection, **facts: Any) -> None:
    """Adds one row of a record's history, chained to the row before it. `facts` are the table's other columns."""
    history = platform.history
    last = (
        select(history.c.hash)
        .where(history.c.entity == facts["entity"], history.c.record_id == facts["record_id"])
        .order_by(history.c.id.desc())
        .limit(1)
    )
    previous = session.scalar(last) or FIRST
    told = {name: facts.get(name) for name in HISTORY_FACTS}
    row = {**facts, "previous": previous, "hash": chained(previous, told)}
    session.execute(insert(history).values(row))


def chained(previous: str, facts: Mapping[str, Any]) -> str:
    """The hash of a row's facts behind the hash before it."""
    plain = {key: _plain(value) for key, value in facts.items() if value is not None}
    words = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{words}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def broken_history(connection: Connection) -> Iterator[Broken]:
    """Rows of history that were changed, or whose forerunner was taken away."""
    history = platform.history
    query = select(history).order_by(history.c.entity, history.c.record_id, history.c.id)
    chain, previous = None, FIRST
    with closing(connection.execute(query.execution_options(yield_per=BATCH))) as rows:
        for row in rows:
            if chain != (row.entity, row.record_id):
                chain, previous = (row.entity, row.record_id), FIRST
            if row.previous != previous or row.hash != chained(
                previous, _facts(row, HISTORY_FACTS)
            ):
                yield Broken(row.id, row.entity, row.record_id)
            previous = row.hash


def seal_audit(connection: Connection) -> int:
    """Puts the audit rows that aren't yet into the chain, in a writing transaction; returns how many."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({SEALING})"))
    audit = platform.audit
    last = select(audit.c.position, audit.c.hash).where(audit.c.position.is_not(None))
    end = connection.execute(last.order_by(audit.c.position.desc()).limit(1)).first()
    position, previous = (end.position, end.hash) if end is not None else (0, FIRST)
    waiting = select(audit).where(audit.c.position.is_(None)).order_by(audit.c.id)
    rows = connection.execute(waiting).all()
    for row in rows:
        position, previous = position + 1, chained(previous, _facts(row, AUDIT_FACTS))
        change = update(audit).where(audit.c.id == row.id)
        connection.execute(change.values(position=position, hash=previous))
    return len(rows)


def broken_audit(connection: Connection) -> int | None:
    """The first position of the audit chain at which a row was changed or is missing; None where all is well."""
    audit = platform.audit
    query = select(audit).where(audit.c.position.is_not(None)).order_by(audit.c.position)
    previous, expected = FIRST, 1
    with closing(connection.execute(query.execution_options(yield_per=BATCH))) as rows:
        for row in rows:
            if row.position != expected or row.hash != chained(previous, _facts(row, AUDIT_FACTS)):
                return expected
            previous, expected = row.hash, expected + 1
    return None


def _facts(row: Row[Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
