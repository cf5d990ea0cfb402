"""The side bar's order and what stands in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.context import Actor, Context
from app.manifest.model.manifest import Manifest
from app.screens import icons
from app.screens.menu import MenuGroup, in_menu, menu
from tests.factory import entity, manifest, role, workflow
from tests.factory import field as made_field
from tests.screens.site import House


def site() -> Manifest:
    return manifest(
        entity("area", label="片区", group="资料"),
        entity(
            "case",
            made_field("area", "ref", to="area"),
            label="办件",
            group="业务",
            workflow="way",
            states=["a"],
        ),
        entity("note", label="备注", details=[("step", "note")]),
        entity("person_card", label="名片", group="业务"),
        entity("step", made_field("note", "ref", to="note"), label="步骤"),
        workflows=[workflow("way", ["a", "b"], ["case"])],
        roles=[
            role("all", {key: ["read"] for key in ("area", "case", "note", "person_card", "step")}),
            role("looker", {"area": ["read"], "person_card": ["read"]}),
        ],
    )


def seen(house: House, *roles: str) -> list[tuple[str, list[str]]]:
    context = Context(
        site(), house.schema, None, Actor(1, "a", "甲", frozenset(roles)), house.now()
    )  # type: ignore[arg-type]
    with house.app.test_request_context("/case/show/1"):
        groups: tuple[MenuGroup, ...] = menu(context)
        return [(group.label, [item.label for item in group.entries]) for group in groups]


def test_where_work_is_done_comes_first(house: House) -> None:
    assert seen(house, "all") == [
        ("业务", ["办件", "名片"]),
        ("资料", ["片区"]),
        ("其他", ["备注"]),
    ]


def test_the_order_doesn_t_depend_on_who_looks(house: House) -> None:
    assert seen(house, "looker") == [("业务", ["名片"]), ("资料", ["片区"])]


def test_who_has_no_role_and_who_is_nobody_see_nothing(house: House) -> None:
    assert seen(house) == []
    nobody = Context(
        site(), house.schema, None, Actor(None, "", "", frozenset({"all"})), house.now()
    )  # type: ignore[arg-type]
    with house.app.test_request_context("/"):
        assert menu(nobody) == ()


def test_what_is_shown_on_another_s_page_needs_no_place_of_its_own() -> None:
    made = site()
    assert not in_menu(made, made.entities["step"])
    assert in_menu(made, replace(made.entities["step"], group="业务"))
    assert in_menu(made, made.entities["note"])


def test_the_place_where_one_is_is_marked(house: House) -> None:
    context = Context(
        site(), house.schema, None, Actor(1, "a", "甲", frozenset({"all"})), house.now()
    )  # type: ignore[arg-type]
    with house.app.test_request_context("/case/show/1"):
        marked = [item.label for group in menu(context) for item in group.entries if item.current]
    assert marked == ["办件"]


@pytest.mark.parametrize(
    ("said", "drawing"),
    [
        ("bullhorn", "megaphone"),
        ("fa-bullhorn", "megaphone"),
        ("Bullhorn ", "megaphone"),
        ("megaphone", "megaphone"),
        ("", icons.FALLBACK),
        ("nonesuch", icons.FALLBACK),
        ("../../etc/passwd", icons.FALLBACK),
    ],
)
def test_an_icon_is_a_drawing_of_the_sprite(said: str, drawing: str) -> None:
    assert icons.drawing(said) == drawing


def test_the_sprite_has_every_drawing_and_its_licence_beside_it(house: House) -> None:
    sprite = house.browser().get("/static/vendor/lucide/sprite.svg").text
    assert {name for name in icons.ALL if f'<symbol id="{name}"' not in sprite} == set()
    assert sprite.count("<symbol") == len(icons.ALL)
    assert "ISC License" in house.browser().get("/static/vendor/lucide/LICENSE").text
