"""Values as people read them, and the framework's own words in Chinese."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask_babel import gettext

from app.screens import wording
from app.screens.wording import plain
from tests.screens.site import House


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("", "—"),
        (True, "是"),
        (False, "否"),
        (0, "0"),
        (Decimal("1234567.50"), "1,234,567.50"),
        (Decimal("1E+3"), "1,000"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 1, 16, 30, tzinfo=UTC), "2026-03-02 00:30"),
        ("None", "None"),
    ],
)
def test_a_value_is_never_shown_as_python_writes_it(house: House, value: object, text: str) -> None:
    with house.app.test_request_context("/"):
        assert plain(value) == text


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (timedelta(seconds=59), "刚刚"),
        (timedelta(minutes=1), "1 分钟前"),
        (timedelta(minutes=59, seconds=59), "59 分钟前"),
        (timedelta(hours=23), "23 小时前"),
        (timedelta(hours=24), "2026-03-01 09:00"),
    ],
)
def test_how_long_ago_is_said_in_the_unit_that_fits(
    house: House, passed: timedelta, text: str
) -> None:
    with house.app.test_request_context("/"):
        assert wording.ago(house.now() - passed) == text
        assert wording.ago(None) == "—"


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("Add Group", "新建组"),
        ("Sign In with ", "登录方式："),
        ("Access is Denied", "访问被拒绝"),
        ("Not In", "不属于"),
    ],
)
def test_what_the_framework_says_is_said_in_chinese(house: House, said: str, chinese: str) -> None:
    """Of its own catalogue what is there, of ours what it lacks."""
    with house.app.test_request_context("/"):
        assert gettext(said) == chinese
    with house.app.test_request_context("/api/v1/x", headers={"Accept-Language": "en"}):
        assert gettext(said) == said


def test_a_percent_sign_in_a_text_breaks_nothing(house: House) -> None:
    with house.app.test_request_context("/"):
        assert gettext("100% %(x)s %") == "100% %(x)s %"
        assert house.app.jinja_env.from_string("{{ label }}").render(label="100% %s") == "100% %s"
