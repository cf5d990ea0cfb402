"""Reading conditions: what binds to what, what is refused and with which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.condition.faults import ConditionError
from app.condition.parse import parse
from app.condition.tree import (
    And,
    Clause,
    Lasting,
    Listing,
    Moment,
    Not,
    Op,
    Or,
    Quoted,
    Span,
    Word,
)
from app.condition.unparse import unparse
from tests.condition.random_conditions import conditions


def is_(field: str, value: str) -> Clause:
    return Clause(0, Word(0, field), Op.IS, Word(0, value))


A, B, C = is_("a", "x"), is_("b", "y"), is_("c", "z")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a is x", A),
        ("a is x or b is y and c is z", Or(0, (A, And(0, (B, C))))),
        ("(a is x or b is y) and c is z", And(0, (Or(0, (A, B)), C))),
        ("not a is x and b is y", And(0, (Not(0, A), B))),
        ("not (a is x and b is y)", Not(0, And(0, (A, B)))),
        ("a is not x", Not(0, A)),
        ("not not a is x", Not(0, Not(0, A))),
        ("a is set", Clause(0, Word(0, "a"), Op.IS_SET, None)),
        ("a is not empty", Not(0, Clause(0, Word(0, "a"), Op.IS_EMPTY, None))),
        ("a not in [x]", Not(0, Clause(0, Word(0, "a"), Op.IN, Listing(0, (Word(0, "x"),))))),
        ('a starts with "x y"', Clause(0, Word(0, "a"), Op.STARTS_WITH, Quoted(0, "x y"))),
        ("a is 3 workdays", Clause(0, Word(0, "a"), Op.IS, Lasting(0, Span(3, "workdays")))),
        ("a < now - 4h", Clause(0, Word(0, "a"), Op.LESS, Moment(0, "now", Span(-4, "hours")))),
        (
            "a<today+1 month",
            Clause(0, Word(0, "a"), Op.LESS, Moment(0, "today", Span(1, "months"))),
        ),
        ("a > -5", Clause(0, Word(0, "a"), Op.MORE, Word(0, "-5"))),
        ("a is LS-QY-001", is_("a", "LS-QY-001")),
        ("a is 2026-03-02 09:00", is_("a", "2026-03-02 09:00")),
        ('a is "\\"\\\\"', Clause(0, Word(0, "a"), Op.IS, Quoted(0, '"\\'))),
        ("  a\n\tis\u3000x ", A),
    ],
)
def test_what_is_written_is_read(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "word", ["not", "and", "or", "is", "in", "contains", "same", "count", "sum", "empty"]
)
def test_a_word_of_the_grammar_may_be_a_field(word: str) -> None:
    assert parse(f"{word} is x") == is_(word, "x")
    assert parse(f"not ({word} is x) and {word} is x") == And(
        0, (Not(0, is_(word, "x")), is_(word, "x"))
    )


REFUSED = [
    ("", "CON101", 0, ""),
    (" \n ", "CON101", 0, ""),
    ("a is " + "x" * 4000, "CON102", 4000, "拆成"),
    ("(" * 60 + "a is x" + ")" * 60, "CON103", 12, "括号"),
    ("not " * 4000 + "a is x", "CON102", 4000, ""),
    ("not " * 60 + "a is x", "CON103", 48, ""),
    (".a is x", "CON104", 0, ""),
    ("a is 60 %", "CON104", 8, "60%"),
    ("a is \ud800", "CON104", 5, ""),
    ('a is "\x00"', "CON104", 6, ""),
    ('a is "x', "CON105", 5, ""),
    ("a is “x”", "CON106", 5, '"'),
    ("a in [x，y]", "CON106", 7, ","),
    ("（a is x）", "CON106", 0, "("),
    ("a is 「x」", "CON106", 5, '"'),
    ("a ＝ x", "CON106", 2, "is"),
    ("a = x", "CON107", 2, "is"),
    ("a == x", "CON107", 2, "is"),
    ("a != x", "CON107", 2, "is not"),
    ("a <> x", "CON107", 2, "is not"),
    ("a ≥ 3", "CON107", 2, ">="),
    ("a is x && b is y", "CON107", 7, "and"),
    ("a is x || b is y", "CON107", 7, "or"),
    ("!a", "CON107", 0, "not"),
    ("a is", "CON108", 4, "is set"),
    ("a is and b is y", "CON108", 5, ""),
    ("a >", "CON108", 3, ""),
    ("a in", "CON108", 4, "in [a, b]"),
    ("a in [x,, y]", "CON108", 8, ""),
    ("a", "CON109", 1, "a is yes"),
    ("a is x and b", "CON109", 12, "b is yes"),
    ("a iss x", "CON109", 2, "is"),
    ("raise SystemExit", "CON109", 6, ""),
    ("a is x and", "CON110", 10, ""),
    ("and a is x", "CON110", 0, ""),
    ("a is x or or b is y", "CON110", 10, ""),
    ("()", "CON110", 1, ""),
    ("(a is x", "CON111", 0, ""),
    ("a is x)", "CON111", 6, ""),
    ("a in [x, y", "CON111", 5, ""),
    ("a is x y", "CON112", 7, "双引号"),
    ("a > 10,000", "CON112", 6, "逗号"),
    ("a is b + 1", "CON112", 7, "today"),
    ("a > count of x", "CON112", 10, "左边"),
    ('a like "x"', "CON113", 2, "contains"),
    ("a between 1 and 2", "CON113", 2, ">="),
    ("1 if 1 else 1", "CON113", 2, ""),
    ("a 等于 b", "CON113", 2, "is"),
    ("a is x 并且 b is y", "CON113", 7, "and"),
    ("a is not in [x]", "CON113", 2, "not in"),
    ("a is in [x]", "CON113", 2, "in"),
    ("a in (x, y)", "CON114", 5, "方括号"),
    ("a in []", "CON114", 5, ""),
    ("a in [x,]", "CON114", 7, ""),
    ("a in [x y]", "CON114", 8, ""),
    ("a is [x]", "CON114", 5, "in [a, b]"),
    ("a in [" + ", ".join("x" * 201) + "]", "CON114", 5, ""),
    ("a > 3 weeks", "CON115", 4, "7 days"),
    ("a > 3 hours", "CON115", 4, "3h"),
    ("a > now - 3", "CON115", 10, ""),
    ("a > now - 3d", "CON115", 10, "3 days"),
    ("a > 1.5 days", "CON115", 4, ""),
    ("count of x where a is b", "CON116", 17, ""),
    ("sum of x where (a is b) > 1", "CON116", 9, ""),
    ("count of where (a is b) > 1", "CON116", 9, ""),
    ("count of x where (same) > 1", "CON116", 18, ""),
    ("a IS x", "CON117", 2, "is"),
    ("a is x AND b is y", "CON117", 7, "and"),
    ("a is 'x'", "CON118", 5, ""),
    ("__import__('os').system('id')", "CON119", 0, ""),
    ("9**9**9", "CON119", 1, ""),
    ("a is x; drop table b", "CON119", 6, ""),
    ("len(a) > 3", "CON119", 0, ""),
    ("a + b > 3", "CON119", 2, ""),
    ("{{7*7}}", "CON119", 0, ""),
    ('"x" is a', "CON120", 0, ""),
    ("().__class__.__bases__", "CON104", 2, ""),
]


@pytest.mark.parametrize(("text", "id_", "offset", "hint"), REFUSED)
def test_what_is_not_in_the_grammar_is_told_with_its_remedy(
    text: str, id_: str, offset: int, hint: str
) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert (caught.value.id, caught.value.offset) == (id_, offset)
    assert hint in caught.value.hint
    assert caught.value.message
    assert not any(0xD800 <= ord(c) <= 0xDFFF for c in caught.value.message)


def test_what_is_long_or_deep_up_to_the_limit_is_read() -> None:
    parse("(" * 12 + "a is x" + ")" * 12)
    parse("not " * 12 + "a is x")
    parse(" or ".join(["a is x"] * 390))
    parse("a in [" + ", ".join("x" * 200) + "]")


@given(conditions())
def test_what_is_written_again_is_read_the_same(text: str) -> None:
    tree = parse(text)
    assert parse(unparse(tree)) == tree


WORDS = [
    "a",
    "b.c",
    "is",
    "not",
    "in",
    "and",
    "or",
    "set",
    "empty",
    "contains",
    "starts",
    "with",
    ">",
    ">=",
    "<",
    "<=",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "today",
    "now",
    "3",
    "days",
    "4h",
    "60%",
    "workdays",
    '"x"',
    "count",
    "sum",
    "of",
    "distinct",
    "where",
    "within",
    "same",
    "x",
    "2026-03-02",
    "09:00",
    "my.post",
    "me",
    "yes",
    "this_year",
]


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except ConditionError as refusal:
        told = refusal.problem
    else:
        assert parse(unparse(tree)) == tree
        return
    assert told.id.startswith("CON1")
    assert 0 <= told.offset <= len(text)
