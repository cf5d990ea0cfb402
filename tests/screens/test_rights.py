"""Who may open what: a table of every address, exact rights, and a row for every refusal."""

from __future__ import annotations

import pytest
from flask_appbuilder import Model

from app.screens.visits import is_public
from tests.screens.site import House

# Every address of the shell by whom it lets in. A new one that isn't here fails the first test.
PUBLIC = {
    "/login",
    "/login/",
    "/appearance",
    "/api/v1/security/login",
    "/api/v1/security/refresh",
    "/static/<path:filename>",
}
EVERYBODY = {
    "/",
    "/account",
    "/account/password",
    "/account/sessions/<id:number>/end",
    "/logout",
    "/api/v1/security/logout",
}
ONLY = {
    ("GET", "/accounts"): {"karl", "gina"},
    ("GET", "/accounts/<id:number>"): {"karl", "gina"},
    ("GET", "/accounts/new"): {"karl"},
    ("POST", "/accounts/new"): {"karl"},
    ("GET", "/accounts/<id:number>/edit"): {"karl"},
    ("POST", "/accounts/<id:number>/edit"): {"karl"},
    ("GET", "/accounts/<id:number>/roles"): {"gina"},
    ("POST", "/accounts/<id:number>/roles"): {"gina"},
    ("POST", "/accounts/<id:number>/password"): {"karl"},
    ("POST", "/accounts/<id:number>/<any(disable, enable, unlock):what>"): {"karl"},
    ("GET", "/audit"): {"walt"},
    ("POST", "/audit/export"): {"walt"},
}
PEOPLE = ("wanda", "karl", "gina", "walt", "nora")


def test_every_address_stands_in_the_table(house: House) -> None:
    rules = {rule.rule for rule in house.app.url_map.iter_rules()}
    assert rules == PUBLIC | EVERYBODY | {path for _method, path in ONLY}


def test_only_what_the_table_calls_public_is_public(house: House) -> None:
    found = {
        rule.rule
        for rule in house.app.url_map.iter_rules()
        if is_public(house.app.view_functions[rule.endpoint])
    }
    assert found == PUBLIC


def address(house: House, rule: str) -> str:
    if "oscar" not in house.people:
        house.person("oscar")
    filled = rule.replace("<id:number>", str(house.people["oscar"]))
    return filled.replace("<any(disable, enable, unlock):what>", "unlock")


@pytest.mark.parametrize(("method", "rule"), ONLY)
def test_the_table_holds(house: House, method: str, rule: str) -> None:
    for name in PEOPLE:
        browser = house.browser(name)
        browser.get("/account")
        answer = (
            browser.get(address(house, rule))
            if method == "GET"
            else browser.post(address(house, rule))
        )
        assert (answer.status_code != 403) is (name in ONLY[method, rule]), (
            name,
            answer.status_code,
        )


@pytest.mark.parametrize(("method", "rule"), ONLY)
def test_whoever_isn_t_in_is_sent_to_the_log_in(house: House, method: str, rule: str) -> None:
    browser = house.browser()
    browser.get("/login")
    answer = (
        browser.get(address(house, rule)) if method == "GET" else browser.post(address(house, rule))
    )
    assert answer.status_code == 302
    assert answer.location.startswith("/login")


def test_a_refusal_says_why_and_leaves_one_row(house: House) -> None:
    browser = house.browser("karl")
    answer = browser.get("/audit")
    assert "您的角色（账号管理员）没有查看审计日志的权限" in answer.text
    rows = house.audit("request")
    assert [(row.by_name, row.allowed, row.details["path"]) for row in rows] == [
        ("karl", 0, "/audit")
    ]
    assert rows[0].address == "127.0.0.1"


def asks(house: House, name: str, permission: str, view: str) -> bool:
    """What Flask-AppBuilder would ask while this person's request is served."""
    answers: list[bool] = []

    def note() -> str:
        answers.append(house.app.appbuilder.sm.has_access(permission, view))  # type: ignore[attr-defined]
        return ""

    browser = house.browser(name)
    served = house.app.view_functions["HomePage.index"]
    house.app.view_functions["HomePage.index"] = note
    try:
        browser.get("/")
    finally:
        house.app.view_functions["HomePage.index"] = served
    return answers[0]


@pytest.mark.parametrize(
    ("name", "permission", "view", "allowed"),
    [
        ("wanda", "can_read", "paper", True),
        ("wanda", "can_edit", "paper", True),
        ("wanda", "can_retire", "paper", False),
        ("wanda", "can_read", "paper_secret", False),
        ("wanda", "can_read", "pape", False),
        ("wanda", "can_read", ".*", False),
        ("wanda", "can_rea", "paper", False),
        ("wanda", "read", "paper", False),
        ("wanda", "menu_access", "paper", False),
        ("wanda", "can_read", "user", False),
        ("karl", "can_read", "user", True),
        ("karl", "can_read", "paper", False),
        ("karl", "can_read", "audit", False),
        ("walt", "can_export", "audit", True),
        ("nora", "can_read", "paper", False),
    ],
)
def test_a_permission_is_the_exact_one_or_none(
    house: House, name: str, permission: str, view: str, allowed: bool
) -> None:
    assert asks(house, name, permission, view) is allowed


def test_no_permission_is_ever_stored(house: House) -> None:
    for name in PEOPLE:
        house.browser(name).get("/")
    stored = [
        table
        for table in Model.metadata.sorted_tables
        if "permission" in table.name or "view_menu" in table.name
    ]
    assert len(stored) == 4
    assert {house.count(table) for table in stored} == {0}


def test_the_menu_is_what_one_may_read(house: House) -> None:
    def shown(name: str) -> list[str]:
        side = house.browser(name).get("/").text.split('id="side"')[1].split("</nav>")[0]
        return [part.split("</span>")[0] for part in side.split("<span>")[1:]]

    assert shown("wanda") == ["文件"]
    assert shown("karl") == shown("gina") == ["账号与角色"]
    assert shown("walt") == ["审计日志"]
    assert shown("nora") == []
    assert "联系管理员授予角色" in house.browser("nora").get("/").text
