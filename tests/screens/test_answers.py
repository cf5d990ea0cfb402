"""What every answer carries, and what an error says and doesn't say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app.domain import account_list
from app.screens.security import requests
from tests.conftest import Clock
from tests.screens.site import PASSWORD, Browser, House, office, open_house, settings_of

PAGES = [
    "/",
    "/account",
    "/account/password",
    "/accounts",
    "/accounts/1",
    "/accounts/new",
    "/accounts/1/edit",
]


def policy(header: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for part in header.split(";") if (words := part.split())}


@pytest.mark.parametrize(
    "path", ["/login", "/", "/accounts", "/nowhere", "/api/v1/nothing", "/static/theme.css"]
)
def test_every_answer_is_hardened(house: House, path: str) -> None:
    headers = house.browser("karl").get(path).headers
    said = policy(headers["Content-Security-Policy"])
    assert said["script-src"] == said["style-src"] == said["default-src"] == ["'self'"]
    assert said["frame-ancestors"] == said["object-src"] == said["base-uri"] == ["'none'"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_what_is_made_for_one_person_no_cache_keeps(house: House, path: str) -> None:
    answer = house.browser("karl").get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_what_is_made_for_all_is_kept_as_long_as_its_address_lasts(house: House) -> None:
    page = house.browser().get("/login").text
    address = re.search(r'href="(/static/theme\.css\?v=\w+)"', page)
    assert address
    kept = house.browser().get(address[1])
    assert "immutable" in kept.headers["Cache-Control"]
    assert "Set-Cookie" not in kept.headers
    assert "immutable" not in house.browser().get("/static/theme.css").headers.get(
        "Cache-Control", ""
    )


@pytest.mark.parametrize("path", [*PAGES, "/login", "/nowhere"])
def test_no_page_holds_a_script_or_a_style_of_its_own(house: House, path: str) -> None:
    """The policy forbids them; a page that had one would be broken, or the policy would be loosened for it."""
    text = house.browser("karl").get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert not re.search(r"(?:src|href)=.?(?:https?:)?//", text)


def test_cookies_are_for_this_site_and_its_server_alone(house: House) -> None:
    answer = house.browser().get("/login")
    assert re.search(
        r"^budayang=\S+; HttpOnly; Path=/; SameSite=Lax$", answer.headers["Set-Cookie"]
    )
    assert "Strict-Transport-Security" not in answer.headers


def test_behind_https_they_are_secure_and_bound_to_the_host(
    database: Engine, tmp_path: Path, still: Clock
) -> None:
    house = open_house(office(), database, settings_of(tmp_path, https=True), still)
    answer = house.app.test_client().get("/login", base_url="https://site.example")
    assert re.search(
        r"^__Host-budayang=\S+; Secure; HttpOnly; Path=/; SameSite=Lax$",
        answer.headers["Set-Cookie"],
    )
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    house.schema.dispose()


def test_whoever_only_looks_gets_no_cookie(house: House) -> None:
    for path in ("/", "/nowhere", "/api/v1/nothing", "/static/theme.css"):
        assert "Set-Cookie" not in house.browser().get(path).headers, path


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nowhere", 404, "没有找到"),
        ("/accounts/999", 404, "没有找到"),
        ("/accounts/99999999999999999999", 404, "没有找到"),
        ("/accounts/-1", 404, "没有找到"),
        ("/accounts/0x1", 404, "没有找到"),
        ("/accounts/１", 404, "没有找到"),
        ("/audit", 403, "没有权限"),
        ("/logout", 405, "不能这样操作"),
        ("/accounts?q=%00", 400, "请求有误"),
        ("/%00", 400, "请求有误"),
        ("/accounts?page=0", 400, "请求有误"),
        ("/accounts?page=x", 400, "请求有误"),
        ("/accounts?page=-1", 400, "请求有误"),
        ("/accounts?page=1000000000000000000", 400, "请求有误"),
        ("/accounts?page=９", 400, "请求有误"),
    ],
)
def test_an_error_has_a_page_in_chinese(house: House, path: str, status: int, heading: str) -> None:
    answer = house.browser("karl").get(path)
    assert answer.status_code == status
    assert heading in answer.text.split("<h1>")[1].split("</h1>")[0]
    assert "张三" not in answer.text
    assert "账号与角色" in answer.text, "the way on is still there"


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "'", '"', ";--", "') OR 1=1--", "x" * 10_000, "㐂𠮷", "{{7*7}}"]
)
def test_what_is_typed_is_searched_literally(house: House, typed: str) -> None:
    answer = house.browser("karl").get("/accounts", query_string={"q": typed})
    assert answer.status_code == 200
    assert "没有符合的账号" in answer.text
    assert "49" not in answer.text.split("<main")[1]


def test_a_part_of_a_name_finds_the_person(house: House) -> None:
    text = house.browser("karl").get("/accounts?q=WAN").text
    assert "wanda" in text
    assert "gina" not in text.split("<main")[1]


def test_outside_a_missing_page_is_plain(house: House) -> None:
    answer = house.browser().get("/nowhere")
    assert answer.status_code == 404
    assert "去登录" in answer.text
    assert "主菜单" not in answer.text


def broken_by(house: House, monkeypatch: pytest.MonkeyPatch, error: Exception) -> Browser:
    def fail(*_args: object) -> None:
        raise error

    browser = house.browser("karl")
    monkeypatch.setattr("app.screens.pages.accounts.list_accounts", fail)
    assert account_list.list_accounts is not fail
    return browser


def test_what_breaks_inside_is_told_by_a_number_only(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = broken_by(house, monkeypatch, RuntimeError("SELECT secret FROM /etc/passwd")).get(
        "/accounts"
    )
    assert answer.status_code == 500
    number = re.search(r'错误编号 <span class="mono">(\w{8})<', answer.text)
    assert number
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert number[1] in caplog.text
    assert "secret" in str(caplog.records[-1].exc_info)


def test_a_database_that_doesn_t_answer_is_a_matter_of_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = OperationalError("SELECT 1", {}, Exception("connection refused at 10.0.0.5"))
    answer = broken_by(house, monkeypatch, gone).get("/accounts")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "10.0.0.5" not in answer.text
    assert "SELECT" not in answer.text


def test_a_database_that_is_gone_before_the_caller_is_known_is_so_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = house.browser("karl")
    gone = OperationalError("SELECT 1", {}, Exception("refused"))

    def fail(*_args: object) -> None:
        raise gone

    monkeypatch.setattr("app.screens.security.identity.sessions.find_session", fail)
    assert browser.get("/accounts").status_code == 503
    api = house.app.test_client().get("/api/v1/nothing", headers={"Authorization": "Bearer x"})
    assert api.status_code == 404


def test_a_body_that_is_too_large_is_refused_before_it_is_read(house: House) -> None:
    browser = house.browser("karl")
    browser.get("/accounts/new")
    answer = browser.post("/accounts/new", {"name": "x" * (5 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "内容太大" in answer.text
    outside = house.browser()
    outside.get("/login")
    assert outside.post("/login", {"username": "x" * (requests.SHORT_BODY + 1)}).status_code == 413


def test_a_part_of_a_form_with_nul_is_refused(house: House) -> None:
    browser = house.browser("karl")
    browser.get("/accounts/new")
    assert browser.post("/accounts/new", {"name": "a\0b"}).status_code == 400
    assert browser.post("/accounts/new", {"na\0me": "ab"}).status_code == 400


def test_more_fields_than_a_form_has_are_refused(house: House) -> None:
    browser = house.browser("karl")
    browser.get("/accounts/new")
    form = {f"f{number}": "x" for number in range(3000)}
    answer = browser.client.post(
        "/accounts/new",
        data={"csrf_token": browser.token, **form},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 413


def test_a_host_somebody_made_up_is_in_no_address(house: House) -> None:
    answer = house.browser().get("/account", headers={"Host": "evil.example"})
    assert answer.location.startswith("/login")
    answer = house.browser().get("/login", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text


def test_signing_in_again_while_in_goes_on(house: House) -> None:
    browser = house.browser("karl")
    assert browser.get("/login?next=/accounts").location == "/accounts"
    assert browser.get("/login?next=//evil.example").location == "/"
    assert PASSWORD not in browser.get("/account").text
