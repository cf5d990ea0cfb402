"""What every test may ask for: an empty database of either kind, a site's folder, a clock that stands still."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from tests.databases import (
    PostgresDatabases,
    empty,
    postgres_databases,
    server_address,
    why_no_server,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# A slow machine is no failure; the same examples on every run of CI are worth more than new ones.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses a PostgreSQL fixture is marked so, whether or not its author remembered."""
    for item in items:
        if "pg_databases" in getattr(item, "fixturenames", ()) and not _is_sqlite_case(item):
            item.add_marker(pytest.mark.postgres)


def _is_sqlite_case(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("any_url") == "sqlite"


@pytest.fixture(scope="session")
def pg_databases(worker_id: str) -> Iterator[PostgresDatabases]:
    """Makes PostgreSQL databases (`.make()`); for tests that need several, or one for a whole module.

    Where no server answers the test is skipped, but in CI it fails: there half the promises would go untried.
    """
    refusal = why_no_server()
    if refusal is not None:
        reason = f"no PostgreSQL answers at {server_address()} (BUDAYANG_TEST_POSTGRES): {refusal}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    with postgres_databases(f"budayang_test_{os.getpid()}_{worker_id}") as databases:
        yield databases


@pytest.fixture(scope="session")
def _shared_pg_url(pg_databases: PostgresDatabases) -> str:
    return pg_databases.make().render_as_string(hide_password=False)


@pytest.fixture
def pg_url(_shared_pg_url: str) -> str:
    """The address of an empty PostgreSQL database, this test's alone while it runs."""
    empty(make_url(_shared_pg_url))
    return _shared_pg_url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an SQLite file that doesn't exist yet."""
    return f"sqlite:///{tmp_path / 'site.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_url(request: pytest.FixtureRequest) -> str:
    """An empty database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "pg_url")
    return url


@pytest.fixture
def engine(any_url: str) -> Iterator[Engine]:
    """A plain engine on `any_url`, without what the application sets on its own connections."""
    engine = create_engine(any_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def write_site(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Writes `{path: text}` (indented as one likes) into a site's folder and returns the folder.

    Called again it adds to the same folder.
    """
    folder = tmp_path / "site"

    def write(files: Mapping[str, str]) -> Path:
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")
        return folder

    return write


@dataclass
class Clock:
    """A clock that moves only when a test moves it. Call it for the time."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def set(self, moment: str) -> datetime:
        """Go to a moment of Shanghai, written as in a site: `2026-03-02 09:00`."""
        self.now = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
        return self.now

    def advance(self, **passed: float) -> datetime:
        """Let time pass: `advance(hours=2, minutes=30)`."""
        self.now += timedelta(**passed)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Stands at nine on Monday, 2 March 2026, in Shanghai."""
    return Clock(datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser to drive; what `make test` found or installed."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(
            "no Chromium: install it (apt-get install chromium) or name one in CHROMIUM",
            pytrace=False,
        )
    return path
