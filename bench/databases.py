"""The databases that are measured: made once for a number of rows, kept in the work folder, told apart by what is in them."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from app.manifest.load import load_site
from app.schema.build import Schema, build_schema
from app.schema.engine import engine as make_engine
from bench import dataset

SITE = Path(__file__).parent / "site"
SERVER = os.environ.get("BENCH_POSTGRES", "postgres@127.0.0.1")
PREFIX = "bud_bench_"
PASSWORD = "Rows-2026-quick!"


@dataclass(frozen=True)
class Database:
    """One filled database, and the folder of the site that is served from it."""

    kind: str  # sqlite, postgres
    rows: int
    site: Path
    address: str  # as the peers take it: sqlite:///file, postgresql://user@host/name

    @property
    def url(self) -> str:
        """As SQLAlchemy takes it."""
        return self.address.replace("postgresql://", "postgresql+psycopg://")

    def environment(self) -> dict[str, str]:
        """What every program is started with."""
        return os.environ | {
            "BENCH_DATABASE": self.address,
            "BENCH_SITE": str(self.site),
            "BUDAYANG_DATABASE_URL": self.url,
            "PYTHONPATH": str(SITE.parent.parent),
        }


def make_database(
    kind: str, rows: int, work: Path, source: Path = SITE, name: str = ""
) -> Database:
    """The database with so many rows; one that is there already and was made in the same way is used as it is."""
    name = name or f"{kind}_{rows}"
    site = work / name
    address = (
        f"sqlite:///{site / 'bench.db'}"
        if kind == "sqlite"
        else f"postgresql://{SERVER}/{PREFIX}{name}"
    )
    database = Database(kind, rows, site, address)
    made, mark = site / "made", _mark(source, rows)
    if made.exists() and made.read_text() == mark:
        return database
    print(f"Making {address} …", flush=True)
    drop_database(database)
    shutil.copytree(source, site)
    if kind == "postgres":
        _server(f'CREATE DATABASE "{PREFIX}{name}"')
    command(database, "apply", "--yes", "-m", "bench")
    words = (
        "user",
        "create",
        "bench",
        "--role",
        "clerk",
        "--department",
        "office",
        "--password-stdin",
    )
    command(database, *words, stdin=PASSWORD + "\n")
    if rows:
        schema = load_schema(source)
        engine = make_engine(database.url)
        dataset.fill(engine, schema, rows)
        if rows <= dataset.MADE:
            dataset.copy_for_peers(engine)
        engine.dispose()
    made.write_text(mark)
    return database


def load_schema(site: Path) -> Schema:
    """The tables of a site's folder."""
    loaded = load_site(site)
    assert loaded.manifest is not None, loaded.problems
    return build_schema(loaded.manifest)


def drop_database(database: Database) -> None:
    """Takes the database and the folder away."""
    shutil.rmtree(database.site, ignore_errors=True)
    if database.kind == "postgres":
        _server(f'DROP DATABASE IF EXISTS "{database.address.rsplit("/", 1)[1]}" WITH (FORCE)')


def command(database: Database, *words: str, stdin: str | None = None) -> str:
    """`budayang …` on this database. Raises where it fails."""
    line = [str(Path(sys.executable).with_name("budayang")), *words, "--site", str(database.site)]
    done = subprocess.run(
        line, env=database.environment(), input=stdin, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(line)}\n{done.stdout}{done.stderr}")
    return done.stdout


def _server(statement: str) -> None:
    engine = create_engine(f"postgresql+psycopg://{SERVER}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _mark(source: Path, rows: int) -> str:
    """Changes with whatever shapes the database: the site, its tables and indexes, and how rows are made."""
    schema = load_schema(source) if rows else None
    shape = [str(rows)] + [path.read_text() for path in sorted(source.rglob("*.yaml"))]
    shape.append(ast.dump(ast.parse(Path(dataset.__file__).read_text())))
    if schema is not None:
        for table in schema.metadata.sorted_tables:
            shape += [table.name, *sorted(str(index.name) for index in table.indexes)]
    return hashlib.sha256("\n".join(shape).encode()).hexdigest()
