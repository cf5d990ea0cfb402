"""Requests that a page elsewhere makes a browser send change nothing."""

from __future__ import annotations

import pytest

from app.schema.platform import platform
from tests.screens.site import PASSWORD, House

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def unsafe_routes(house: House) -> list[tuple[str, str]]:
    found = []
    for rule in house.app.url_map.iter_rules():
        path = rule.rule.replace("<id:number>", "2").replace(
            "<any(disable, enable, unlock):what>", "disable"
        )
        found += [(method, path) for method in sorted(UNSAFE & (rule.methods or set()))]
    return found


def test_every_address_that_changes_something_asks_for_the_token(house: House) -> None:
    browser = house.browser("karl")
    routes = [route for route in unsafe_routes(house) if "/security/" not in route[1]]
    assert len(routes) >= 8
    for method, path in routes:
        answer = browser.client.open(path, method=method, data={"name": "x"})
        assert answer.status_code == 400, (method, path)
        assert "页面已过期或来自别处" in answer.text
    assert browser.is_in()


def test_with_the_token_the_same_request_goes_through(house: House) -> None:
    browser = house.browser("karl")
    assert browser.post(f"/accounts/{house.people['nora']}/disable").status_code == 302


def test_a_token_of_another_s_page_is_none(house: House) -> None:
    browser, stranger = house.browser("karl"), house.browser("walt")
    browser.token = stranger.token
    assert browser.post(f"/accounts/{house.people['nora']}/disable").status_code == 400


def test_rest_leaning_on_the_cookie_needs_the_token_as_a_header(house: House) -> None:
    browser = house.browser("wanda")
    bare = browser.client.post("/api/v1/security/logout")
    assert bare.status_code == 400
    assert bare.json["error"]["id"] == "forged"
    assert browser.is_in()
    assert (
        browser.client.post(
            "/api/v1/security/logout", headers={"X-CSRFToken": browser.token}
        ).status_code
        == 204
    )


def test_rest_with_a_token_of_its_own_needs_none(house: House) -> None:
    token = house.token("wanda")["access_token"]
    program = house.app.test_client()
    answer = program.post("/api/v1/security/logout", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 204


def test_a_bearer_s_token_doesn_t_borrow_the_cookie(house: House) -> None:
    """Otherwise any word after `Bearer` would be a way round the token of the page."""
    browser = house.browser("wanda")
    answer = browser.client.post(
        "/api/v1/security/logout", headers={"Authorization": "Bearer nonsense"}
    )
    assert answer.status_code == 401
    assert browser.is_in()


def test_the_log_in_form_can_t_be_sent_from_elsewhere_either(house: House) -> None:
    browser = house.browser()
    answer = browser.client.post("/login", data={"username": "wanda", "password": PASSWORD})
    assert answer.status_code == 400
    assert house.count(platform.session) == 0


@pytest.mark.parametrize(
    "path", ["/", "/account", "/accounts", "/accounts/1", "/accounts/new", "/audit", "/login"]
)
def test_looking_changes_nothing(house: House, path: str) -> None:
    karl, walt = house.browser("karl"), house.browser("walt")
    before = {table.name: house.count(table) for table in platform.metadata.sorted_tables}
    for browser in (karl, walt):
        if browser.get(path).status_code == 403:
            before["platform_audit"] += 1
    assert {table.name: house.count(table) for table in platform.metadata.sorted_tables} == before
