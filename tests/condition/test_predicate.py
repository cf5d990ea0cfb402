"""What a condition means for one record, value by value, and its verdict with what is missing told apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.condition.check import read
from app.condition.facts import Facts
from app.condition.predicate import Outcome, RowsCounting, holds, verdict
from app.condition.tree import Condition, Span
from app.manifest.model.values import Duration, Unit
from app.place import Place
from tests.condition.small_site import VOCABULARY, Row, Rows

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Half past midnight on 2 March in Shanghai, still 1 March in UTC.
NOW = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
CLERK = Facts(
    now=NOW,
    zone=SHANGHAI,
    user=7,
    department=1,
    department_key="d1",
    departments=frozenset({1, 2}),
    department_keys=frozenset({"d1", "d2"}),
    posts=frozenset({1}),
    post_keys=frozenset({"p1"}),
    roles=frozenset({"clerk"}),
    fields={"nick": "ab", "shops": (3, 4)},
)
NOBODY = Facts(now=NOW, zone=SHANGHAI)


def condition(text: str) -> Condition:
    found = read(text, VOCABULARY, "ticket", place=Place("x.yaml", 1), counts=True)
    assert found.condition is not None, found.problems
    return found.condition


def ticket(**values: object) -> Rows:
    named = {key.replace("__", "."): value for key, value in values.items()}
    department: Row = {"id": 1, "key": "d1", "name": "一局"}
    other: Row = {"id": 2, "key": "d2", "name": None}
    shop: Row = {"id": 3, "code": "S1", "name": "甲", "region": 5, "vip": True, "department": 2}
    return Rows(
        {
            "ticket": {1: {"id": 1, **named}},
            "department": {1: department, 2: other},
            "shop": {3: shop, 4: {"id": 4, "code": None, "region": None}},
            "region": {5: {"id": 5, "code": "R1", "name": None, "department": 1}},
            "post": {1: {"id": 1, "key": "p1"}},
            "user": {7: {"id": 7, "department": 1}},
        }
    )


def true_of(rows: Rows, text: str, facts: Facts = CLERK) -> bool:
    return holds(condition(text), rows.record("ticket", 1), facts, RowsCounting(rows.all))


FULL: dict[str, object] = {
    "title": "Abc中文",
    "weight": 2026,
    "length": Decimal("2.50"),
    "cost": Decimal("12.00"),
    "share": Decimal("20.00"),
    "loud": False,
    "day": date(2026, 3, 1),
    "due": date(2026, 3, 1),
    "done_at": datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC),  # the last second of 1 March
    "finish__due_at": datetime(2026, 3, 1, 16, 0, tzinfo=UTC),  # midnight
    "opens": time(9),
    "promise": Duration(3, Unit.WORKDAYS),
    "statutory": Duration(90, Unit.HOURS),
    "grade": "middle",
    "flags": ("hot", "wet"),
    "flag": "wet",
    "papers": ("ab", "执照"),
    "helpers": (3, 4),
    "shop": 3,
    "department": 1,
    "owner": 7,
    "handler": 2,
    "contact@post": 1,
    "photos": (1,),
}


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ('title is "Abc中文"', 'title is "abc中文"'),
        ('title contains "c中"', 'title contains "%"'),
        ('title starts with "Ab"', 'title starts with "b"'),
        ("title in [x, Abc中文]", "title in [Abc]"),
        ("weight is this_year", "weight is last_year"),
        ("length is 2.5", "length is 2.51"),
        ("length < 2.512345", "length > 2.512345"),
        ("cost >= 12", "cost > 12.000001"),
        ("share is 20%", "share > 20.5%"),
        ("loud is no", "loud is yes"),
        ("day is 2026-03-01", "day is today"),
        ("day < today", "day >= today"),
        ("day is today - 1 day", "day is today + 1 day"),
        ("day is this_year", "day <= last_year"),
        ("day <= due", "day < due"),
        ("done_at is 2026-03-01", "done_at is today"),
        ("done_at <= 2026-03-01", "done_at > 2026-03-01"),
        ("done_at < today", "done_at >= today"),
        ("finish.due_at is today", "finish.due_at is 2026-03-01"),
        ("finish.due_at is 2026-03-02 00:00", "finish.due_at is 2026-03-02 00:01"),
        ("finish.due_at < now", "finish.due_at < now - 30m"),
        ("finish.due_at >= now - 30m", "finish.due_at > now - 30m"),
        ("opens is 9:00", "opens > 09:00"),
        ("promise is 3 workdays", "promise is 3 days"),
        ("promise < 4 workdays", "promise < 200h"),
        ("not (promise <= statutory)", "promise > statutory"),
        ("grade > low", "grade > middle"),
        ("grade <= middle", "grade >= high"),
        ("flags contains hot", "flags contains cold"),
        ("flags contains flag", "not (flags contains flag)"),
        ("papers contains 执照", "papers contains 执"),
        ("helpers contains S1", "helpers contains S2"),
        ("helpers contains shop", "helpers is empty"),
        ("shop is S1", "shop is S2"),
        ("shop.region is R1", "shop.region is R2"),
        ("shop.region.department is my.department", "shop.region.name is set"),
        ("shop in my.shops", "shop not in my.shops"),
        ("department is my.department", "department is d2"),
        ("department in my.departments", "department is not d1"),
        ("owner is me", "owner is not me"),
        ("owner.department is d1", "owner.department is d2"),
        ("handler is d2", "handler is my.department"),
        ("contact is my.post", "contact is me"),
        ("contact is p1", "contact is empty"),
        ("photos is set", "photos is empty"),
        ("my.roles contains clerk", "my.roles contains chief"),
        ("my.departments contains d2", "my.department is d2"),
        ("my.nick starts with a", "my.level is set"),
    ],
)
def test_each_comparison_and_its_opposite(yes: str, no: str) -> None:
    rows = ticket(**FULL)
    assert true_of(rows, yes)
    assert not true_of(rows, no)


EMPTY_COMPARISONS = [
    "title is x",
    'title contains "x"',
    "weight < 5",
    "loud is yes",
    "loud is no",
    "day < today",
    "promise is 0 workdays",
    "grade >= low",
    "grade in [low, middle, high, set]",
    "flags contains hot",
    "helpers contains S1",
    "shop is S1",
    "shop.name is x",
    "department is my.department",
    "title is body",
    "day <= due",
]


@pytest.mark.parametrize("text", EMPTY_COMPARISONS)
def test_a_comparison_with_something_empty_is_false_and_its_negation_true(text: str) -> None:
    rows = ticket(body="x", due=date(2026, 3, 1))
    assert not true_of(rows, text)
    assert true_of(rows, f"not ({text})")


@pytest.mark.parametrize(
    "text",
    [
        "department is my.department",
        "owner is me",
        "department in my.departments",
        "contact is my.post",
    ],
)
def test_somebody_without_a_department_or_post_is_like_something_empty(text: str) -> None:
    rows = ticket(**FULL)
    assert true_of(rows, text)
    assert not true_of(rows, text, NOBODY)


@pytest.mark.parametrize(
    ("shift", "day"),
    [
        ("1 month", date(2026, 4, 30)),
        ("13 months", date(2027, 4, 30)),
        ("1 year", date(2027, 3, 31)),
        ("30 days", date(2026, 4, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(shift: str, day: date) -> None:
    facts = Facts(now=datetime(2026, 3, 31, 4, 0, tzinfo=UTC), zone=SHANGHAI)
    assert true_of(ticket(day=day), f"day is today + {shift}", facts)
    assert true_of(
        ticket(done_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC)),
        f"done_at is now + {shift}",
        facts,
    )


def test_a_leap_day_a_year_ago_is_the_last_of_february() -> None:
    facts = Facts(now=datetime(2024, 2, 29, 4, tzinfo=UTC), zone=SHANGHAI)
    assert true_of(ticket(day=date(2023, 2, 28)), "day is today - 1 year", facts)


def test_any_object_with_amount_and_unit_is_a_duration() -> None:
    for promise in (Duration(3, Unit.DAYS), Span(3, "days")):
        assert true_of(
            ticket(promise=promise, statutory=Span(3, "days")),
            "promise is 3 days and promise is statutory",
        )


def test_a_key_that_is_in_no_list_any_more_has_no_rank() -> None:
    rows = ticket(grade="gone", former_grade="low")
    assert not true_of(
        rows, "grade > low or grade <= high or grade >= former_grade or grade < former_grade"
    )
    assert true_of(rows, "grade is set and grade is not low")


def counted_rows() -> Rows:
    made = ticket(shop=3, day=date(2026, 1, 1), created_at=NOW, weight=2)
    days = (1, 29, 30, 31)
    made.of["ticket"] |= {n: {"id": n, "shop": 3, "created_at": NOW} for n in (10, 11)}
    made.of["visit"] = {
        n: {
            "id": n,
            "shop": 3 if n != 3 else None,
            "ticket": 1 if n < 2 else None,
            "cost": Decimal(10 * n) if n else None,
            "owner": n % 2 + 6,
            "created_at": _days_ago(days[n]),
        }
        for n in range(4)
    }
    return made


def _days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count of ticket where (same shop) is 3", True),  # the record itself counts
        ("count of ticket is 3", True),
        ("count of visit where (same shop) is 3", True),
        ("count of visit where (same ticket) is 2", True),
        ("count of visit where (same department) is 0", True),  # an empty same matches nothing
        ("count of visit within 30 days is 3", True),  # the thirtieth day back still counts
        ("count of visit within 1 month is 1", True),  # back to 2 February
        ("count of visit where (cost > 5) within 29 days is 1", True),
        ("count of distinct owner in visit is 2", True),
        ("count of distinct shop in visit is 1", True),
        ("sum of cost in visit is 60", True),
        ("sum of cost in visit where (same shop) is 30", True),
        ("sum of cost in visit where (shop is empty and cost < 5) is 0", True),
        ("count of visit where (same shop) > weight", True),
        ("count of visit in [1, 2, 3]", False),
    ],
)
def test_counting(text: str, expected: bool) -> None:
    assert true_of(counted_rows(), text) is expected


def test_what_is_created_later_than_now_is_not_looked_back_at() -> None:
    rows = counted_rows()
    rows.of["visit"][9] = {"id": 9, "created_at": _days_ago(-1)}
    assert true_of(rows, "count of visit within 30 days is 3")


def test_counting_needs_somebody_who_can() -> None:
    with pytest.raises(TypeError, match="counts"):
        holds(condition("count of visit > 1"), ticket().record("ticket", 1), CLERK)


MET, FAILED, UNKNOWN = Outcome.MET, Outcome.FAILED, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("grade is middle", MET),
        ("grade is low", FAILED),
        ("former_grade is low", UNKNOWN),
        ("not (former_grade is low)", UNKNOWN),
        ("former_grade is empty", MET),
        ("former_grade is set", FAILED),
        ("calm is no", UNKNOWN),
        ("former_grade in [low, high]", UNKNOWN),
        ("grade is low and former_grade is low", FAILED),
        ("grade is middle and former_grade is low", UNKNOWN),
        ("grade is middle or former_grade is low", MET),
        ("grade is low or former_grade is low", UNKNOWN),
        ("not (grade is low and former_grade is low)", MET),
        ("rival.name is x", UNKNOWN),
        ("rival is S1", UNKNOWN),
        ("helpers contains S2", FAILED),
        ("watchers contains d1", UNKNOWN),
        ("watchers is empty", MET),
        ("grade < former_grade", UNKNOWN),
        ("count of visit is 0", MET),
        ("my.level > 3", UNKNOWN),
        ("weight > my.level", UNKNOWN),
        ("department is d2", FAILED),
    ],
)
def test_a_verdict_tells_missing_from_failed(text: str, outcome: Outcome) -> None:
    rows = ticket(**FULL)
    found = verdict(condition(text), rows.record("ticket", 1), CLERK, RowsCounting(rows.all))
    assert found.outcome is outcome


def test_a_verdict_names_each_part() -> None:
    rows = ticket(**FULL)
    meant = condition(
        "grade is middle and (loud is no and former_grade is low) and (grade is low or loud is yes)"
    )
    found = verdict(meant, rows.record("ticket", 1), CLERK)
    assert found.outcome is FAILED
    assert [part.outcome for part in found.clauses] == [MET, MET, UNKNOWN, FAILED]
