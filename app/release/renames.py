"""What was renamed between two releases, as `was:` says; read backwards where the old files come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Choice
from app.manifest.model.manifest import Manifest


class Renamable(Protocol):
    """Anything with a key and perhaps a former one."""

    @property
    def key(self) -> str: ...

    @property
    def was(self) -> str | None: ...


R = TypeVar("R", bound=Renamable)
Pairs = Mapping[str, str]  # old key → new key


@dataclass(frozen=True, slots=True)
class Renames:
    """Old key → new key. Fields by (new entity, old key), choices by (new entity, new field), states by entity."""

    entities: Pairs = field(default_factory=dict)
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    choices: Mapping[tuple[str, str], Pairs] = field(default_factory=dict)
    states: Mapping[str, Pairs] = field(default_factory=dict)
    departments: Pairs = field(default_factory=dict)
    posts: Pairs = field(default_factory=dict)
    roles: Pairs = field(default_factory=dict)

    def entity_was(self, new: str) -> str:
        """The key that an entity had in the last release."""
        return next((old for old, now in self.entities.items() if now == new), new)

    def field_was(self, entity: str, new: str) -> str:
        """The key that a field had in the last release. `entity` is the new key."""
        found = (o for (e, o), now in self.fields.items() if e == entity and now == new)
        return next(found, new)


def pairs(old: Mapping[str, R], new: Mapping[str, R]) -> dict[str, str]:
    """Old key → new key of what was renamed.

    `was` says so; and where a key comes back whose successor goes, the rename is taken back.
    """
    found: dict[str, str] = {}
    for key, thing in new.items():
        if thing.was is None or key in old or thing.was in new or thing.was in found:
            continue
        if thing.was in old:
            found[thing.was] = key
    for key, thing in old.items():
        if key in new or key in found or thing.was is None:
            continue
        if thing.was in new and thing.was not in old and thing.was not in found.values():
            found[key] = thing.was
    return found


def find_renames(old: Manifest | None, new: Manifest) -> Renames:
    """Everything that was renamed between two releases."""
    if old is None:
        return Renames()
    entities = pairs(old.entities, new.entities)
    fields: dict[tuple[str, str], str] = {}
    choices: dict[tuple[str, str], Pairs] = {}
    states: dict[str, Pairs] = {}
    for before, after in matched(old.entities, new.entities, entities):
        renamed = pairs(before.fields, after.fields)
        fields |= {(after.key, key): now for key, now in renamed.items()}
        for one, other in matched(before.fields, after.fields, renamed):
            if found := pairs(_by_key(one.choices), _by_key(other.choices)):
                choices[after.key, other.key] = found
        if found := _states(old, new, before, after):
            states[after.key] = found
    return Renames(
        entities,
        fields,
        choices,
        states,
        pairs(old.organization.departments, new.organization.departments),
        pairs(old.organization.posts, new.organization.posts),
        pairs(old.roles, new.roles),
    )


def matched(old: Mapping[str, R], new: Mapping[str, R], renamed: Pairs) -> tuple[tuple[R, R], ...]:
    """What is in both, under whichever key: the old one beside the new one, in the new order."""
    former = {now: key for key, now in renamed.items()}
    both = ((former.get(key, key), thing) for key, thing in new.items())
    return tuple((old[key], thing) for key, thing in both if key in old)


def _states(old: Manifest, new: Manifest, before: Entity, after: Entity) -> dict[str, str]:
    if before.workflow is None or after.workflow is None:
        return {}
    return pairs(old.workflows[before.workflow].states, new.workflows[after.workflow].states)


def _by_key(choices: Iterable[Choice]) -> dict[str, Choice]:
    return {choice.key: choice for choice in choices}
