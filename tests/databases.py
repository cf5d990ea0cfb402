"""Fresh databases for tests, on the PostgreSQL server that BUDAYANG_TEST_POSTGRES names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

LOCAL_SERVER = "postgresql+psycopg://postgres@127.0.0.1/postgres"


def server_address() -> URL:
    """Where the tests look for PostgreSQL: a database of that server in which others may be made."""
    return make_url(os.environ.get("BUDAYANG_TEST_POSTGRES") or LOCAL_SERVER)


@cache
def why_no_server() -> str | None:
    """None where PostgreSQL answers, otherwise what it said instead."""
    engine = create_engine(
        server_address(), poolclass=NullPool, connect_args={"connect_timeout": 3}
    )
    try:
        with engine.connect():
            return None
    except OperationalError as refusal:
        return str(refusal.orig)


@dataclass
class PostgresDatabases:
    """Databases made for one test process, all dropped when it is done with them."""

    server: Engine
    prefix: str
    names: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def make(self) -> URL:
        """The address of a new, empty database."""
        name = f"{self.prefix}_{next(self.numbers)}"
        with self.administering() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
        self.names.append(name)
        return self.server.url.set(database=name)

    def drop(self, url: URL) -> None:
        """Drop one made here, whoever is still connected to it."""
        name = str(url.database)
        with self.administering() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        self.names.remove(name)

    def drop_all(self) -> None:
        for name in list(self.names):
            self.drop(self.server.url.set(database=name))

    @contextmanager
    def administering(self) -> Iterator[Connection]:
        with self.server.connect() as connection:
            yield connection


@contextmanager
def postgres_databases(prefix: str) -> Iterator[PostgresDatabases]:
    """A source of fresh databases whose names begin with `prefix`; none outlives the block."""
    # CREATE and DROP DATABASE refuse to run inside a transaction.
    server = create_engine(server_address(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    databases = PostgresDatabases(server, prefix)
    try:
        yield databases
    finally:
        databases.drop_all()


def empty(url: URL) -> None:
    """Take everything out of a PostgreSQL database, and everybody else."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        schemas = connection.scalars(
            text(
                "SELECT nspname FROM pg_namespace"
                " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
            )
        ).all()
        for schema in schemas:
            connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
        connection.execute(text("CREATE SCHEMA public"))
