"""The lending desk, served: its people call on the REST interface."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.schema.engine import engine as make_engine
from app.settings import Settings
from tests.conftest import SHANGHAI, Clock
from tests.screens.api.served import Served, serve, stock


@pytest.fixture
def database(any_url: str) -> Iterator[Engine]:
    """Every test runs on SQLite and on PostgreSQL."""
    made = make_engine(any_url)
    yield made
    made.dispose()


@pytest.fixture
def served(database: Engine, tmp_path: Path, still: Clock) -> Iterator[Served]:
    """head may everything; north and south are clerks of a branch each; guest reads books; nobody has no role."""
    served = serve(database, tmp_path, still)
    yield served
    served.desk.schema.dispose()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def stocked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The same desk with members and books, for the tests of a module that only read."""
    folder = tmp_path_factory.mktemp("desk")
    address = f"sqlite:///{folder / 'site.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("pg_databases").make()
        address = url.render_as_string(hide_password=False)
    clock = Clock(datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI))
    engine = make_engine(address)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Settings, "now", lambda self, zone: clock().astimezone(zone))
        served = serve(engine, folder, clock)
        stock(served)
        yield served
        served.desk.schema.dispose()
    engine.dispose()
