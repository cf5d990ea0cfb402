"""Checking conditions against the fields they name: each mistake beside its right twin."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.condition.check import Checked, read
from app.condition.faults import CATALOGUE
from app.condition.tree import Clause, Coded, Constant, Not, Op, Or, Path, within_tree
from app.place import Place
from tests.condition.small_site import VOCABULARY, SmallVocabulary
from tests.condition.test_parse import REFUSED

PLACE = Place("catalogs/ticket.yaml", 7, 3)


def checked(text: str, *, counts: bool = True, person: bool = True) -> Checked:
    return read(text, VOCABULARY, "ticket", place=PLACE, counts=counts, person=person)


WRONG = [
    # names
    ("tilte is set", "CON201", 0, "title"),
    ("标题 is set", "CON201", 0, "title"),
    ("shop.nmae is set", "CON201", 5, "name"),
    ("finish.due is set", "CON201", 0, "finish.due_at"),
    ("handler.done is set", "CON201", 0, "handler.done_at"),
    ("grade is hihg", "CON202", 9, "high"),
    ("grade is 高", "CON202", 9, "high"),
    ("grade in [low, hi]", "CON202", 15, "high"),
    ("flags contains warm", "CON202", 15, "cold"),
    ("count of tickets > 1", "CON203", 9, "ticket"),
    ("count of 工单 > 1", "CON203", 9, "ticket"),
    ("department is d9", "CON204", 14, "d1"),
    ("department is 二局", "CON204", 14, "d2"),
    ("post is my.department", "CON313", 8, ""),
    ("department is my.depart", "CON205", 14, "my.department"),
    ("title is my.nik", "CON205", 9, "my.nick"),
    ("my.roles contains clerkk", "CON206", 18, "clerk"),
    ("title.name is set", "CON207", 0, ""),
    ("helpers.name is set", "CON207", 0, ""),
    ("contact.name is set", "CON201", 0, "contact.due_at"),
    ("parent.parent.parent.title is set", "CON208", 0, ""),
    ("parent is A1", "CON209", 10, "parent.字段"),
    ("count of region where (grade is set) within 3 days > 1", None, 0, ""),
    ("count of user within 3 days > 1", "CON210", 21, ""),
    # types
    ('grade contains "h"', "CON301", 0, "is 值"),
    ("title > 3", "CON301", 0, ""),
    ("flags is hot", "CON301", 0, "contains"),
    ("helpers in [S1]", "CON301", 0, "contains"),
    ("photos contains x", "CON301", 0, "is set"),
    ("loud > no", "CON301", 0, ""),
    ("shop > S1", "CON301", 0, ""),
    ("count of visit is empty", "CON301", 0, ">= 1"),
    ("count of visit contains 3", "CON301", 0, ">= 1"),
    ("my.base is S1", "CON301", 0, "is my."),
    ("share > 20", "CON302", 8, "20%"),
    ("cost > 20%", "CON303", 7, "去掉 %"),
    ("cost > much", "CON303", 7, ""),
    ("cost > 10万", "CON303", 7, "100000"),
    ("cost > 1e5", "CON303", 7, ""),
    ("day > 2026-02-30", "CON304", 6, "确认有这一天"),
    ("day > 2026-3-2", "CON304", 6, "2026-03-02"),
    ("day > 2026-03-02 09:00", "CON304", 6, "只写日期"),
    ("day > 3026-03-02", "CON304", 6, ""),
    ("day > tody", "CON304", 6, "today"),
    ("opens > 25:00", "CON305", 8, "08:30"),
    ("opens > noon", "CON305", 8, "08:30"),
    ("promise > 3", "CON306", 10, "3 workdays"),
    ("promise > 2 months", "CON306", 10, "workdays"),
    ("loud is true", "CON307", 8, "yes"),
    ("loud is maybe", "CON307", 8, ""),
    ("cost > size", "CON308", 7, ""),
    ("day > done_at", "CON308", 6, ""),
    ("done_at > day", "CON308", 10, "日期时间"),
    ("title is cost", "CON308", 9, '"cost"'),
    ("shop is department", "CON308", 8, ""),
    ("cost > wages", "CON309", 7, ""),
    ("cost > 1234567890123", "CON310", 7, "12 位"),
    ("cost > 1.1234567", "CON310", 7, "6 位"),
    ("day > today - 300 years", "CON310", 6, "200"),
    ("day > today - 4h", "CON311", 6, "now"),
    ("done_at > now - 3 workdays", "CON311", 10, "days"),
    ("day > now", "CON312", 6, "today"),
    ("opens > now", "CON305", 8, ""),
    ("title is me", "CON313", 9, ""),
    ("title is 3 days", "CON313", 9, '"3 days"'),
    ("title is today", "CON313", 9, '"today"'),
    ("title is true", "CON313", 9, '"true"'),
    ("owner is Me", "CON313", 9, "me"),
    ("helpers contains my.shops", "CON313", 17, ""),
    ('cost > "20"', "CON314", 7, ""),
    ('loud is "yes"', "CON314", 8, ""),
    ('day is "2026-03-02"', "CON314", 7, ""),
    ("grade is colour", "CON315", 9, ""),
    ("department is my.departments", "CON316", 14, "in my.departments"),
    ('title is ""', "CON317", 9, "is empty"),
    ('shop is ""', "CON317", 8, "is empty"),
    ("sum of title in ticket > 3", "CON318", 7, ""),
    ("sum of share in ticket > 3%", "CON318", 7, ""),
    ("count of distinct flags in ticket > 3", "CON318", 18, ""),
    ("count of ticket where (same flags) > 3", "CON318", 23, ""),
    ("grade in [low, former_grade]", "CON319", 15, "or"),
    ("title is null", "CON113", 9, "is empty"),
    ("grade is None", "CON113", 9, "is empty"),
    ("shop is null", "CON113", 8, "is empty"),
    ("cost is null", "CON113", 8, "is empty"),
    ("department in my.department", "CON114", 14, "is my.department"),
    ("grade in low", "CON114", 9, "in [a, b]"),
    ("flag in flags", "CON114", 8, "flags contains"),
    ("count of visit within 3 workdays > 1", "CON115", 22, "days"),
    ("me is owner", "CON120", 0, "created_by is me"),
    ("today > day", "CON120", 0, ""),
    ("3 > cost", "CON120", 0, ""),
    # places
    ("same shop", "CON402", 0, ""),
    ("count of ticket where (count of visit > 1) > 1", "CON403", 23, ""),
]


@pytest.mark.parametrize(("text", "id_", "offset", "hint"), WRONG)
def test_a_mistake_is_told_where_it_stands(
    text: str, id_: str | None, offset: int, hint: str
) -> None:
    found = checked(text)
    if id_ is None:
        assert found.condition is not None
        return
    assert found.condition is None
    assert [(p.id, p.offset) for p in found.problems] == [(id_, offset)]
    assert hint in found.problems[0].hint
    assert "{" not in found.problems[0].message + found.problems[0].hint


@pytest.mark.parametrize(
    "text",
    [
        "title is set",
        "shop.name is set",
        "finish.due_at is set",
        "handler.done_at is set and handler.name is set",
        "grade is high and flags contains hot and grade in [low, set]",
        "grade >= middle and grade > former_grade and count of ticket > 1",
        "department is d1 and department in [d1, d2] and department in my.departments",
        "my.roles contains clerk and my.department is d1 and my.departments contains d2",
        "my.post is p1 and my.nick starts with a and my.level > 3",
        "parent.parent.title is set",
        "shop is S-1 and shop is 0010 and shop.region is R7 and helpers contains S1",
        "shop is rival and parent.shop is rival and helpers contains my.base and shop is my.base",
        "shop in my.shops and flag in my.skills and title in my.roles",
        "title is 0010 and title is x and tag is no and title contains body",
        "share > 20% and share is -0.5% and share < goal",
        "cost >= 12.50 and cost < budget and length > size and size > this_year",
        "day >= 2026-03-02 and day > today - 2 months and day is this_year and day < due",
        "done_at > now - 4h and done_at is today and done_at >= 2026-03-02 09:00 and done_at is last_year",
        "opens < 18:00 and opens < closes",
        "promise is 0 workdays and promise <= statutory and promise > 24h",
        "loud is yes and loud is calm and loud in [yes, no]",
        "papers contains x and papers contains title and papers is empty and photos is not empty",
        "owner is me and people contains me and owner is created_by and contact is me",
        "contact is my.post and contact is p1 and contact is set and post is contact",
        "rule is set",
        "sum of cost in visit where (same shop and same department) within 1 year > 100",
        "count of visit where (same ticket) is 0 and count of distinct shop.region in ticket in [1, 2]",
        "count of visit >= weight",
    ],
)
def test_the_right_twin_is_taken(text: str) -> None:
    found = checked(text)
    assert found.problems == ()
    assert found.condition is not None
    assert found.condition.text == text
    assert found.condition.place == PLACE


def test_all_mistakes_are_told_at_once_in_their_order() -> None:
    found = checked("tilte is set and share > 20 or not (grade is hihg and loud is true)")
    assert [p.id for p in found.problems] == ["CON201", "CON302", "CON202", "CON307"]
    assert [p.offset for p in found.problems] == [0, 25, 45, 62]


def test_counts_are_only_for_places_that_allow_them() -> None:
    assert [p.id for p in checked("count of visit > 1", counts=False).problems] == ["CON401"]
    assert checked("count of visit > 1", counts=True).condition is not None


@pytest.mark.parametrize(
    "text", ["owner is me", "department in my.departments", "my.roles contains clerk"]
)
def test_nobody_is_me_where_the_program_acts(text: str) -> None:
    assert [p.id for p in checked(text, person=False).problems] == ["CON404"]
    assert checked(text, person=True).condition is not None


def test_nothing_is_said_about_a_field_that_could_not_be_read() -> None:
    broken = SmallVocabulary(frozenset({("ticket", "lost")}))
    found = read("lost is x and title is lost", broken, "ticket", place=PLACE)
    assert found == Checked(None)


def test_what_a_word_is_comes_from_where_it_stands() -> None:
    def right(text: str) -> object:
        condition = checked(text).condition
        assert condition is not None
        assert isinstance(condition.tree, Clause)
        return condition.tree.right

    assert right("tag is 0010") == Constant(0, "0010")
    assert right("weight is 0010") == Constant(0, Decimal("10.0"))
    assert right("title is no") == Constant(0, "no")
    assert right("loud is no") == Constant(0, False)
    assert right("shop is 0010") == Coded(0, "0010", "shop", "code")
    assert right('grade is "set"') == Constant(0, "set")
    # A choice's own key comes before a field of the same name, a field before text.
    assert right("colour is none") == Constant(0, "none")
    assert isinstance(right("title is body"), Path)
    assert right('title is "body"') == Constant(0, "body")


def test_a_party_with_several_routes_is_compared_as_what_the_other_side_is() -> None:
    condition = checked("contact is my.post and contact is not empty").condition
    assert condition is not None
    steps = [node.steps for node in within_tree(condition.tree) if isinstance(node, Path)]
    assert steps == [("contact@post",), ("contact@user",), ("contact@post",)]
    assert condition.reads == {"contact"}
    state = checked("contact is not empty").condition
    assert state is not None
    assert isinstance(state.tree, Not)
    assert isinstance(state.tree.part, Not)
    assert isinstance(state.tree.part.part, Or)


def test_same_may_mean_this_very_record() -> None:
    condition = checked("count of visit where (same ticket) >= 1").condition
    assert condition is not None
    assert condition.reads == {"visit:id", "visit:ticket"}


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("grade is low and not (shop.region.code is R1)", {"grade", "shop.region.code"}),
        ("shop is S1", {"shop"}),
        ("promise <= statutory", {"promise", "statutory"}),
        ("owner is me and finish.due_at < now", {"owner", "finish.due_at"}),
        ("my.roles contains clerk", set()),
        (
            "count of distinct owner in ticket where (same shop.region) within 3 days > weight",
            {
                "shop.region",
                "weight",
                "ticket:owner",
                "ticket:shop.region",
                "ticket:id",
                "ticket:created_at",
            },
        ),
    ],
)
def test_what_a_condition_depends_on(text: str, reads: set[str]) -> None:
    condition = checked(text).condition
    assert condition is not None
    assert condition.reads == reads


def test_every_kind_of_fault_is_shown_here() -> None:
    shown = {id_ for _, id_, _, _ in (*WRONG, *REFUSED)} | {"CON401", "CON404"}
    assert set(CATALOGUE) == shown - {None}


def test_operators_are_kept_by_kind() -> None:
    condition = checked("day is this_year").condition
    assert condition is not None
    assert isinstance(condition.tree, Clause)
    assert condition.tree.op is Op.IS
