"""The way to the database: connections set up alike, and transactions that say beforehand whether they write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 5  # how long SQLite waits for another writer before it says "database is locked"
CONNECT_SECONDS = 5
WRITING = "writing"
PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and the writer don't wait for each other
    "PRAGMA synchronous = FULL",  # what was answered is on the disk
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA cache_size = -4000",  # four megabytes a connection: the system keeps the file in memory anyway
    "PRAGMA temp_store = MEMORY",
)

# Statements are short and there are several at once: compiling one, or starting helpers for it, takes longer than it.
POSTGRES_SETTINGS = ("jit=off", "max_parallel_workers_per_gather=0")


def engine(url: str | URL, **options: Any) -> Engine:
    """An engine for the site's database, SQLite or PostgreSQL. `options` go to `create_engine`."""
    address = make_url(url)
    sqlite = address.get_backend_name() == "sqlite"
    options.setdefault("pool_pre_ping", not sqlite)
    if not sqlite:
        arguments = {
            "connect_timeout": CONNECT_SECONDS,
            "prepare_threshold": None,  # what was prepared before a release may not fit the tables after it
            "options": " ".join(f"-c {setting}" for setting in POSTGRES_SETTINGS),
        }
        options.setdefault("connect_args", arguments)
    made = create_engine(
        address, json_serializer=partial(json.dumps, ensure_ascii=False), **options
    )
    if sqlite:
        event.listen(made, "connect", _set_up_sqlite)
        event.listen(made, "begin", _begin_sqlite)
    return made


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of things on SQLite, whatever is written meanwhile. Not for writing."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction, committed at the end or rolled back by an exception.

    On SQLite it is the only writer from its first statement on, so it never fails half-way for being overtaken.
    """
    with Session(writing_engine(engine), expire_on_commit=False) as session, session.begin():
        yield session


def writing_engine(engine: Engine) -> Engine:
    """The same connections; every transaction on them takes the write lock when it begins."""
    return engine.execution_options(**{WRITING: True})


def begin_writing(session: Session) -> None:
    """Makes the session's coming transaction a writing one; one that only read so far is ended first."""
    if session.new or session.dirty or session.deleted:
        raise ValueError("the session already holds changes; say that it writes before it does")
    if session.in_transaction():
        connection = session.connection()
        if connection.get_execution_options().get(WRITING):
            return
        session.rollback()
    session.connection(execution_options={WRITING: True})


def refresh_statistics(engine: Engine) -> None:
    """Lets SQLite look at how its rows are spread; until then it takes any filter for a good one.

    Index by index, so that those who write meanwhile wait a moment at the most. PostgreSQL does it by itself.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        named = (
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        )
        names = connection.exec_driver_sql(named).scalars().all()
    for name in names:
        with writing(engine) as session:
            session.connection().exec_driver_sql(f'ANALYZE "{name}"')


def _set_up_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for DDL
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
