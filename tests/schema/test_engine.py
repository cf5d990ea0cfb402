"""Transactions: whole or not at all, DDL included; writers wait for each other instead of failing half-way."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.schema.engine import begin_writing, reading, writing, writing_engine
from app.schema.engine import engine as make_engine


def test_sqlite_is_set_up_for_several_at_once(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with engine.connect() as connection:
        for pragma, value in wanted.items():
            assert connection.scalar(text(f"PRAGMA {pragma}")) == value
    engine.dispose()


def test_a_failed_transaction_leaves_neither_tables_nor_rows(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (n INTEGER)"))
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO kept VALUES (1)"))
        connection.execute(text("CREATE TABLE half (n INTEGER)"))
        connection.execute(text("ALTER TABLE kept ADD COLUMN m INTEGER"))
        connection.rollback()
    inspector = inspect(engine)
    assert inspector.get_table_names() == ["kept"]
    assert [column["name"] for column in inspector.get_columns("kept")] == ["n"]
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM kept")) == 0


def test_writing_commits_at_the_end_and_takes_back_on_an_error(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(text("CREATE TABLE kept (n INTEGER)"))

    def fail() -> None:
        with writing(engine) as session:
            session.execute(text("INSERT INTO kept VALUES (1)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with writing(engine) as session:
        session.execute(text("INSERT INTO kept VALUES (2)"))
    with reading(engine) as session:
        assert session.scalars(text("SELECT n FROM kept")).all() == [2]


def test_many_who_read_before_they_write_never_fail(any_url: str) -> None:
    """With SQLite's plain BEGIN most of them would be told that the database is locked."""
    engine = make_engine(any_url, pool_size=8)
    with writing(engine) as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    failures: list[Exception] = []

    def work() -> None:
        for _ in range(10):
            try:
                with writing(engine) as session:
                    query = "SELECT n FROM counter" + (
                        " FOR UPDATE" if engine.dialect.name == "postgresql" else ""
                    )
                    n = session.scalar(text(query))
                    session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
            except OperationalError as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        assert session.scalar(text("SELECT n FROM counter")) == 80
    assert failures == []
    engine.dispose()


def test_a_session_that_read_can_still_become_a_writing_one(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url, poolclass=NullPool)
    with writing(engine) as session:
        session.execute(text("CREATE TABLE kept (n INTEGER)"))
    with Session(engine) as session:
        session.execute(text("SELECT * FROM kept"))
        begin_writing(session)
        other = make_engine(sqlite_url, poolclass=NullPool, connect_args={"timeout": 0})
        with other.connect() as connection:
            connection.execute(text("PRAGMA busy_timeout = 0"))
            connection.rollback()
            with pytest.raises(OperationalError, match="locked"):
                connection.execution_options(writing=True).execute(text("SELECT 1"))
        session.execute(text("INSERT INTO kept VALUES (1)"))
        session.commit()
        session.execute(text("SELECT * FROM kept"))
        begin_writing(session)
        begin_writing(session)


def test_a_reader_sees_one_state_of_things_on_sqlite(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with writing(engine) as session:
        session.execute(text("CREATE TABLE kept (n INTEGER)"))
    with reading(engine) as reader:
        assert reader.scalar(text("SELECT count(*) FROM kept")) == 0
        with writing(engine) as session:
            session.execute(text("INSERT INTO kept VALUES (1)"))
        assert reader.scalar(text("SELECT count(*) FROM kept")) == 0
    with reading(engine) as reader:
        assert reader.scalar(text("SELECT count(*) FROM kept")) == 1
    engine.dispose()


def test_json_keeps_chinese_readable(engine: Engine) -> None:
    from sqlalchemy import JSON, Column, MetaData, Table, insert

    table = Table("papers", MetaData(), Column("body", JSON))
    table.metadata.create_all(engine)
    with writing_engine(engine).begin() as connection:
        connection.execute(insert(table).values(body=["企业"]))
        assert "企业" in str(connection.scalar(text("SELECT CAST(body AS VARCHAR) FROM papers")))
