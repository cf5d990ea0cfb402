"""Signing in by REST: which tokens open something, and which don't."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from app.domain import accounts
from app.screens.shell import _derived
from tests.conftest import Clock
from tests.screens.site import PASSWORD, House

LOGIN = "/api/v1/security/login"
GOOD = {"username": "wanda", "password": PASSWORD}


def call(house: House, token: str, path: str = "/api/v1/security/logout") -> Any:
    return house.app.test_client().post(path, headers={"Authorization": f"Bearer {token}"})


def key_of(house: House) -> str:
    key: str = house.app.config["JWT_SECRET_KEY"]
    return key


def forged(claims: dict[str, Any], key: str, **more: Any) -> str:
    return jwt.encode(claims, key, algorithm=more.pop("algorithm", "HS256"), **more)


def claims_of(house: House, name: str = "wanda") -> dict[str, Any]:
    return jwt.decode(house.token(name)["access_token"], key_of(house), algorithms=["HS256"])


def test_a_password_gives_two_tokens(house: House) -> None:
    told = house.token("wanda")
    assert set(told) == {"access_token", "refresh_token"}
    assert call(house, told["access_token"]).status_code == 204


def test_the_refresh_token_is_left_out_when_it_isn_t_wanted(house: House) -> None:
    assert set(house.token("wanda", refresh=False)) == {"access_token"}


def test_no_token_is_no_way_in(house: House) -> None:
    answer = house.app.test_client().post("/api/v1/security/logout")
    assert answer.status_code == 401
    assert answer.json["error"]["id"] == "not_signed_in"


def part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def without_signature(claims: dict[str, Any]) -> str:
    head = part(b'{"alg":"none","typ":"JWT"}')
    return f"{head}.{part(json.dumps(claims).encode())}."


def with_empty_key(claims: dict[str, Any]) -> str:
    """Made by hand: the library refuses to."""
    head = part(b'{"alg":"HS256","typ":"JWT"}')
    signed = f"{head}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{part(hmac.digest(b'', signed.encode(), 'sha256'))}"


def test_a_token_that_somebody_made_opens_nothing(house: House) -> None:
    claims, key = claims_of(house), key_of(house)
    assert call(house, forged(claims, key)).status_code == 204, "made like ours it would be one"
    claims = claims_of(house)
    past = claims | {"exp": datetime.now(UTC) - timedelta(seconds=1)}
    made = {
        "another key": forged(claims, "x" * 64),
        "the cookies' key": forged(claims, house.app.config["SECRET_KEY"]),
        "the secret itself": forged(claims, "s" * 48),
        "no signature": without_signature(claims),
        "an empty key": with_empty_key(claims),
        "another algorithm": forged(claims, key, algorithm="HS512"),
        "expired": forged(past, key),
        "another person": forged(claims | {"sub": str(house.people["karl"])}, key),
        "no session": forged({k: v for k, v in claims.items() if k != "session"}, key),
        "a made-up session": forged(claims | {"session": "x" * 43}, key),
        "a number for a session": forged(claims | {"session": 1}, key),
        "not a token": "x.y.z",
        "empty": "",
    }
    answers = {why: call(house, token).status_code for why, token in made.items()}
    assert answers == dict.fromkeys(made, 401)


def test_each_token_serves_its_own_purpose(house: House) -> None:
    told = house.token("wanda")
    assert call(house, told["refresh_token"]).status_code == 401
    assert call(house, told["access_token"], "/api/v1/security/refresh").status_code == 401
    again = call(house, told["refresh_token"], "/api/v1/security/refresh")
    assert again.status_code == 200
    assert call(house, again.json["access_token"]).status_code == 204
    assert call(house, told["refresh_token"], "/api/v1/security/refresh").status_code == 401, (
        "signed out"
    )


def test_a_session_of_the_form_is_none_of_the_api(house: House) -> None:
    browser = house.browser("wanda")
    with browser.client.session_transaction() as cookie:
        key = cookie["key"]
    borrowed = claims_of(house) | {"session": key}
    assert call(house, forged(borrowed, key_of(house))).status_code == 401
    with browser.client.session_transaction() as cookie:
        cookie["key"] = claims_of(house)["session"]
    assert not browser.is_in()


@pytest.mark.parametrize("what", ["disabled", "password changed"])
def test_a_token_dies_with_its_person_s_standing(house: House, what: str) -> None:
    token, who = house.token("wanda")["access_token"], house.people["wanda"]
    if what == "disabled":
        house.as_administrator(lambda c: accounts.set_active(c, who, False))
    else:
        house.as_administrator(lambda c: accounts.reset_password(c, who))
    assert call(house, token).status_code == 401


def test_an_idle_program_has_to_sign_in_again(house: House, still: Clock) -> None:
    told = house.token("wanda")
    still.advance(minutes=31)
    assert call(house, told["refresh_token"], "/api/v1/security/refresh").status_code == 401


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (json.dumps(GOOD), "text/plain", 415),
        (json.dumps(GOOD), "application/json; charset=gbk", 415),
        (json.dumps(GOOD), "multipart/form-data; boundary=x", 415),
        ('{"username":"nora","username":"wanda","password":"x"}', "application/json", 400),
        ('{"username":"wanda","password":NaN}', "application/json", 400),
        ('{"username":"wa\\u0000nda","password":"x"}', "application/json", 400),
        ('{"username":"\\ud800","password":"x"}', "application/json", 400),
        ("[" * 10_000, "application/json", 400),
        ("[" * 100 + "]" * 100, "application/json", 400),
        ("[]", "application/json", 400),
        ("", "application/json", 400),
        ('"wanda"', "application/json", 400),
        ("{", "application/json", 400),
        ('{"username":"wanda"}', "application/json", 422),
        ('{"username":"wanda","password":1}', "application/json", 422),
        ('{"username":["wanda"],"password":"x"}', "application/json", 422),
        ('{"username":"wanda","password":"' + "x" * 20_000 + '"}', "application/json", 413),
    ],
)
def test_a_body_that_isn_t_what_was_asked_for(
    house: House, body: str, kind: str, status: int
) -> None:
    answer = house.app.test_client().post(LOGIN, data=body, content_type=kind)
    assert answer.status_code == status
    error = answer.json["error"]
    assert set(error) == {"id", "message", "fields", "place"}
    assert "Traceback" not in answer.text


def test_what_is_missing_is_named(house: House) -> None:
    answer = house.app.test_client().post(LOGIN, json={"username": "wanda"})
    assert answer.json["error"]["fields"] == {"password": "请填写"}


def test_a_wrong_password_says_so_in_the_reader_s_language(house: House) -> None:
    wrong = GOOD | {"password": "wrong"}
    answer = house.app.test_client().post(LOGIN, json=wrong)
    assert (answer.status_code, answer.json["error"]["id"]) == (401, "wrong_login")
    assert answer.json["error"]["message"] == "用户名或密码不正确"
    missing = house.app.test_client().get("/api/v1/nothing", headers={"Accept-Language": "en"})
    assert (
        missing.json["error"]["message"]
        == "There is no such page or record, or you may not see it."
    )


def test_only_post_signs_in(house: House) -> None:
    answer = house.app.test_client().get(LOGIN)
    assert (answer.status_code, answer.json["error"]["id"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_the_keys_of_cookies_and_tokens_differ(house: House) -> None:
    assert _derived("a", "cookies") != _derived("a", "tokens") != _derived("b", "tokens")
