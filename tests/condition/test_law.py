"""The law: for every condition and every row, the SQL filter selects the row exactly when the predicate is true."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, not_, select
from sqlalchemy.pool import StaticPool

from app.condition.check import read
from app.condition.facts import Facts
from app.condition.predicate import Outcome, RowsCounting, holds, verdict
from app.condition.sql import suits, where
from app.condition.tree import ORDERING, Condition
from app.place import Place
from tests.condition.random_conditions import DATES, MOMENTS, NUMBERS, conditions
from tests.condition.random_rows import ZONES, facts, rows, store
from tests.condition.small_site import COLUMNS, VOCABULARY, Rows, tables

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("BUDAYANG_LAW_EXAMPLES", "250"))
SEEDS = range(2)
PLACE = Place("test.yaml", 1)


@dataclass(frozen=True)
class Filled:
    """A database and the same rows in Python."""

    connection: Connection = field(repr=False)
    rows: Rows = field(repr=False)
    zone: ZoneInfo


def filled(url: str, seed: int) -> Iterator[Filled]:
    zone = ZoneInfo(ZONES[seed % len(ZONES)])
    pool = {"poolclass": StaticPool} if url.startswith("sqlite") else {}
    engine = create_engine(url, **pool)
    made = rows(seed, zone)
    metadata = tables()[0]
    with engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        store(connection, made)
    with engine.connect() as connection:
        yield Filled(connection, made, zone)
    engine.dispose()


@pytest.fixture(scope="module", params=SEEDS)
def on_sqlite(request: pytest.FixtureRequest) -> Iterator[Filled]:
    yield from filled("sqlite://", request.param)


@pytest.fixture(scope="module", params=SEEDS)
def on_postgres(request: pytest.FixtureRequest, pg_databases) -> Iterator[Filled]:  # type: ignore[no-untyped-def]
    url = pg_databases.make().render_as_string(hide_password=False)
    yield from filled(url, request.param)


def condition(text: str) -> Condition:
    checked = read(text, VOCABULARY, "ticket", place=PLACE, counts=True)
    assert checked.condition is not None, (text, checked.problems)
    return checked.condition


def selected(there: Filled, meant: Condition, of: Facts) -> tuple[set[int], set[int], set[int]]:
    """The rows by the filter, by its negation, and by the filter of verdicts."""
    table = tables()[1]["ticket"]
    found = []
    wanted = where(meant, table, COLUMNS, of)
    for filter_ in (wanted, not_(wanted), suits(meant, table, COLUMNS, of)):
        found.append(set(there.connection.scalars(select(table.c.id).where(filter_))))
    return found[0], found[1], found[2]


def keeps_the_law(there: Filled, text: str, somebody: int) -> None:
    meant = condition(text)
    of = facts(somebody, there.zone)
    by_filter, by_negation, by_verdict = selected(there, meant, of)
    counting = RowsCounting(there.rows.all)
    records = there.rows.all("ticket")
    expected = {one.id for one in records if holds(meant, one, of, counting)}
    assert by_filter == expected, text
    assert by_negation == {one.id for one in records} - expected, text
    met = {one.id for one in records if verdict(meant, one, of, counting).outcome is Outcome.MET}
    assert by_verdict == met, text


people = st.integers(0, 20)
# Where rounding, bounds and units lie close together, every combination is tried.
NUMBER_FIELDS = ("weight", "length", "width", "cost", "budget")
SHARP = (
    *(f"{field} {op} {n}" for field in NUMBER_FIELDS for op in ("is", *ORDERING) for n in NUMBERS),
    *(f"share {op} {n}%" for op in ("is", *ORDERING) for n in NUMBERS),
    *(
        f"{one} {op} {other}"
        for one in ("weight", "length", "width")
        for op in ORDERING
        for other in ("size", "width")
    ),
    *(
        f"{field} {op} {day}"
        for field in ("day", "done_at")
        for op in ("is", *ORDERING)
        for day in DATES
    ),
    *(
        f"done_at {op} {moment}"
        for op in ("is", *ORDERING)
        for moment in (*MOMENTS, "now", "today", "this_year")
    ),
    *(
        f"promise {op} {span}"
        for op in ("is", *ORDERING)
        for span in ("0 workdays", "24h", "1 day", "60m")
    ),
    *(f"grade {op} {key}" for op in ORDERING for key in ("low", "middle", "high", "former_grade")),
)


def test_no_value_close_to_a_bound_falls_on_the_wrong_side_on_sqlite(on_sqlite: Filled) -> None:
    for text in SHARP:
        keeps_the_law(on_sqlite, text, 1)


def test_no_value_close_to_a_bound_falls_on_the_wrong_side_on_postgresql(
    on_postgres: Filled,
) -> None:
    for text in SHARP:
        keeps_the_law(on_postgres, text, 1)


@settings(max_examples=EXAMPLES)
@given(text=conditions(), somebody=people)
def test_sqlite_selects_the_rows_for_which_the_predicate_holds(
    on_sqlite: Filled, text: str, somebody: int
) -> None:
    keeps_the_law(on_sqlite, text, somebody)


@settings(max_examples=EXAMPLES)
@given(text=conditions(), somebody=people)
def test_postgresql_selects_the_rows_for_which_the_predicate_holds(
    on_postgres: Filled, text: str, somebody: int
) -> None:
    keeps_the_law(on_postgres, text, somebody)
