"""The lending desk, served: its people call on the REST interface."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.schema.engine import engine as make_engine
from tests.conftest import Clock
from tests.screens.api.served import Served, serve


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
