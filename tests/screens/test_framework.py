"""Flask-AppBuilder underneath: what it gives, and that nothing of its look, its views or its habits comes through."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask_appbuilder import AppBuilder
from jinja2 import TemplateNotFound
from sqlalchemy import event

from app.schema.engine import engine as make_engine
from app.screens.shell import create_app
from tests.conftest import Clock
from tests.screens.site import House, office, open_house, settings_of


def test_none_of_its_views_is_reachable(house: House) -> None:
    karl = house.browser("karl")
    for path in (
        "/users/list/",
        "/roles/list/",
        "/roles/add",
        "/groups/list/",
        "/resetmypassword/form",
        "/userinfoeditview/form",
        "/registeruser/list/",
        "/permissions/list/",
        "/back",
        "/lang/en",
        "/swagger/v1",
        "/api/v1/menu/",
        "/static/appbuilder/css/bootstrap.min.css",
        "/static/appbuilder/js/jquery-latest.js",
    ):
        assert karl.get(path).status_code == 404, path


def test_none_of_its_templates_can_be_shown(house: House) -> None:
    for name in (
        "appbuilder/base.html",
        "appbuilder/init.html",
        "appbuilder/general/security/login_db.html",
    ):
        with pytest.raises(TemplateNotFound):
            house.app.jinja_env.get_template(name)


def test_it_knows_the_caller_as_its_user(house: House) -> None:
    seen: list[object] = []

    def note() -> str:
        manager: AppBuilder = house.app.appbuilder  # type: ignore[attr-defined]
        seen.append(manager.sm.current_user.get_full_name())
        return ""

    served = house.app.view_functions["HomePage.index"]
    house.app.view_functions["HomePage.index"] = note
    house.browser("wanda").get("/")
    house.app.view_functions["HomePage.index"] = served
    assert seen == ["wanda"]


def test_a_site_starts_without_writing_to_the_database(house: House, tmp_path: Path) -> None:
    """It would write permission rows at every start, one commit each."""
    written: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        written.append(statement)

    event.listen(house.engine, "before_cursor_execute", note)
    create_app(house.manifest, house.schema, house.engine, settings_of(tmp_path))
    assert written == []


def test_two_sites_in_one_process_are_apart(tmp_path: Path, still: Clock, house: House) -> None:
    database = make_engine(f"sqlite:///{tmp_path / 'other.db'}")
    other = open_house(office(), database, settings_of(tmp_path, secret_key="t" * 48), still)
    other.person("xena", "writer")
    xena = other.browser("xena")
    assert xena.is_in()
    stranger = house.browser()
    stranger.client.set_cookie("budayang", xena.cookie())
    assert not stranger.is_in()
    assert house.browser("wanda").is_in()
    other.schema.dispose()
    database.dispose()


def statements(house: House, path: str, name: str) -> list[str]:
    browser = house.browser(name)
    browser.get(path)  # what is read once in a site's life is read now
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        found.append(statement)

    event.listen(house.engine, "before_cursor_execute", note)
    answer = browser.get(path)
    event.remove(house.engine, "before_cursor_execute", note)
    assert answer.status_code in (200, 404)
    return [statement for statement in found if statement != "BEGIN"]


def test_knowing_the_caller_takes_two_queries_and_the_menu_none(house: House) -> None:
    assert len(statements(house, "/nowhere", "wanda")) == 2
    assert len(statements(house, "/", "wanda")) == 3


def test_a_static_file_takes_none(house: House) -> None:
    browser = house.browser("wanda")
    found: list[str] = []
    event.listen(house.engine, "before_cursor_execute", lambda *told: found.append(told[2]))
    assert browser.get("/static/shell.js").status_code == 200
    assert found == []
