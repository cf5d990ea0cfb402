"""The three-way merge of one declared row: a law for all values, and its four plain cases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.manifest.model.entities import Item
from app.manifest.model.fields import Field
from app.manifest.model.values import Duration, Unit
from app.release.merge import SCREEN, YAML, merge
from tests.factory import field, item

FIELDS = {"promise": field("promise", "integer")}
VALUES = st.one_of(st.none(), st.integers(0, 3))


def row(promise: object) -> Item:
    return item("A", promise=promise)


def said(promise: object) -> dict[str, object]:
    return {"promise": promise}


def test_yaml_alone_changed_it() -> None:
    merged = merge(FIELDS, row(3), row(2), said(3))
    assert merged.changes == {"promise": (3, 2)}
    assert not merged.conflicts


def test_the_screen_alone_changed_it() -> None:
    merged = merge(FIELDS, row(3), row(3), said(5))
    assert merged.kept == ("promise",)
    assert not merged.changes


def test_both_changed_it_alike() -> None:
    merged = merge(FIELDS, row(3), row(2), said(2))
    assert not merged.changes
    assert not merged.conflicts
    assert not merged.kept


def test_both_changed_it_otherwise() -> None:
    merged = merge(FIELDS, row(3), row(2), said(5))
    assert [(c.was, c.yaml, c.screen) for c in merged.conflicts] == [(3, 2, 5)]
    assert not merged.changes


@pytest.mark.parametrize(
    ("prefer", "changes", "kept"), [(YAML, {"promise": (5, 2)}, ()), (SCREEN, {}, ("promise",))]
)
def test_a_conflict_ends_when_it_is_said_who_is_preferred(
    prefer: str, changes: dict[str, object], kept: tuple[str, ...]
) -> None:
    merged = merge(FIELDS, row(3), row(2), said(5), prefer)
    assert (merged.changes, merged.kept, merged.conflicts) == (changes, kept, ())


@given(base=VALUES, yaml=VALUES, screen=VALUES, prefer=st.sampled_from([None, YAML, SCREEN]))
def test_afterwards_the_next_release_has_nothing_to_do(
    base: object, yaml: object, screen: object, prefer: str | None
) -> None:
    merged = merge(FIELDS, row(base), row(yaml), said(screen), prefer)
    if merged.conflicts:
        assert prefer is None
        return
    stands = merged.changes.get("promise", (None, screen))[1]
    again = merge(FIELDS, row(yaml), row(yaml), said(stands), None)
    assert not again.changes
    assert not again.conflicts


@given(base=VALUES, yaml=VALUES, screen=VALUES)
def test_nothing_that_one_side_changed_is_lost_without_a_word(
    base: object, yaml: object, screen: object
) -> None:
    merged = merge(FIELDS, row(base), row(yaml), said(screen))
    if screen not in (base, yaml):
        assert merged.kept or merged.conflicts
    if yaml not in (base, screen):
        assert merged.changes or merged.conflicts


def test_a_field_that_yaml_does_not_mention_is_the_screen_s() -> None:
    merged = merge(FIELDS, row(3), item("A"), said(5))
    assert not (merged.changes or merged.kept or merged.conflicts)


def test_a_field_newly_mentioned_fills_what_is_empty_or_still_the_default() -> None:
    fields = {"promise": field("promise", "integer", default=7)}
    assert merge(fields, item("A"), row(2), said(None)).changes
    assert merge(fields, item("A"), row(2), said(7)).changes
    assert merge(fields, item("A"), row(2), said(5)).conflicts


@pytest.mark.parametrize(
    ("kind", "left", "right"),
    [
        ("choices", ("a", "b"), ("b", "a")),
        ("refs", ("T1", "T2"), ("T2", "T1")),
        ("money", Decimal("12.5"), Decimal("12.50")),
        ("lines", (), None),
        ("text", "", None),
        ("condition", "grade  is urgent", "grade is urgent"),
        ("duration", Duration(3, Unit.WORKDAYS), Duration(3, Unit.WORKDAYS)),
    ],
)
def test_what_means_the_same_is_no_change(kind: str, left: object, right: object) -> None:
    fields: dict[str, Field] = {"promise": field("promise", kind)}
    merged = merge(fields, item("A"), row(left), said(right))
    assert not (merged.changes or merged.conflicts)


def test_the_order_of_lines_is_a_change() -> None:
    merged = merge(
        {"promise": field("promise", "lines")}, row(("a", "b")), row(("b", "a")), said(("a", "b"))
    )
    assert merged.changes
