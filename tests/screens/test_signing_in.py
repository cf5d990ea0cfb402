"""Coming in by the form and going out: who gets in, who doesn't, and what is said to them."""

from __future__ import annotations

import pytest

from app.domain import accounts
from app.schema.platform import platform
from tests.conftest import Clock
from tests.screens.site import PASSWORD, House


def test_the_right_password_opens_the_site(house: House) -> None:
    browser = house.browser()
    answer = browser.log_in("wanda")
    assert (answer.status_code, answer.location) == (302, "/")
    assert "wanda，您好" in browser.get("/").text


@pytest.mark.parametrize("name", ["WANDA", " wanda ", "ｗａｎｄａ"])
def test_a_user_name_is_read_as_it_is_meant(house: House, name: str) -> None:
    assert house.browser().log_in(name).status_code == 302


@pytest.mark.parametrize(
    "password",
    [
        "",
        PASSWORD + " ",
        PASSWORD.lower(),
        "Ｗind-Mill-47-North",
        PASSWORD + "\0",
        "\0",
        "x" * 73,
        "密" * 128,
    ],
)
def test_a_password_that_is_not_quite_it_does_not(house: House, password: str) -> None:
    answer = house.browser().log_in("wanda", password)
    assert answer.status_code in (400, 401)
    assert not house.browser().is_in()


def test_a_password_of_a_megabyte_is_refused_before_it_is_hashed(house: House) -> None:
    assert house.browser().log_in("wanda", "x" * 1_000_000).status_code == 413


def test_a_password_in_chinese_longer_than_72_bytes_is_compared_to_its_end(house: House) -> None:
    long = "园区企业服务专线不打烊Aa1" * 4
    house.person("lin", password=long)
    assert house.browser().log_in("lin", long).status_code == 302
    assert house.browser().log_in("lin", long[:-1] + "2").status_code == 401


def test_nobody_learns_whether_a_name_exists(house: House) -> None:
    house.as_administrator(lambda c: accounts.set_active(c, house.people["nora"], False))
    answers = [
        house.browser().log_in("wanda", "wrong"),
        house.browser().log_in("nobody", "wrong"),
        house.browser().log_in("nora"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    bodies = {
        answer.text.split("</form>")[0].split("<h1>")[1].split('name="csrf_token"')[0]
        for answer in answers
    }
    assert len(bodies) == 1
    assert "用户名或密码不正确" in bodies.pop()


def test_there_is_no_log_in_that_nobody_made(house: House) -> None:
    assert house.count(platform.user) == 5
    assert house.browser().log_in("admin", "admin").status_code == 401


def test_five_wrong_tries_lock_for_a_quarter_of_an_hour_from_wherever_they_come(
    house: House, still: Clock
) -> None:
    for number in range(5):
        browser = house.browser(address=f"10.0.0.{number}")
        assert browser.log_in("wanda", "wrong").status_code == 401
    locked = house.browser(address="10.0.0.77").log_in("wanda")
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    assert "15 分钟后再试" in locked.text
    still.advance(minutes=14)
    assert house.browser().log_in("wanda").status_code == 429
    still.advance(minutes=2)
    assert house.browser().log_in("wanda").status_code == 302


def test_the_lock_holds_on_the_other_door_too(house: House) -> None:
    for _ in range(3):
        house.browser().log_in("wanda", "wrong")
    program = house.app.test_client()
    wrong = {"username": "wanda", "password": "wrong"}
    assert [program.post("/api/v1/security/login", json=wrong).status_code for _ in range(3)] == [
        401,
        401,
        429,
    ]
    right = {"username": "wanda", "password": PASSWORD}
    assert program.post("/api/v1/security/login", json=right).status_code == 429
    assert house.browser().log_in("wanda").status_code == 429


def test_a_name_that_does_not_exist_locks_just_the_same(house: House) -> None:
    codes = [house.browser().log_in("nobody", "wrong").status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]


def test_a_right_log_in_forgets_the_wrong_ones_before_it(house: House) -> None:
    for _ in range(3):
        for _ in range(4):
            assert house.browser().log_in("wanda", "wrong").status_code == 401
        assert house.browser().log_in("wanda").status_code == 302


def test_one_address_trying_many_names_is_stopped_and_others_are_not(house: House) -> None:
    codes = [
        house.browser(address="10.9.9.9").log_in(f"name{n}", "wrong").status_code for n in range(51)
    ]
    assert codes == [401] * 50 + [429]
    assert house.browser(address="10.9.9.9").log_in("wanda").status_code == 429
    assert house.browser(address="10.9.9.8").log_in("wanda").status_code == 302


def test_a_forwarded_address_is_not_believed_from_anybody(house: House) -> None:
    codes = [
        house.browser()
        .client.post(
            "/api/v1/security/login",
            json={"username": f"name{number}", "password": "wrong"},
            headers={"X-Forwarded-For": f"10.1.1.{number}"},
        )
        .status_code
        for number in range(51)
    ]
    assert codes[-1] == 429


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        " /account",
        "/\t/evil.example",
        "///evil.example",
    ],
)
def test_after_the_log_in_one_never_lands_elsewhere(house: House, target: str) -> None:
    assert house.browser().log_in("wanda", next=target).location == "/"


def test_after_the_log_in_one_lands_where_one_wanted_to_go(house: House) -> None:
    browser = house.browser()
    first = browser.get("/account?x=1")
    assert (first.status_code, first.location) == (302, "/login?next=/account?x%3D1")
    browser.get(first.location)
    answer = browser.post(
        "/login", {"username": "wanda", "password": PASSWORD, "next": "/account?x=1"}
    )
    assert answer.location == "/account?x=1"


def test_the_log_in_begins_a_cookie_of_its_own(house: House) -> None:
    browser = house.browser()
    browser.get("/login")
    before = browser.cookie()
    token = browser.token
    browser.post("/login", {"username": "wanda", "password": PASSWORD})
    browser.get("/account")
    assert browser.token != token
    assert browser.cookie() != before
    browser.client.set_cookie("budayang", before)
    assert not browser.is_in(), "the cookie of before the log-in opens nothing"


def test_going_out_ends_the_session_wherever_its_cookie_is(house: House) -> None:
    browser = house.browser("wanda")
    kept = browser.cookie()
    assert browser.post("/logout").location == "/login"
    other = house.browser()
    other.client.set_cookie("budayang", kept)
    assert not other.is_in()


def test_nobody_is_sent_out_by_a_link(house: House) -> None:
    browser = house.browser("wanda")
    assert browser.get("/logout").status_code == 405
    assert browser.is_in()


def test_every_log_in_leaves_one_row_and_a_locked_door_no_more(house: House) -> None:
    for _ in range(9):
        house.browser().log_in("wanda", "wrong")
    rows = house.audit("login")
    assert [row.allowed for row in rows] == [0] * 6
    assert rows[-1].details["locked"] is True
    assert {row.by_name for row in rows} == {"wanda"}
    house.browser().log_in("karl")
    assert house.audit("login")[-1].allowed == 1
