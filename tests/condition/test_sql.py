"""The form of the SQL: what an index can serve, what is bound, what is never NULL."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, and_, not_, null, or_, select, text, true
from sqlalchemy.dialects import postgresql, sqlite

from app.condition.check import read
from app.condition.facts import Facts
from app.condition.parse import MAX_DEPTH
from app.condition.predicate import RowsCounting
from app.condition.sql import gathered, where
from app.condition.tree import Aggregate, Clause, Condition
from app.place import Place
from tests.condition.random_rows import NOW, rows, store
from tests.condition.small_site import COLUMNS, VOCABULARY, Rows, tables

ZONE = ZoneInfo("Asia/Shanghai")
CLERK = Facts(now=NOW, zone=ZONE, user=1, department=2, departments=frozenset({2, 3}))
TICKET = tables()[1]["ticket"]


def condition(said: str) -> Condition:
    found = read(said, VOCABULARY, "ticket", place=Place("x.yaml", 1), counts=True)
    assert found.condition is not None, found.problems
    return found.condition


def filter_text(said: str, dialect: object = None) -> str:
    wanted = where(condition(said), TICKET, COLUMNS, CLERK)
    made = str(wanted.compile(dialect=dialect or postgresql.dialect()))  # type: ignore[arg-type]
    return " ".join(made.split())


def test_the_simplest_clauses_are_plain_comparisons_of_a_column() -> None:
    guarded = "ticket.department IS NOT NULL AND ticket.department = %(department_1)s::BIGINT"
    assert filter_text("department is my.department") == guarded
    assert "ticket.grade IN (" in filter_text("grade >= middle")
    assert "ticket.created_at >= %(" in filter_text("created_at >= today - 30 days")
    # A column that is never NULL needs no guard.
    assert "NULL" not in filter_text("created_at >= today - 30 days")


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_every_value_is_bound(dialect: object) -> None:
    said = (
        'title is "zap\'; --" and title contains "zap" and shop is zap and papers contains zap and flags contains hot'
        " and cost > 777.77 and grade > low and promise >= 777 workdays and day is 1977-07-07 and department is d1"
    )
    made = filter_text(said, dialect)
    for word in ("zap", "777", "1977", "hot", "middle", "d1"):
        assert word not in made


@pytest.fixture
def stored(engine: Engine) -> tuple[Engine, Rows]:
    made = rows(3, ZONE)
    metadata = tables()[0]
    with engine.begin() as connection:
        metadata.create_all(connection)
        store(connection, made)
    return engine, made


NEVER_NULL = [
    "title is x",
    'title contains "x"',
    "title starts with body",
    "grade > former_grade",
    "promise <= statutory",
    "length > width",
    "flags contains flag",
    "papers contains body",
    "shop.region.name is x",
    "shop is S1",
    "department is d1",
    "helpers contains S1",
    "count of visit where (same shop) > weight",
    "sum of cost in visit where (same shop) > 5",
]


def test_no_filter_is_ever_null(stored: tuple[Engine, Rows]) -> None:
    engine, _ = stored
    with engine.connect() as connection:
        for said in NEVER_NULL:
            wanted = where(condition(said), TICKET, COLUMNS, CLERK)
            found = connection.scalars(select(TICKET.c.id).where(wanted.is_(null()))).all()
            assert found == [], said


def test_an_aggregate_gives_its_number(stored: tuple[Engine, Rows]) -> None:
    engine, made = stored
    with engine.connect() as connection:
        for said in (
            "count of visit where (same shop) > 0",
            "sum of cost in visit where (same shop) > 0",
            "count of distinct shop.region in visit within 1 year > 0",
        ):
            tree = condition(said).tree
            assert isinstance(tree, Clause)
            assert isinstance(tree.left, Aggregate)
            number = gathered(tree.left, TICKET, COLUMNS, CLERK)
            found = dict(iter(connection.execute(select(TICKET.c.id, number))))
            counting = RowsCounting(made.all)
            expected = {
                one.id: counting.gathered(tree.left, one, CLERK) for one in made.all("ticket")
            }
            assert found == expected, said


def plan_of(engine: Engine, said: str) -> str:
    wanted = select(TICKET.c.id).where(where(condition(said), TICKET, COLUMNS, CLERK))
    query = wanted.order_by(TICKET.c.created_at.desc(), TICKET.c.id.desc()).limit(20)
    made = str(query.compile(dialect=engine.dialect, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        return "\n".join(str(row) for row in connection.execute(text(f"{explain} {made}")))


@pytest.mark.parametrize(
    "said", ["department is my.department", "department is d2", "grade is high"]
)
def test_an_index_finds_and_orders_the_rows_of_a_simple_clause(engine: Engine, said: str) -> None:
    column = "grade" if "grade" in said else "department"
    with engine.begin() as connection:
        tables()[0].create_all(connection)
        many = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO ticket"
            " (id, department, grade, created_at) SELECT i, i % 20, CASE i % 20 WHEN 2 THEN 'high' ELSE 'low' END,"
        )
        moment = (
            "'2026-01-01 00:00:00'"
            if engine.dialect.name == "sqlite"
            else "now() - i * interval '1 hour'"
        )
        connection.execute(text(f"{many} {moment} FROM n"))
        connection.execute(text("INSERT INTO department (id, key) VALUES (2, 'd2')"))
        connection.execute(
            text(f"CREATE INDEX served ON ticket ({column}, created_at DESC, id DESC)")
        )
    plan = plan_of(engine, said)
    assert "served" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def nested(leaf: str, depth: int, opening: str) -> str:
    for level in range(depth):
        leaf = f"loud is yes {'and' if level % 2 else 'or'} {opening}({leaf})"
    return leaf


def test_the_deepest_and_longest_conditions_can_be_run(stored: tuple[Engine, Rows]) -> None:
    engine, _ = stored
    far = "parent.parent.grade > parent.parent.former_grade"
    there = "ticket.parent.grade is high"
    said = [
        nested(far, MAX_DEPTH, ""),
        nested(far, MAX_DEPTH // 2, "not "),
        f"count of visit where ({nested(there, MAX_DEPTH - 1, '')}) > 0",
        " or ".join(["loud is yes"] * 250),
        " and ".join(["parent.parent.grade is high"] * 120),
        f"title in [{', '.join(['abcdefgh'] * 200)}]",
        " or ".join(["count of visit > 1"] * 60),
    ]
    with engine.connect() as connection:
        for one in said:
            wanted = where(condition(one), TICKET, COLUMNS, CLERK)
            # Filters stand inside other filters: scopes of several roles, those of a ref.
            around = or_(
                and_(not_(or_(and_(wanted, TICKET.c.id > 0), TICKET.c.id < 0)), true()), wanted
            )
            connection.execute(select(TICKET.c.id).where(around)).all()
