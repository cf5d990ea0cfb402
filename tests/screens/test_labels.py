"""Labels are data: whatever stands in one is shown as it stands and does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import flash
from markupsafe import escape
from sqlalchemy import Engine

from tests.conftest import Clock
from tests.factory import entity, role
from tests.factory import field as made_field
from tests.screens.site import House, office, open_house, settings_of

ODD = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{%if 1%}x{%endif%}",
    "100% 满意 %(x)s %s %",
    "{0.__class__}",
    "' onmouseover='alert(1)",
]


@pytest.fixture(params=ODD)
def odd(request: pytest.FixtureRequest) -> str:
    label: str = request.param
    return label


@pytest.fixture
def odd_house(odd: str, database: Engine, tmp_path: Path, still: Clock) -> House:
    site = office(
        entity("odd", made_field("subject", label=odd), label=odd, group=odd, icon=odd, help=odd)
    )
    roles = {**site.roles, "odd": role("odd", {"odd": ["read", "create"]}, label=odd)}
    site = type(site)(**{name: getattr(site, name) for name in site.__slots__} | {"roles": roles})
    house = open_house(site, database, settings_of(tmp_path), still)
    house.person("olga", "odd", label=odd)
    house.person("karl", "keeper")
    house.person("gina", "granter")
    return house


def test_an_odd_label_is_shown_and_does_nothing(odd_house: House, odd: str) -> None:
    number = odd_house.people["olga"]
    pages = [
        odd_house.browser("olga").get("/"),
        odd_house.browser("olga").get("/account"),
        odd_house.browser("karl").get("/accounts"),
        odd_house.browser("karl").get(f"/accounts/{number}"),
        odd_house.browser("gina").get(f"/accounts/{number}/roles"),
    ]
    for page in pages:
        assert page.status_code == 200, page.text
        assert str(escape(odd)) in page.text
        for raw in ("<script>alert", "<img src=x", "' onmouseover"):
            assert raw not in page.text
    assert ">49<" not in pages[0].text


def test_an_odd_message_is_shown_and_does_nothing(house: House, odd: str) -> None:
    browser = house.browser("wanda")

    def leave() -> str:
        flash(odd, odd)
        return ""

    served = house.app.view_functions["HomePage.index"]
    house.app.view_functions["HomePage.index"] = leave
    browser.get("/")
    house.app.view_functions["HomePage.index"] = served
    text = browser.get("/").text
    assert str(escape(odd)) in text
    assert "<script>alert" not in text


def test_an_odd_word_in_the_address_is_not_repeated_raw(house: House, odd: str) -> None:
    for path in ("/nowhere", "/accounts"):
        text = house.browser("karl").get(path, query_string={"q": odd, "next": odd}).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "<script>alert" not in house.browser().get("/login", query_string={"next": odd}).text


def test_a_person_is_named_as_in_chinese(house: House) -> None:
    from app.domain.sessions import full_name

    assert full_name("三", "张") == "张三"
    assert full_name("张三", "") == "张三"
    assert full_name("Jane", "Doe") == "Jane Doe"
    assert full_name("𠮷", "欧阳") == "欧阳𠮷"
