"""Doors: forged tokens, lost rights, too many tries. What one person does never locks another out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import pytest

from tests.journeys.people import Program
from tests.journeys.stage import PASSWORD, Person
from tests.journeys.stock import Library

TRIES = 5


def _token(algorithm: str, key: bytes, **claims: object) -> str:
    def part(said: object) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=")

    now = int(time.time())
    facts = {
        "sub": "1",
        "iat": now,
        "nbf": now,
        "exp": now + 900,
        "jti": "x",
        "type": "access",
        "fresh": True,
    }
    signed = part({"alg": algorithm, "typ": "JWT"}) + b"." + part(facts | claims)
    if algorithm == "none":
        return (signed + b".").decode()
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("none", b""), ("HS256", b""), ("HS256", b"secret"), ("HS256", b"k" * 48)],
)
@pytest.mark.parametrize("sub", ["1", 1, "lena"])
def test_a_forged_token_is_worth_nothing(
    library: Library, algorithm: str, key: bytes, sub: object
) -> None:
    """Not even one signed with the site's own secret, which signs something else."""
    program = Program(library.stage.base, _token(algorithm, key, sub=sub))
    assert program.get("title/").status == 401


def test_someone_who_is_disabled_is_out_at_once(library: Library) -> None:
    library.stage.make_people(Person("temp", "desk", "lending"))
    program, visitor = library.stage.program("temp"), library.stage.visitor("temp")
    assert program.get("title/").status == 200
    library.stage.run("user", "disable", "temp")
    assert program.get("title/").status == 401
    assert "/login" in visitor.get("/title/list").url
    assert Program(library.stage.base).log_in("temp", PASSWORD).status == 401


def test_a_new_password_ends_what_was_open(library: Library) -> None:
    library.stage.make_people(Person("forgetful", "desk", "lending"))
    program, visitor = library.stage.program("forgetful"), library.stage.visitor("forgetful")
    library.stage.run("user", "reset-password", "forgetful")
    assert program.get("title/").status == 401
    assert "/login" in visitor.get("/title/list").url


def test_too_many_wrong_tries_lock_one_name_at_both_doors(library: Library) -> None:
    library.stage.make_people(Person("target", "desk", "lending"))
    program, visitor = Program(library.stage.base), library.stage.visitor()
    for _ in range(TRIES):
        assert program.log_in("target", "wrong").status == 401
    locked = program.log_in("target", PASSWORD)
    assert locked.status == 429, "the sixth, even with the right password"
    assert int(locked.headers["Retry-After"]) > 0
    spoofed = program.post(
        "security/login",
        {"username": "target", "password": PASSWORD, "provider": "db"},
        headers={"X-Forwarded-For": "203.0.113.9"},
    )
    assert spoofed.status == 429
    visitor.log_in("target", PASSWORD)
    assert "/login" in visitor.get("/title/list").url
    assert Program(library.stage.base).log_in("dora", PASSWORD).status == 200, "others get in"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(library: Library) -> None:
    visitor = library.stage.visitor()
    visitor.log_in("dora", PASSWORD)
    cookies = list(visitor.http.cookies)
    assert cookies
    for cookie in cookies:
        assert cookie.has_nonstandard_attr("HttpOnly"), cookie.name
        assert cookie.get_nonstandard_attr("SameSite") in ("Lax", "Strict"), cookie.name


def test_a_cookie_changes_nothing_over_rest_without_its_token(library: Library) -> None:
    """Another site could make a browser send the cookie; it can't make it send the token."""
    lena = library.visitor("lena")
    answer = lena.http.post(
        f"{library.stage.base}api/v1/title/", json={"name": "Forged over REST"}, timeout=20
    )
    assert answer.status_code in (400, 401, 403), answer.text
    q = "(filters:!((col:name,opr:ct,value:Forged)))"
    assert library.lena.rows("title", q) == []
