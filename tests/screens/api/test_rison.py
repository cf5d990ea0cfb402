"""Rison is read as it is written, and nothing else is Rison."""

from __future__ import annotations

import prison
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screens.api.rison import BadRison, read_rison

plain = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain, inner, max_size=4),
    max_leaves=12,
)


def written(value: object) -> str:
    """Rison with every text quoted."""
    match value:
        case None:
            return "!n"
        case bool():
            return "!t" if value else "!f"
        case int() | float():
            return str(value)
        case str():
            return "'" + value.replace("!", "!!").replace("'", "!'") + "'"
        case list():
            return "!(" + ",".join(map(written, value)) + ")"
        case dict():
            return "(" + ",".join(f"{written(k)}:{written(v)}" for k, v in value.items()) + ")"
    raise TypeError


@given(values)
def test_what_is_written_is_read(value: object) -> None:
    assert read_rison(written(value)) == value


@given(st.text("()!',:'tfn0129.-e abc状态", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = read_rison(text)
    except BadRison:
        return
    assert read_rison(written(value)) == value


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.integers(-999, 999) | st.booleans()
    )
)
def test_what_other_programs_write_is_read(value: dict[str, object]) -> None:
    assert read_rison(prison.dumps(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(a:b)", {"a": "b"}),
        ("(a:0010,b:1.5,c:-2,d:1e2)", {"a": "0010", "b": 1.5, "c": -2, "d": 100.0}),
        ("(a:2026-01-01)", {"a": "2026-01-01"}),
        ("(col:finish.due_at)", {"col": "finish.due_at"}),
        ("!(!t,!f,!n,状态)", [True, False, None, "状态"]),
        ("(a:" + "9" * 40 + ")", {"a": "9" * 40}),
    ],
)
def test_bare_words_are_numbers_only_where_json_has_such(text: str, value: object) -> None:
    assert read_rison(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(",
        ")",
        "(a)",
        "(a:)",
        "(a:1,a:2)",
        "(a:1,)",
        "!(1,)",
        "!x",
        "!",
        "'a",
        "'a!",
        "'!x'",
        "(a:1)b",
        "a b",
        "((a:1):2)",
    ],
)
def test_what_is_no_rison_is_refused(text: str) -> None:
    with pytest.raises(BadRison):
        read_rison(text)


def test_deep_nesting_is_refused_not_followed() -> None:
    for opening in ("(a:", "!("):
        with pytest.raises(BadRison):
            read_rison(opening * 100_000)
