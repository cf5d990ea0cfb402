"""Declared rows are merged three ways: the last release, the YAML now, the database now.

YAML changed, the screen didn't      → updated
only the screen changed it           → kept, and said so
both, and not to the same            → a conflict, until it is said who is preferred
gone from YAML                       → retired
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.manifest.model.entities import Item
from app.manifest.model.fields import Field, FieldType

YAML, SCREEN = "yaml", "screen"
UNSAID = object()
UNORDERED = (FieldType.CHOICES, FieldType.REFS)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that both sides changed."""

    field: str
    was: object
    yaml: object
    screen: object


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of one row: `changes` by field (database, YAML); `kept` fields that only the screen changed."""

    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def merge(
    fields: Mapping[str, Field],
    base: Item | None,
    now: Item,
    row: Mapping[str, object],
    prefer: str | None = None,
) -> Merged:
    """Merges one row that is both in YAML and in the database; `row` holds its values as YAML would.

    A field that the YAML doesn't mention is the screen's alone.
    """
    changes: dict[str, tuple[object, object]] = {}
    kept: list[str] = []
    conflicts: list[Conflict] = []
    for key, one in fields.items():
        wanted = said(now, key)
        if wanted is UNSAID or one.retired:
            continue
        present, was = row.get(key), said(base, key)
        if alike(one, wanted, present):
            continue
        if was is not UNSAID and alike(one, was, wanted):
            kept.append(key)
        elif _untouched(one, was, present) or prefer == YAML:
            changes[key] = (present, wanted)
        elif prefer == SCREEN:
            kept.append(key)
        else:
            conflicts.append(Conflict(key, None if was is UNSAID else was, wanted, present))
    return Merged(changes, tuple(kept), tuple(conflicts))


def _untouched(one: Field, was: object, present: object) -> bool:
    """Whether the database still holds what the last release said, or nothing that anybody chose."""
    if was is UNSAID:
        return present is None or alike(one, one.default, present)
    return alike(one, was, present)


def said(item: Item | None, key: str) -> object:
    """What a row says of a field: a value, None where it says that it is empty, or UNSAID."""
    if item is None or (key not in item.values and key not in item.places):
        return UNSAID
    return plain_value(item.values.get(key))


def plain_value(value: object) -> object:
    """A value as it is compared: conditions by their text, lists as tuples, nothing as None."""
    text = getattr(value, "text", None)
    if isinstance(text, str):
        return text
    if isinstance(value, tuple | list | frozenset | set):
        return tuple(value) or None
    return None if value == "" else value


def alike(one: Field, left: object, right: object) -> bool:
    """Whether two values of a field mean the same."""
    left, right = plain_value(left), plain_value(right)
    if one.type in UNORDERED and isinstance(left, tuple) and isinstance(right, tuple):
        return set(left) == set(right)
    if one.type is FieldType.CONDITION and isinstance(left, str) and isinstance(right, str):
        return left.split() == right.split()
    return left == right
