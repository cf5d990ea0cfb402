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

from sqlalchemy import Engine, insert, text

from app.schema.build import Schema
from app.schema.engine import writing
from app.schema.search_write import rebuild_search

SEED = 20260302
CATEGORIES, COMPANIES, OFFICERS = 60, 5_000, 17
BATCH = 20_000
START = datetime(2023, 11, 24, 1, 0, tzinfo=UTC)
TOPICS = ("供电增容", "供水水压", "用地指标", "报建进度", "贷款续贷", "用工缺口", "道路积水", "消防验收", "政策兑现", "停车通行")
RARE = "碳纤维原丝"
STATES = ("received", "handling", "waiting", "replied", "closed")
GRADES, CHANNELS = ("normal", "complex", "urgent"), ("hotline", "online", "visit", "leader")
PEER_INDEXES = ("created_at", "due_on", "status", "category_id", "company_id", "officer_id", "subject")


def matters(rows: int) -> Iterator[dict[str, Any]]:
    """The rows, oldest first: about a fiftieth names a frequent topic twice, one in fifty thousand the rare one."""
    chance = random.Random(SEED)
    for number in range(1, rows + 1):
        at = START + timedelta(seconds=number * 60)
        topic = RARE if chance.random() < 0.00002 else chance.choice(TOPICS)
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
    """Fills the site's tables, which must be there and empty, and their search index."""
    relations = (("category", CATEGORIES, "类别"), ("company", COMPANIES, "示范企业"), ("officer", OFFICERS, "承办"))
    with writing(engine) as session:
        for key, count, word in relations:
            table = schema.tables[key]
            made = [
                {"id": n, "name": f"{word}{n:04}", "created_at": START, "changed_at": START, "version": 1}
                for n in range(1, count + 1)
            ]
            session.execute(insert(table), made)
    batch: list[dict[str, Any]] = []
    for row in matters(rows):
        batch.append(row)
        if len(batch) == BATCH:
            _store(engine, schema, batch)
            batch = []
    if batch:
        _store(engine, schema, batch)
    for indexes in schema.searches.values():
        for index in indexes:
            with writing(engine) as session:
                rebuild_search(session.connection(), schema, index)


def _store(engine: Engine, schema: Schema, batch: list[dict[str, Any]]) -> None:
    with writing(engine) as session:
        session.execute(insert(schema.tables["matter"]), batch)


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
            connection.execute(text(f'CREATE TABLE "peer_{key}" ({identity if postgres else types})'))
            connection.execute(text(f'INSERT INTO "peer_{key}" ({listed}) SELECT {listed} FROM "{key}" ORDER BY id'))
            if postgres:
                connection.execute(
                    text(f"SELECT setval('peer_{key}_id_seq', (SELECT max(id) FROM peer_{key}))")
                )
        for column in PEER_INDEXES:
            connection.execute(text(f'CREATE INDEX "peer_ix_{column}" ON "peer_matter" ("{column}")'))
    with engine.connect() as connection:
        plain = connection.execution_options(isolation_level="AUTOCOMMIT") if postgres else connection
        plain.execute(text("ANALYZE"))
        if not postgres:
            connection.commit()


def _columns(connection: Any, table: str, postgres: bool) -> list[dict[str, str]]:
    if postgres:
        query = (
            "SELECT column_name AS name, data_type AS type FROM information_schema.columns "
            "WHERE table_name = :table AND table_schema = 'public' ORDER BY ordinal_position"
        )
    else:
        query = "SELECT name, CASE WHEN pk THEN 'INTEGER' ELSE type END AS type FROM pragma_table_info(:table)"
    return [dict(row) for row in connection.execute(text(query), {"table": table}).mappings()]


