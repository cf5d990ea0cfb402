"""Chains of hashes: what was changed or taken away afterwards is found, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, delete, insert, update

from app.schema.engine import writing_engine
from app.schema.ledger import append_history, broken_audit, broken_history, seal_audit
from app.schema.platform import platform

NOON = datetime(2026, 3, 2, 4, 0, 0, 7, tzinfo=UTC)
HISTORY, AUDIT = platform.history, platform.audit


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    platform.metadata.create_all(engine)
    with writing_engine(engine).begin() as connection:
        yield connection


def write(connection: Connection, record: int, action: str = "edit") -> None:
    changes = {
        "size": ["小", "大"],
        "fee": [None, "7.50"],
        "tool": [None, {"id": 1, "title": "扳手"}],
    }
    append_history(
        connection, entity="job", record_id=record, at=NOON, by_id=None, by_name="王", action=action,
        release=1, place="config/roles.yaml:3:5", reason=None, changes=changes,
    )  # fmt: skip


def broken(connection: Connection) -> list[int]:
    return [one.id for one in broken_history(connection)]


def test_an_untouched_history_is_whole(connection: Connection) -> None:
    for record in (1, 2, 1, 1, 2):
        write(connection, record)
    assert broken(connection) == []


@pytest.mark.parametrize(
    "change",
    [
        {"by_name": "李"},
        {"changes": {"size": ["小", "中"]}},
        {"at": datetime(2026, 3, 2, 5, tzinfo=UTC)},
        {"reason": "补记"},
    ],
)
def test_a_changed_row_is_found(connection: Connection, change: dict[str, object]) -> None:
    for record in (1, 2, 1):
        write(connection, record)
    connection.execute(update(HISTORY).where(HISTORY.c.id == 1).values(change))
    assert broken(connection) == [1]


def test_a_row_taken_away_is_found_by_the_next(connection: Connection) -> None:
    for _ in range(3):
        write(connection, 1)
    connection.execute(delete(HISTORY).where(HISTORY.c.id == 2))
    assert broken(connection) == [3]


def test_an_entity_s_new_key_breaks_no_chain(connection: Connection) -> None:
    for _ in range(2):
        write(connection, 1)
    connection.execute(update(HISTORY).values(entity="ticket"))
    assert broken(connection) == []


def audited(connection: Connection, many: int) -> None:
    for number in range(many):
        connection.execute(
            insert(AUDIT).values(
                at=NOON, action="login", by_name=f"u{number}", details={"n": number}
            )
        )


def test_audit_rows_are_sealed_once_in_their_order(connection: Connection) -> None:
    audited(connection, 3)
    assert seal_audit(connection) == 3
    assert seal_audit(connection) == 0
    audited(connection, 2)
    assert seal_audit(connection) == 2
    assert broken_audit(connection) is None


def test_a_changed_audit_row_is_found_at_its_position(connection: Connection) -> None:
    audited(connection, 3)
    seal_audit(connection)
    connection.execute(update(AUDIT).where(AUDIT.c.position == 2).values(by_name="u9"))
    assert broken_audit(connection) == 2


def test_an_audit_row_taken_away_is_found(connection: Connection) -> None:
    audited(connection, 3)
    seal_audit(connection)
    connection.execute(delete(AUDIT).where(AUDIT.c.position == 1))
    assert broken_audit(connection) == 1


def test_a_row_that_was_committed_late_is_sealed_behind_the_others(connection: Connection) -> None:
    connection.execute(insert(AUDIT).values(id=5, at=NOON, action="login"))
    seal_audit(connection)
    connection.execute(insert(AUDIT).values(id=3, at=NOON, action="logout"))
    assert seal_audit(connection) == 1
    assert broken_audit(connection) is None
