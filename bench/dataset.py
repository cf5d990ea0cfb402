"""The rows that every program is measured on: one table of many columns, three relations, a fixed seed.

The site's own tables are filled directly (a million saves would measure something else), then copied as they are
into `peer_…` tables with the indexes that the peers' own migrations would make: keys, refs and sorted columns.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, Table, insert, text

from app.schema.build import Schema
from app.schema.engine import writing
from app.schema.search_write import rebuild_search

SEED = 20260302
CATEGORIES, COMPANIES, OFFICERS = 60, 5_000, 17
BATCH = 20_000
MADE = 1_000_000  # more rows than this are copies of these, further back in time
START = datetime(2023, 11, 24, 1, 0, tzinfo=UTC)
TOPICS = (
    "供电增容",
    "供水水压",
    "用地指标",
    "报建进度",
    "贷款续贷",
    "用工缺口",
    "道路积水",
    "消防验收",
    "政策兑现",
    "停车通行",
)
USUAL, RARE = "雨棚搭建", "碳纤维原丝"
STATES = ("received", "handling", "waiting", "replied", "closed")
GRADES, CHANNELS = ("normal", "complex", "urgent"), ("hotline", "online", "visit", "leader")
PEER_INDEXES = (
    "created_at",
    "due_on",
    "status",
    "category_id",
    "company_id",
    "officer_id",
    "subject",
)


def matters(rows: int) -> Iterator[dict[str, Any]]:
    """The rows, oldest first: a tenth names a frequent topic, a fiftieth the usual one, one in 50,000 the rare one."""
    chance = random.Random(SEED)
    for number in range(1, rows + 1):
        at = START + timedelta(seconds=number * 60)
        draw = chance.random()
        topic = RARE if draw < 0.00002 else USUAL if draw < 0.02 else chance.choice(TOPICS)
        day = at.date()
        yield {
            "number": f"CS-{at.year}-{number:07}",
            "created_at": at,
            "changed_at": at,
            "version": 1,
            "subject": f"{topic}问题第{chance.randrange(100000)}号",
            "detail": f"企业反映{topic}，请协调处理。" * 2,
            "company_id": chance.randrange(1, COMPANIES + 1),
            "category_id": chance.randrange(1, CATEGORIES + 1),
            "officer_id": chance.randrange(1, OFFICERS + 1),
            "status": STATES[-1] if chance.random() < 0.8 else chance.choice(STATES),
            "grade": chance.choice(GRADES),
            "channel": chance.choice(CHANNELS),
            "due_on": day + timedelta(days=chance.randrange(3, 30)),
            "opened_on": day,
            "handled_at": at + timedelta(hours=5),
            "amount": Decimal(chance.randrange(10_000_000)) / 100,
            "rate": Decimal(chance.randrange(100)),
            "score": chance.randrange(100),
            "visits": chance.randrange(5),
            "urgent": chance.random() < 0.1,
            "secret": False,
            "phone": f"101{number % 100_000_000:08}",
            "place": f"园区{chance.randrange(40)}号路",
            "remark": None,
        }


def fill(engine: Engine, schema: Schema, rows: int) -> None:
    """Fills the site's tables, which must be there and empty: records, their histories and the search index.

    Indexes are taken off meanwhile and put back as they were: the same rows, in a tenth of the time.
    """
    table = schema.tables["matter"]
    plain = list(table.indexes)
    with writing(engine) as session:
        for index in plain:
            index.drop(session.connection())
    _fill_relations(engine, schema)
    made = min(rows, MADE)
    batch: list[dict[str, Any]] = []
    for row in matters(made):
        batch.append(row)
        if len(batch) == BATCH:
            _store(engine, table, batch)
            batch = []
    if batch:
        _store(engine, table, batch)
    _multiply(engine, table, made, rows)
    _write_histories(engine)
    for index in plain:
        with writing(engine) as session:
            index.create(session.connection())
    _number_on(engine, rows)
    if rows <= MADE:
        for search in (one for each in schema.searches.values() for one in each):
            with writing(engine) as session:
                rebuild_search(session.connection(), schema, search)
    analyze(engine)


def _fill_relations(engine: Engine, schema: Schema) -> None:
    relations = (
        ("category", CATEGORIES, "类别"),
        ("company", COMPANIES, "示范企业"),
        ("officer", OFFICERS, "承办"),
    )
    with writing(engine) as session:
        for key, count, word in relations:
            made = [
                {
                    "id": n,
                    "name": f"{word}{n:04}",
                    "created_at": START,
                    "changed_at": START,
                    "version": 1,
                }
                for n in range(1, count + 1)
            ]
            session.execute(insert(schema.tables[key]), made)


def _store(engine: Engine, table: Table, batch: list[dict[str, Any]]) -> None:
    with writing(engine) as session:
        session.execute(insert(table), batch)


def _multiply(engine: Engine, table: Table, made: int, rows: int) -> None:
    """Copies of the first rows, each further back in time, until there are enough. Not in the search index."""
    postgres = engine.dialect.name == "postgresql"
    for copy in range(1, -(-rows // made)):
        minutes, days = copy * made, copy * made // 1440
        moved = {
            "id": f"id + {copy * made}",
            "number": f"substr(number, 1, 8) || '{copy:02}' || substr(number, 9)",
            "due_on": f"due_on - {days}" if postgres else f"date(due_on, '-{days} days')",
        }
        for name in ("created_at", "changed_at"):
            earlier = f"strftime('%Y-%m-%d %H:%M:%S.000000', {name}, '-{minutes} minutes')"
            moved[name] = f"{name} - interval '{minutes} minutes'" if postgres else earlier
        names = [column.name for column in table.columns]
        listed = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(moved.get(name, f'"{name}"') for name in names)
        with writing(engine) as session:
            session.execute(
                text(
                    f'INSERT INTO "{table.name}" ({listed}) SELECT {values} FROM "{table.name}"'
                    f" WHERE id <= {min(made, rows - copy * made)}"
                )
            )


def _write_histories(engine: Engine) -> None:
    """One row a record, as registering it would have left (but for its hash, which nothing here reads)."""
    with writing(engine) as session:
        session.execute(
            text(
                "INSERT INTO platform_history (entity, record_id, at, by_name, action, release, hash)"
                f" SELECT 'matter', id, created_at, '示范', 'create', 1, '{'0' * 64}' FROM matter"
            )
        )


def _number_on(engine: Engine, rows: int) -> None:
    """PostgreSQL's own numbering goes on behind the rows that brought their numbers along."""
    if engine.dialect.name == "postgresql":
        with writing(engine) as session:
            for key, count in (
                ("category", CATEGORIES),
                ("company", COMPANIES),
                ("officer", OFFICERS),
                ("matter", rows),
            ):
                session.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('\"{key}\"', 'id'), {count})")
                )


def analyze(engine: Engine) -> None:
    """What a database does by itself at night: statistics, and on PostgreSQL the visibility map."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        connection.execute(
            text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE")
        )


def copy_for_peers(engine: Engine) -> None:
    """`peer_…` tables: the same rows under the peers' own, simple indexes."""
    with writing(engine) as session:
        connection = session.connection()
        postgres = engine.dialect.name == "postgresql"
        for key in ("category", "company", "officer", "matter"):
            names = [c["name"] for c in _columns(connection, key, postgres)]
            kept = [n for n in names if n not in ("retired_at", "created_by_id", "changed_by_id")]
            listed = ", ".join(f'"{name}"' for name in kept)
            types = ", ".join(
                f'"{c["name"]}" {c["type"]}{" PRIMARY KEY" if c["name"] == "id" else ""}'
                for c in _columns(connection, key, postgres)
                if c["name"] in kept
            )
            identity = types.replace('"id" bigint PRIMARY KEY', '"id" bigserial PRIMARY KEY')
            connection.execute(
                text(f'CREATE TABLE "peer_{key}" ({identity if postgres else types})')
            )
            connection.execute(
                text(
                    f'INSERT INTO "peer_{key}" ({listed}) SELECT {listed} FROM "{key}" ORDER BY id'
                )
            )
            if postgres:
                connection.execute(
                    text(f"SELECT setval('peer_{key}_id_seq', (SELECT max(id) FROM peer_{key}))")
                )
        for column in PEER_INDEXES:
            connection.execute(
                text(f'CREATE INDEX "peer_ix_{column}" ON "peer_matter" ("{column}")')
            )
    analyze(engine)


def _columns(connection: Any, table: str, postgres: bool) -> list[dict[str, str]]:
    if postgres:
        query = (
            "SELECT column_name AS name, data_type AS type FROM information_schema.columns "
            "WHERE table_name = :table AND table_schema = 'public' ORDER BY ordinal_position"
        )
    else:
        query = "SELECT name, CASE WHEN pk THEN 'INTEGER' ELSE type END AS type FROM pragma_table_info(:table)"
    return [dict(row) for row in connection.execute(text(query), {"table": table}).mappings()]
