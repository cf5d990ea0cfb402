"""Conditions in words."""

from __future__ import annotations

import pytest
from hypothesis import given

from app.condition.check import read
from app.condition.predicate import conjuncts
from app.condition.sentence import clauses, sentence
from app.condition.tree import Condition, Path, within_tree
from app.place import Place
from tests.condition.random_conditions import conditions
from tests.condition.small_site import VOCABULARY


def condition(said: str) -> Condition:
    found = read(said, VOCABULARY, "ticket", place=Place("x.yaml", 1), counts=True)
    assert found.condition is not None, found.problems
    return found.condition


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("grade in [middle, high]", "“等级”为中或高"),
        ("grade not in [middle, high]", "“等级”不为中、高中的任何一个"),
        ("loud is yes and not (photos is empty)", "“吵闹”为是，且“照片”不为空"),
        ("shop.vip is no or grade > low", "“shop项”的“贵宾”为否，或“等级”高于低"),
        (
            "grade is low and (loud is no or title is x)",
            "“等级”为低，且（“吵闹”为否，或“标题”为“x”）",
        ),
        ("not (cost > 3.50)", "并非“费用”大于3.5"),
        ("not (cost > 3 and loud is no)", "并非（“费用”大于3，且“吵闹”为否）"),
        ("share >= 20% and size < 5", "“占比”不小于20%，且“size项”小于5个"),
        ("day < today - 30 days", "“日子”早于今天往前30天"),
        ("done_at >= now + 1 month", "“完成时间”不早于此刻往后1个月"),
        ("done_at is today and done_at is not last_year", "“完成时间”在今天，且“完成时间”不在去年"),
        ("day is 2026-03-08", "“日子”为2026年3月8日"),
        ("done_at > 2026-03-08 9:05", "“完成时间”晚于2026年3月8日 09:05"),
        ("promise <= 3 workdays", "“承诺时限”不长于3个工作日"),
        ("promise <= statutory", "“承诺时限”不长于“法定时限”"),
        ('title starts with "a" and title contains "b"', "“标题”以“a”开头，且“标题”包含“b”"),
        ("papers contains x and flags contains hot", "“材料”中有“x”，且“标记”中有热"),
        ("created_by is me", "“created_by项”为我"),
        ("department in my.departments", "“department项”属于我的部门及其下属部门"),
        ("department is d2 and shop is S9", "“department项”为二局，且“shop项”为S9"),
        ("my.roles contains clerk", "我的角色中有经办人"),
        ("title is my.nick", "“标题”为我的“昵称”"),
        ("weight is this_year", "“weight项”为今年"),
        ("contact is set", "“contact项”不为空"),
        (
            "count of visit where (same shop and same ticket) within 30 days >= 2",
            "近30天内（“shop项”与本记录的“shop项”相同，且“ticket项”为本记录）的“走访”数量不小于2",
        ),
        ("count of distinct shop in visit > 2", "“走访”涉及的不同“shop项”数量大于2"),
        ("sum of cost in ticket within 1 year > 100", "近1年内“工单”的“费用”合计大于100"),
    ],
)
def test_a_condition_reads_as_chinese(said: str, chinese: str) -> None:
    assert sentence(condition(said), VOCABULARY) == chinese


def test_a_condition_reads_as_english() -> None:
    said = "grade not in [low, high] and not (cost > 3) and promise >= 1 workday and day < today - 2 months"
    assert sentence(condition(said), VOCABULARY, "en") == (
        "“等级” is none of 低, 高, and it is not so that “费用” is more than 3,"
        " and “承诺时限” is at least 1 workday, and “日子” is before 2 months before today"
    )


def test_each_part_stands_for_itself() -> None:
    meant = condition("grade is low and (loud is no and (cost > 3 or cost is empty))")
    parts = clauses(meant, VOCABULARY)
    assert parts == ("“等级”为低", "“吵闹”为否", "“费用”大于3，或“费用”为空")
    assert len(parts) == len(conjuncts(meant.tree))


@given(conditions())
def test_every_field_that_is_read_is_named(said: str) -> None:
    meant = condition(said)
    for locale in ("zh", "en"):
        told = sentence(meant, VOCABULARY, locale)
        for node in within_tree(meant.tree):
            if isinstance(node, Path):
                assert node.shape.label in told
        assert "{" not in told
