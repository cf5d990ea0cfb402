"""Lists are read from indexes: no sorting, no looking at every row, whatever is filtered and sorted by in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from app.domain import queries
from app.domain.context import Actor, Context
from app.domain.filters import read_request
from app.manifest.load import load_files
from app.schema.build import Schema, build_schema
from app.schema.engine import engine as make_engine
from app.schema.engine import reading, refresh_statistics, writing
from tests.domain.desk import NOON, create_tables

SITE = {
    "config/site.yaml": "site: { format: 1, name: 站, locale: zh, timezone: Asia/Shanghai }",
    "config/organization.yaml": "organization: { departments: { a: { label: 甲, kind: department } } }",
    "config/roles.yaml": """
roles:
  clerk:
    label: 经办
    can: { paper: [read] }
    sees: { paper: secret is no }
""",
    "catalogs/paper.yaml": """
entity: paper
label: 文件
fields:
  title: { label: 标题, type: text }
  kind: { label: 类别, type: choice, choices: { a: 甲, b: 乙 } }
  owner: { label: 部门, type: ref, to: department }
  grade: { label: 等级, type: choice, choices: { a: 甲, b: 乙 } }
  due: { label: 到期, type: date }
  secret: { label: 保密, type: yes_no }
list: [title, kind, owner, grade, due]
filter: [kind, owner, grade, due]
order: -created_at
""",
}
ROWS = """
INSERT INTO paper (created_at, changed_at, title, kind, grade, due, secret)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
SELECT '2026-03-02 09:00:00.000000', '2026-03-02 09:00:00.000000', 't' || i,
    CASE i % 2 WHEN 0 THEN 'a' ELSE 'b' END, CASE i % 3 WHEN 0 THEN 'a' ELSE 'b' END,
    date('2026-01-01', '+' || (i % 90) || ' days'), 0 FROM n
"""
CLERK = Actor(None, "clerk", "clerk", frozenset({"clerk"}))


@pytest.fixture(scope="module")
def schema() -> Iterator[Schema]:
    loaded = load_files({path: content.encode() for path, content in SITE.items()})
    assert loaded.manifest is not None, loaded.problems
    schema = build_schema(loaded.manifest)
    yield schema
    schema.dispose()


@pytest.fixture(scope="module")
def database(schema: Schema, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('lists') / 'site.db'}")
    create_tables(engine, schema)
    with writing(engine) as session:
        session.execute(text(ROWS))
    refresh_statistics(engine)
    yield engine
    engine.dispose()


def indexes(schema: Schema) -> set[tuple[str, ...]]:
    return {
        tuple(column.name for column in index.columns) for index in schema.tables["paper"].indexes
    }


def test_filters_and_their_pairs_come_before_the_order(schema: Schema) -> None:
    ends = ("created_at", "id", "secret")
    for head in (
        (),
        ("kind",),
        ("owner_id",),
        ("grade",),
        ("kind", "owner_id"),
        ("owner_id", "grade"),
    ):
        assert (*head, *ends) in indexes(schema)


def test_the_day_that_is_filtered_by_is_an_order_of_the_first_filters(schema: Schema) -> None:
    ends = ("due", "id", "secret")
    for head in (("kind",), ("owner_id",), ("kind", "owner_id")):
        assert (*head, *ends) in indexes(schema)
    assert ("grade", *ends) not in indexes(schema)


def test_what_the_scope_reads_is_not_said_twice(schema: Schema) -> None:
    assert ("secret", "created_at", "id") in indexes(schema)


def plans(engine: Engine, schema: Schema, asked: dict[str, str]) -> list[str]:
    """How SQLite goes about each statement of a list."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: bool) -> None:
        sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        with reading(engine) as session:
            context = Context(schema.manifest, schema, session, CLERK, NOON)
            paper = schema.manifest.entities["paper"]
            request = read_request(context, paper, {key: [said] for key, said in asked.items()})
            clauses = queries.narrowed(context, request)
            queries.counted(context, request, clauses, None)
            queries.first_rows(context, request, paper.list)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        return [
            line[3]
            for statement, values in sent
            if statement.startswith("SELECT")
            for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"order": "created_at"},
        {"order": "due"},
        {"kind": "a"},
        {"kind": "a", "owner": "1"},
        {"kind": "a", "owner": "1", "order": "due"},
        {"kind": "a", "owner": "1", "order": "-due"},
        {"owner": "1", "order": "due"},
    ],
)
def test_a_list_is_neither_sorted_nor_looked_through(
    database: Engine, schema: Schema, asked: dict[str, str]
) -> None:
    lines = plans(database, schema, asked)
    assert any("SEARCH paper USING INDEX" in line or "SCAN paper USING" in line for line in lines)
    assert not [line for line in lines if "TEMP B-TREE" in line or line == "SCAN paper"]


def test_a_sort_would_be_seen(database: Engine) -> None:
    with database.connect() as connection:
        plain = connection.execute(text("EXPLAIN QUERY PLAN SELECT * FROM paper ORDER BY title"))
        assert [line[3] for line in plain] == ["SCAN paper", "USE TEMP B-TREE FOR ORDER BY"]
