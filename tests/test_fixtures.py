"""The fixtures themselves keep what they promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from tests.conftest import Clock
from tests.databases import PostgresDatabases, empty, why_no_server


def leave_a_table(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_over (id INTEGER)"))


def test_a_database_is_empty_when_a_test_gets_it(engine: Engine) -> None:
    assert inspect(engine).get_table_names() == []
    leave_a_table(engine)


def test_what_one_test_left_another_does_not_find(engine: Engine) -> None:
    assert inspect(engine).get_table_names() == []
    leave_a_table(engine)


def test_emptying_a_database_sends_everybody_else_away(pg_url: str) -> None:
    other = create_engine(pg_url)
    leave_a_table(other)
    with other.connect() as open_connection:
        open_connection.execute(text("SELECT * FROM left_over"))
        empty(make_url(pg_url))
        open_connection.invalidate()
    other.dispose()
    fresh = create_engine(pg_url, poolclass=NullPool)
    assert inspect(fresh).get_table_names() == []


def test_a_dropped_database_is_gone_from_the_server(pg_databases: PostgresDatabases) -> None:
    url = pg_databases.make()
    listed = text("SELECT count(*) FROM pg_database WHERE datname = :name")
    with pg_databases.administering() as connection:
        assert connection.scalar(listed, {"name": url.database}) == 1
        pg_databases.drop(url)
        assert connection.scalar(listed, {"name": url.database}) == 0


def test_a_server_that_does_not_answer_says_why(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("BUDAYANG_TEST_POSTGRES", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert "127.0.0.1" in str(why_no_server.__wrapped__())


def test_a_site_is_written_without_the_indentation_of_its_test(
    write_site: Callable[[Mapping[str, str]], Path],
) -> None:
    folder = write_site(
        {"catalogs/loan/book.yaml": "\n        entity: book\n        label: Book\n"}
    )
    assert (folder / "catalogs/loan/book.yaml").read_text() == "entity: book\nlabel: Book\n"
    assert write_site({"workflows.yaml": "workflows: {}"}) == folder


def test_the_clock_moves_only_when_told(clock: Clock) -> None:
    assert clock().isoformat() == "2026-03-02T09:00:00+08:00"
    assert clock() == clock()
    assert clock.advance(hours=15).isoformat() == "2026-03-03T00:00:00+08:00"
    assert clock.set("2025-12-31 23:59").isoformat() == "2025-12-31T23:59:00+08:00"
