"""Values come back from both databases as they went in, and sort and compare alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, Table, func, insert, select
from sqlalchemy.exc import StatementError

from app.manifest.model.values import Duration, Unit
from app.schema.storage import column_type
from app.schema.types import PlainText, UtcDateTime
from tests.factory import field

KINDS = {
    "text": field("text", "text"),
    "number": field("number", "integer"),
    "money": field("money", "money"),
    "exact": field("exact", "decimal", places=6),
    "yes_no": field("yes_no", "yes_no"),
    "day": field("day", "date"),
    "moment": field("moment", "datetime"),
    "clock": field("clock", "time"),
    "span": field("span", "duration"),
    "lines": field("lines", "lines"),
}
TABLE = Table(
    "kinds",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(Column(key, column_type(one)) for key, one in KINDS.items()),
)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    TABLE.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection


def stored(connection: Connection, column: str, value: object) -> object:
    """The value as it comes back."""
    with connection.begin_nested():
        row = connection.execute(
            insert(TABLE).values({column: value}).returning(TABLE.c.id)
        ).scalar_one()
        return connection.scalar(select(TABLE.c[column]).where(TABLE.c.id == row))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "㐂𠮷 “引号” % _ \\ '"),
        ("number", 2**53 - 1),
        ("number", -(2**53) + 1),
        ("money", Decimal("999999999999.99")),
        ("money", Decimal("-0.01")),
        ("exact", Decimal("0.000001")),
        ("exact", Decimal("123456789012.123456")),
        ("yes_no", True),
        ("yes_no", False),
        ("day", date(1900, 1, 1)),
        ("day", date(2999, 12, 31)),
        ("moment", datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)),
        ("clock", time(23, 59)),
        ("span", Duration(0, Unit.WORKDAYS)),
        ("span", Duration(99999999, Unit.MINUTES)),
        ("lines", ("甲", "乙", "甲")),
    ],
)
def test_a_value_comes_back_as_it_went_in(
    connection: Connection, column: str, value: object
) -> None:
    found = stored(connection, column, value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("column", "value"), [("text", ""), ("lines", ()), ("lines", []), ("money", None)]
)
def test_what_is_empty_is_stored_as_null(
    connection: Connection, column: str, value: object
) -> None:
    assert stored(connection, column, value) is None
    assert connection.scalar(select(func.count()).where(TABLE.c[column].is_not(None))) == 0


def test_a_moment_of_any_zone_is_the_same_moment(connection: Connection) -> None:
    shanghai = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    assert stored(connection, "moment", shanghai) == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        stored(connection, "moment", datetime(2026, 3, 2))


def test_too_many_places_are_refused_not_rounded(sqlite_url: str) -> None:
    from app.schema.engine import engine as make_engine

    engine = make_engine(sqlite_url)
    TABLE.metadata.create_all(engine)
    with engine.connect() as connection, pytest.raises(StatementError, match="decimal places"):
        stored(connection, "money", Decimal("0.00001"))
    engine.dispose()


def test_sums_are_exact(connection: Connection) -> None:
    connection.execute(insert(TABLE), [{"money": Decimal("0.10")}, {"money": Decimal("0.20")}])
    assert connection.scalar(select(func.sum(TABLE.c.money))) == Decimal("0.30")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("text", ["A", "Z", "a", "z", "一", "丁", "𠮷"]),
        ("money", [Decimal("-1"), Decimal("0"), Decimal("9.99"), Decimal("10")]),
        ("span", [Duration(9, Unit.WORKDAYS), Duration(10, Unit.WORKDAYS)]),
        (
            "moment",
            [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)],
        ),
        ("clock", [time(9), time(9, 30), time(18)]),
    ],
)
def test_both_databases_sort_alike(connection: Connection, column: str, values: list[Any]) -> None:
    connection.execute(insert(TABLE), [{column: value} for value in reversed(values)])
    assert list(connection.scalars(select(TABLE.c[column]).order_by(TABLE.c[column]))) == values
    middle = values[len(values) // 2]
    below = select(func.count()).where(TABLE.c[column] < middle)
    assert connection.scalar(below) == len(values) // 2


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_scaled_numbers_are_the_same_number(value: Decimal) -> None:
    from sqlalchemy.dialects import sqlite

    kind, dialect = column_type(KINDS["money"]), sqlite.dialect()
    scaled = kind.process_bind_param(value, dialect)  # type: ignore[attr-defined]
    assert isinstance(scaled, int)
    assert kind.process_result_value(scaled, dialect) == value  # type: ignore[attr-defined]


def test_text_sorts_by_code_point_whatever_the_server_thinks(pg_url: str) -> None:
    from sqlalchemy.dialects import postgresql

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert PlainText().compile(dialect=dialect) == 'VARCHAR COLLATE "C"'
    assert UtcDateTime().compile(dialect=dialect) == "TIMESTAMP WITH TIME ZONE"
