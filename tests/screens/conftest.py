"""An office with its people, open for calls; its clock moves only when a test moves it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.schema.engine import engine as make_engine
from app.screens.shell import create_app
from app.settings import Settings
from tests.conftest import SHANGHAI, Clock
from tests.screens.site import House, office, open_house, settings_of


@pytest.fixture
def still(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The site's time is the test's clock."""
    monkeypatch.setattr(Settings, "now", lambda self, zone: clock().astimezone(zone))
    return clock


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Engine]:
    """A database with nothing in it."""
    made = make_engine(sqlite_url)
    yield made
    made.dispose()


PEOPLE = {"wanda": "writer", "karl": "keeper", "gina": "granter", "walt": "watcher", "nora": ""}


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Path]:
    """The office with its people, made once; tests get copies of its database."""
    folder = tmp_path_factory.mktemp("office")
    engine = make_engine(f"sqlite:///{folder / 'site.db'}")
    monday = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
    house = open_house(office(), engine, settings_of(folder), lambda: monday)
    for name, role in PEOPLE.items():
        house.person(name, *filter(None, [role]))
    engine.dispose()  # the last connection takes the write-ahead log into the file
    return house, folder / "site.db"


@pytest.fixture
def house(furnished: tuple[House, Path], tmp_path: Path, still: Clock) -> Iterator[House]:
    """The office: wanda writes, karl keeps log-ins, gina grants roles, walt watches, nora has no role."""
    pattern, file = furnished
    shutil.copy(file, tmp_path / "site.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'site.db'}")
    app = create_app(pattern.manifest, pattern.schema, engine, settings_of(tmp_path))
    yield replace(pattern, app=app, engine=engine, now=still, people=dict(pattern.people))
    engine.dispose()
