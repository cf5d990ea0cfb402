"""A reading room on SQLite: every field type, a private field, row scope, a workflow, children and attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app.schema.engine import engine as make_engine
from tests.screens.records.house import House, open_house, site
from tests.screens.records.reading_room import FILES


def furnish(house: House) -> None:
    """People and some records: five books, three readers, a few visits."""
    house.person("head", "head", label="馆长甲")
    house.person("north", "clerk", department="north", label="北馆员")
    house.person("south", "clerk", department="south", label="南馆员")
    house.person("nobody", label="无角色")
    with house.writing() as context:
        from sqlalchemy import select

        from app.schema.platform import platform

        department = platform.department
        rows = context.session.execute(select(department.c.key, department.c.id))
        places = {row.key: row.id for row in rows}
    for number in range(1, 6):
        house.add(
            "book", name=f"图书{number}", isbn=f"978-{number}", price=f"{number}.50", shelf="a"
        )
    for name, place in (("张三", "north"), ("李四", "south"), ("王五", "north")):
        house.add("member", name=name, branch=places[place], phone="13800001234", born="1990-01-02")
    house.places = places


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """Furnished once for a module, on either database: for tests that change nothing."""
    folder = tmp_path_factory.mktemp("room")
    url = f"sqlite:///{folder / 'site.db'}"
    if request.param == "postgres":
        made_url = request.getfixturevalue("pg_databases").make()
        url = made_url.render_as_string(hide_password=False)
    engine = make_engine(url)
    made = open_house(site(FILES), engine, folder)
    furnish(made)
    yield made
    engine.dispose()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[House]:
    """The same, for tests that change it."""
    engine = make_engine(f"sqlite:///{tmp_path / 'site.db'}")
    made = open_house(site(FILES), engine, tmp_path)
    furnish(made)
    yield made
    engine.dispose()


class Statements(list[str]):
    """SQL that a request sends, without what opens and closes transactions."""

    def __init__(self, house: House) -> None:
        super().__init__()
        event.listen(house.engine, "before_cursor_execute", self._note)

    def _note(self, _c: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            self.append(statement)


def token(browser: FlaskClient, path: str) -> str:
    """The token against forged requests of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(path).text)
    assert found, path
    return found[1]


def post(browser: FlaskClient, path: str, page: str | None = None, /, **values: object):  # type: ignore[no-untyped-def]
    """Sends a form as the page `page` (by default the same address) would."""
    values = {key.replace("__", "~"): value for key, value in values.items()}
    return browser.post(path, data={"csrf_token": token(browser, page or path), **values})


def words(html: str) -> str:
    """The visible text."""
    plain = re.sub(r"<(script|style|template).*?</\1>", " ", html, flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", plain)))
