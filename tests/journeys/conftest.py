"""The two foreign sites, each served once for a whole run of tests on either database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.stage import Person, served
from tests.journeys.stock import Library, Repair, stock_library, stock_repair


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every journey is made once on SQLite and once on PostgreSQL."""
    kind: str = request.param
    return kind


def _database(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / 'site.db'}"
    url: str = request.getfixturevalue("pg_databases").make().render_as_string(hide_password=False)
    return url


@pytest.fixture(scope="session")
def library(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """The library's lending desk: lena the librarian, dan and dora at the desk, ann a member."""
    folder = tmp_path_factory.mktemp(f"library-{database_kind}")
    with served("library", _database(database_kind, request, folder), folder) as stage:
        stage.make_people(
            Person("lena", "librarian", "library", "head"),
            Person("dan", "desk", "lending", "desk_early"),
            Person("dora", "desk", "lending", "desk_late"),
            Person("guest"),
        )
        yield stock_library(stage)


@pytest.fixture(scope="session")
def repair(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Repair]:
    """The hospital's repair desk: nurses of two wards, a dispatcher, a technician, the head."""
    folder = tmp_path_factory.mktemp(f"repair-{database_kind}")
    with served("repair", _database(database_kind, request, folder), folder) as stage:
        stage.make_people(
            Person("nora", "nurse", "theatre"),
            Person("nils", "nurse", "nursery"),
            Person("dina", "dispatcher", "workshops"),
            Person("toni", "technician", "electrical", "duty_electrical"),
            Person("hana", "head", "workshops"),
        )
        yield stock_repair(stage)
