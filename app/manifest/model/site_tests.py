"""Tests that a site carries for itself: given a record and a moment, what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.manifest.model.entities import Item
from app.manifest.model.values import Duration
from app.place import Place


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone who holds `role`, in this department or post: `nurse`, `nurse_east`."""

    name: str
    role: str
    department: str | None
    post: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Expected:
    """A path of the record and the value it must have; None where it must be empty."""

    path: str
    value: object
    place: Place


@dataclass(frozen=True, slots=True)
class SiteTest:
    """The record is made at `at` (site's zone), the transitions pressed in turn, then `after` goes by."""

    label: str
    entity: str
    record: Item
    at: datetime
    press: tuple[str, ...]
    after: Duration | None
    expect: tuple[Expected, ...]
    seen_by: tuple[Persona, ...]
    not_seen_by: tuple[Persona, ...]
    place: Place
