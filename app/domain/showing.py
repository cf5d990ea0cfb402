"""Which fields of a form are to be seen and filled in, for values that aren't saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.condition.facts import Facts
from app.condition.predicate import holds
from app.domain.context import Context
from app.domain.errors import NotFound
from app.domain.facts import facts_of
from app.domain.queries import find
from app.domain.rows import Row
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field


@dataclass(frozen=True, slots=True)
class Showing:
    """Whether a field is to be seen, and whether it has to be filled in."""

    visible: bool
    required: bool


def showings(
    context: Context, entity: Entity, values: Mapping[str, object]
) -> Mapping[str, Showing]:
    """For each live field. `values` are typed; a condition that follows a ref reads the record it points to."""
    draft = _Draft(context, entity, values)
    facts = facts_of(context)
    return {key: _showing(one, draft, facts) for key, one in entity.live_fields.items()}


def _showing(one: Field, draft: _Draft, facts: Facts) -> Showing:
    visible = one.visible_when is None or holds(one.visible_when, draft, facts)
    required = one.required or (
        one.required_when is not None and holds(one.required_when, draft, facts)
    )
    return Showing(visible, visible and required)


@dataclass(slots=True)
class _Draft:
    """Values that were typed, read as a condition reads a record. Refs are followed once each.

    The records are read on the program's own behalf: a condition of the site may depend on what its reader can't see,
    and tells no more of it than whether a field shows.
    """

    context: Context
    entity: Entity
    values: Mapping[str, object]
    followed: dict[tuple[str, int], Row | None] = field(default_factory=dict)

    def value(self, steps: tuple[str, ...]) -> object:
        entity: Entity | None = self.entity
        found: object = None
        values = self.values
        for number, step in enumerate(steps):
            known = entity.field(step) if entity is not None else None
            found = values.get(step)
            if number == len(steps) - 1 or known is None:
                break
            row = self._follow(known.to or "", found)
            if row is None:
                return None
            entity, values = self.context.manifest.entities.get(known.to or ""), row.values
        return found

    def _follow(self, target: str, found: object) -> Row | None:
        if not isinstance(found, int) or target in BUILT_IN_ENTITIES:
            return None
        spot = (target, found)
        if spot not in self.followed:
            try:
                self.followed[spot] = find(self.context.as_system(), target, found)
            except NotFound:
                self.followed[spot] = None
        return self.followed[spot]
