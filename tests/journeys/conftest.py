"""The two foreign sites, each served once for a whole run of tests on either database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.stage import Stage, served


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
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
) -> Iterator[Stage]:
    """The library's lending desk with its staff: lena the librarian, dan at the desk."""
    folder = tmp_path_factory.mktemp(f"library-{database_kind}")
    with served("library", _database(database_kind, request, folder), folder) as stage:
        stage.make_person("lena", "librarian", department="library", post="head")
        stage.make_person("dan", "desk", department="lending", post="desk_early")
        stage.make_person("dora", "desk", department="lending", post="desk_late")
        yield stage


@pytest.fixture(scope="session")
def repair(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The hospital's repair desk: nurses of two wards, a dispatcher, technicians of two workshops, the head."""
    folder = tmp_path_factory.mktemp(f"repair-{database_kind}")
    with served("repair", _database(database_kind, request, folder), folder) as stage:
        stage.make_person("nora", "nurse", department="theatre")
        stage.make_person("nils", "nurse", department="nursery")
        stage.make_person("dina", "dispatcher", department="workshops")
        stage.make_person("toni", "technician", department="electrical", post="duty_electrical")
        stage.make_person("mike", "technician", department="medical", post="duty_medical")
        stage.make_person("hana", "head", department="workshops")
        yield stage
