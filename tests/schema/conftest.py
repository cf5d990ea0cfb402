"""The database as the application opens it, on both kinds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.pool import NullPool

from app.schema.engine import engine as make_engine


@pytest.fixture
def engine(any_url: str) -> Iterator[Engine]:
    """An empty database."""
    made = make_engine(any_url, poolclass=NullPool)
    yield made
    made.dispose()
