"""What counts as renamed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.release.renames import pairs
from tests.factory import field

KEYS = st.sampled_from(["a", "b", "c", "d"])


def fields(*said: str):  # type: ignore[no-untyped-def]
    """`fields("a", "b<c")`: `a`, and `b` that was `c`."""
    made = {}
    for one in said:
        key, _, was = one.partition("<")
        made[key] = field(key, was=was or None)
    return made


def test_was_says_it() -> None:
    assert pairs(fields("a", "b"), fields("a", "c<b")) == {"b": "c"}


def test_what_was_renamed_once_isn_t_renamed_again() -> None:
    assert pairs(fields("c<b"), fields("c<b")) == {}


def test_without_was_it_is_another_thing() -> None:
    assert pairs(fields("a"), fields("b")) == {}


def test_a_former_key_that_is_still_there_is_no_rename() -> None:
    assert pairs(fields("a"), fields("a", "b<a")) == {}


def test_files_of_before_take_the_rename_back() -> None:
    assert pairs(fields("c<b"), fields("b")) == {"c": "b"}


def test_the_way_back_needs_the_way_there() -> None:
    assert pairs(fields("c"), fields("b")) == {}


@given(old=st.dictionaries(KEYS, st.none() | KEYS), new=st.dictionaries(KEYS, st.none() | KEYS))
def test_each_goes_to_one_and_each_comes_from_one(
    old: dict[str, str | None], new: dict[str, str | None]
) -> None:
    before = {key: field(key, was=was) for key, was in old.items()}
    after = {key: field(key, was=was) for key, was in new.items()}
    found = pairs(before, after)
    assert set(found) <= before.keys() - after.keys()
    assert set(found.values()) <= after.keys() - before.keys()
    assert len(set(found.values())) == len(found)


def test_of_two_that_were_the_same_one_is() -> None:
    assert pairs(fields("a<c", "b<c"), fields("c")) == {"a": "c"}
    assert pairs(fields("c"), fields("a<c", "b<c")) == {"c": "a"}
