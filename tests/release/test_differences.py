"""What changed, in words: every attribute of the manifest has one, and a line that only moved is no change."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import pytest

import app.manifest.model
from app.manifest.model.fields import FieldType
from app.manifest.model.roles import VERBS
from app.manifest.model.values import Unit
from app.release.differences import differences, same, told
from app.release.vocabulary import ATTRIBUTE_WORDS, NOT_COMPARED, TYPE_WORDS, UNIT_WORDS, VERB_WORDS
from tests.factory import choices, entity, field, place, role
from tests.release.shop import SITE, edited, manifest_of


def attributes() -> set[str]:
    """Every attribute of every dataclass of the manifest but those of its tests, which no plan compares."""
    found = set()
    for module in pkgutil.iter_modules(app.manifest.model.__path__):
        loaded = importlib.import_module(f"app.manifest.model.{module.name}")
        for thing in vars(loaded).values():
            if loaded.__name__.endswith(".site_tests"):
                continue
            if dataclasses.is_dataclass(thing) and thing.__module__ == loaded.__name__:
                found |= {one.name for one in dataclasses.fields(thing)}
    return found


def test_every_attribute_has_a_word_and_every_word_an_attribute() -> None:
    without = {"amount"}  # of a duration, which is told as one value
    assert attributes() - NOT_COMPARED - without - ATTRIBUTE_WORDS.keys() == set()
    assert ATTRIBUTE_WORDS.keys() - attributes() == set()


def test_every_type_unit_and_verb_has_a_word() -> None:
    assert TYPE_WORDS.keys() == {str(one) for one in FieldType}
    assert UNIT_WORDS.keys() == set(Unit)
    assert VERB_WORDS.keys() == set(VERBS)


def test_what_moved_to_another_line_is_the_same() -> None:
    before = field("size", label="大小", place=place(line=3))
    after = dataclasses.replace(before, place=place(line=9))
    assert before != after
    assert same(before, after)
    assert differences(before, after) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"label": "尺寸"}, "名称 大小→尺寸"),
        ({"required": True}, "必填 否→是"),
        ({"max_length": 20}, "最多字数 无→20"),
        ({"type": FieldType.NOTE}, "类型 文字→长文字"),
        (
            {"label": "甲", "help": "乙", "unit": "丙", "private": True},
            "名称 大小→甲；说明 无→乙；隐私 否→是 等 4 处",
        ),
    ],
)
def test_attributes_are_told_with_both_values(changes: dict[str, object], words: str) -> None:
    before = field("size", label="大小")
    assert told(differences(before, dataclasses.replace(before, **changes))) == words  # type: ignore[arg-type]


def test_named_things_are_told_by_what_came_and_went() -> None:
    before = field("size", "choice", choices=choices(s="小", l="大"))
    after = field("size", "choice", choices=choices(s="小", xl="特大"))
    assert told(differences(before, after)) == "选项删去“大”；选项加上“特大”"
    turned = field("size", "choice", choices=choices(l="大", s="小"))
    assert told(differences(before, turned)) == "选项的先后 s、l→l、s"


def test_lists_of_keys_are_told_by_what_came_and_went() -> None:
    before = entity("job", field("a"), field("b"), list=["a", "b"])
    after = entity("job", field("a"), field("b"), list=["a", "state"])
    assert told(differences(before, after)) == "列表删去b；列表加上state"


def test_rights_are_told_in_words() -> None:
    before, after = role("hand", {"job": ["read"]}), role("hand", {"job": ["read", "export"]})
    assert told(differences(before, after)) == "权限的job加上导出"


def test_a_condition_is_told_by_its_text_and_its_spaces_do_not_count() -> None:
    path = "config/roles.yaml"
    before = manifest_of(SITE).roles["hand"]
    spaced = manifest_of(edited(SITE, (path, "department is my", "department  is  my"))).roles[
        "hand"
    ]
    assert same(before, spaced)
    other = manifest_of(
        edited(SITE, (path, "department is my.department", "created_by is me"))
    ).roles["hand"]
    assert (
        told(differences(before, other))
        == "可见范围的job department is my.department→created_by is me"
    )
