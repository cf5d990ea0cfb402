"""The lending desk, applied once a module on either database."""

from __future__ import annotations

import pytest

from tests.cli.site import Site, library_in


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("library")
    url = f"sqlite:///{folder / 'site.db'}"
    if request.param == "postgres":
        made = request.getfixturevalue("pg_databases").make()
        url = made.render_as_string(hide_password=False)
    return library_in(folder / "site", url)
