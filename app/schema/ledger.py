"""Append-only rows that can be proved not to have been changed: each record's history is a chain of hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from app.schema.platform import platform

FIRST = "0" * 64


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
    row = {**facts, "previous": previous, "hash": chained(previous, facts)}
    session.execute(insert(history).values(row))


def chained(previous: str, facts: Mapping[str, Any]) -> str:
    """The hash of a row's facts behind the hash before it."""
    plain = {key: _plain(value) for key, value in facts.items() if value is not None}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
