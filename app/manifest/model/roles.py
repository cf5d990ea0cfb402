"""Who may do what with which rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.condition.tree import Condition
from app.place import Place

VERBS = ("read", "create", "edit", "retire", "export", "import")
# What of the platform itself may be granted under `can`, like an entity: the log-ins (`retire` disables one), who holds
# which role, the audit log, releases and drafts (`create` applies one or rolls back). By which role gets which noun a
# site separates its administrators.
PLATFORM_NOUNS: Mapping[str, tuple[str, ...]] = {
    "user": ("read", "create", "edit", "retire"),
    "grant": ("read", "edit"),
    "audit": ("read", "export"),
    "release": ("read", "create", "edit"),
}


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
