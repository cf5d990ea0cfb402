"""Who there is: departments, posts, and what is known of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.manifest.model.fields import Choice, Field
from app.place import Place

DEPARTMENT_KINDS = ("committee", "department", "utility", "bank")


@dataclass(frozen=True, slots=True)
class Department:
    key: str
    label: str
    kind: str
    under: str | None
    place: Place
    retired: bool = False
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post; several people may hold one, and one may be empty."""

    key: str
    label: str
    department: str | None
    place: Place
    retired: bool = False
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    departments: Mapping[str, Department]
    posts: Mapping[str, Post]
    person_fields: Mapping[str, Field]

    def below(self, department: str) -> frozenset[str]:
        """The department and all below it."""
        found = {department}
        grew = True
        while grew:
            more = {d.key for d in self.departments.values() if d.under in found} - found
            found |= more
            grew = bool(more)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A shared choice list. A retired value stays readable on old records and can't be chosen."""

    key: str
    label: str
    choices: tuple[Choice, ...]
    place: Place
    was: str | None = None
