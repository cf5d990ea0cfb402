"""The same pages on PostgreSQL: what the other tests try on SQLite, once through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.schema.engine import engine as make_engine
from tests.conftest import Clock
from tests.screens.conftest import PEOPLE
from tests.screens.site import PASSWORD, House, office, open_house, settings_of


@pytest.fixture
def house(pg_url: str, tmp_path: Path, still: Clock) -> Iterator[House]:
    engine = make_engine(pg_url)
    made = open_house(office(), engine, settings_of(tmp_path), still)
    for name, role in PEOPLE.items():
        made.person(name, *filter(None, [role]))
    yield made
    engine.dispose()
    made.schema.dispose()


def test_a_day_at_the_office(house: House, still: Clock) -> None:
    karl, gina, walt = house.browser("karl"), house.browser("gina"), house.browser("walt")
    assert karl.get("/accounts?q=WAN").text.count("wanda") >= 1
    karl.get("/accounts/new")
    form = {
        "username": "olaf",
        "name": "欧阳锋",
        "department": "2",
        "posts": ["1", "2"],
        "field_deputy": "yes",
    }
    assert "一次性密码" in karl.post("/accounts/new", form).text
    assert karl.post("/accounts/new", form).status_code == 422, "the name is taken"
    number = max(house.people.values()) + 1
    karl.get(f"/accounts/{number}/edit")
    assert (
        karl.post(f"/accounts/{number}/edit", {"name": "欧阳锋", "posts": ["2"]}).status_code == 302
    )
    assert "关门人" in karl.get(f"/accounts/{number}").text
    gina.get("/account")
    assert gina.post(f"/accounts/{number}/roles", {"roles": ["writer"]}).status_code == 302
    assert karl.post(f"/accounts/{number}/disable").status_code == 302
    assert walt.get("/accounts").status_code == 403
    assert "调整角色" in walt.get("/audit?action=roles_change").text
    assert walt.post("/audit/export").status_code == 200
    assert karl.get("/accounts/999999999").status_code == 404
    token = house.token("wanda")["access_token"]
    still.advance(minutes=31)
    bearer = {"Authorization": f"Bearer {token}"}
    assert (
        house.app.test_client().post("/api/v1/security/logout", headers=bearer).status_code == 401
    )
    assert not karl.is_in()


def test_wrong_tries_lock_and_a_new_password_ends_sessions(house: House) -> None:
    codes = [house.browser().log_in("wanda", "wrong").status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]
    here, there = house.browser("karl"), house.browser("karl")
    here.get("/account/password")
    new = "Other-Wind-48-South"
    assert (
        here.post(
            "/account/password", {"present": PASSWORD, "wanted": new, "again": new}
        ).status_code
        == 302
    )
    assert here.is_in()
    assert not there.is_in()
