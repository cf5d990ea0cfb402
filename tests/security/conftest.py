"""The reading room, open to attack. `ward` is shared by tests that change nothing; `fresh` is a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.schema.engine import engine as make_engine
from tests.screens.records.conftest import furnish
from tests.security.site import ward_site
from tests.security.ward import Ward, open_ward


def _opened(url: str, folder: Path) -> Iterator[Ward]:
    engine = make_engine(url)
    ward = open_ward(ward_site(), engine, folder)
    furnish(ward.house)
    for name in ("guest", "keeper", "granter", "watcher"):
        ward.house.person(name, name)
    yield ward
    ward.house.schema.dispose()
    engine.dispose()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def ward(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ward]:
    """Shared by the tests of a module, on SQLite and on PostgreSQL."""
    folder = tmp_path_factory.mktemp("ward")
    address = f"sqlite:///{folder / 'site.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("pg_databases").make()
        address = url.render_as_string(hide_password=False)
    yield from _opened(address, folder)


@pytest.fixture
def fresh(any_url: str, tmp_path: Path) -> Iterator[Ward]:
    """A test's own, on either database."""
    yield from _opened(any_url, tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Ward]:
    """A test's own, on SQLite, where the database makes no difference."""
    yield from _opened(f"sqlite:///{tmp_path / 'site.db'}", tmp_path)
