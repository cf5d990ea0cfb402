"""Who may do what with which rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.condition.tree import Condition
from app.place import Place

VERBS = ("read", "create", "edit", "retire", "export", "import")


@dataclass(frozen=True, slots=True)
class PrivateField:
    """A private field that the role may see in clear, on rows where `when` holds."""

    entity: str
    field: str
    when: Condition | None
    place: Place


@dataclass(frozen=True, slots=True)
class Role:
    """Additive grants. `sees` and `edits` narrow by entity; absent means all rows."""

    key: str
    label: str
    can: Mapping[str, frozenset[str]]
    sees: Mapping[str, Condition]
    edits: Mapping[str, Condition]
    private_fields: tuple[PrivateField, ...]
    not_with: frozenset[str]
    place: Place
    places: Mapping[str, Place]  # "can.whistle" and the like → where it is said
    was: str | None = None
