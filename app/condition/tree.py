"""The tree of a condition: what the four readings (SQL, predicate, sentence, dependencies) share."""

from __future__ import annotations

from dataclasses import dataclass

from app.place import Place


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was parsed and checked against the fields of `entity`.

    `reads` are the dotted paths it depends on (`enterprise.key_project`), aggregates' included as
    `ENTITY:path`; `place` is where the administrator wrote it.
    """

    text: str
    tree: Node
    entity: str
    reads: frozenset[str]
    place: Place


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all nodes; `offset` counts characters into the text."""

    offset: int
