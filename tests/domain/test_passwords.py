"""Which passwords are good enough, and that they are compared as they were typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.passwords import hashed, matches, one_time_password, outdated, weakness


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "至少 10 个字符"),
        ("Aa1!Aa1!x", "至少 10 个字符"),
        ("Aa1!" * 33, "最多 128 个字符"),
        ("windmillnorth", "至少要有三种"),
        ("windmill4711", "至少要有三种"),
        ("Wind-Mill\n47", "控制字符"),
        ("Wanda-Mill-47", "不能含有用户名"),
        ("Password-2026", "太常见"),
        ("Aa1Aa1Aa1Aa1", "太常见或太简单"),
    ],
)
def test_a_weak_password_is_told_why(password: str, fault: str) -> None:
    said = weakness(password, "wanda")
    assert said is not None
    assert fault in said


@pytest.mark.parametrize(
    "password", ["Wind-Mill-47", "windmill-47-north", "园区企业服务专线Aa1", "密码不要太简单-Aa-19"]
)
def test_a_good_one_is_not_quarrelled_with(password: str) -> None:
    assert weakness(password, "wanda") is None


def test_a_one_time_password_is_good_enough_and_never_the_same() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(weakness(password, "") is None for password in made)
    assert not set("".join(made)) & set("0O1lIi")


@settings(max_examples=15)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_only_the_same_password_matches(password: str, other: str) -> None:
    assume(unicodedata.normalize("NFC", password) != unicodedata.normalize("NFC", other))
    stored = hashed(password)
    assert matches(stored, password)
    assert not matches(stored, other)


def test_an_accent_typed_on_another_keyboard_is_the_same() -> None:
    assert matches(hashed("caf\u00e9-Mill-47"), "cafe\u0301-Mill-47")


@pytest.mark.parametrize(
    "stored", [None, "", "plain", "scrypt:32768:8:1$salt$00", "$argon2id$v=19$broken"]
)
def test_where_nothing_usable_is_stored_nothing_matches(stored: str | None) -> None:
    assert not matches(stored, "Wind-Mill-47")
    assert not matches(stored, "")


def test_what_is_hashed_today_is_not_outdated() -> None:
    assert not outdated(hashed("Wind-Mill-47"))
    assert outdated("$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$" + "A" * 43)
