"""Workflows: states, transitions, and who may press what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.condition.tree import Condition
from app.manifest.model.clocks import Target
from app.manifest.model.values import Duration
from app.place import Place


class ActorKind(StrEnum):
    """What a name under `by` or `not_by` stands for."""

    ROLE = "role"
    PARTY = "party"  # of the entity's dispatch
    FIELD = "field"  # a ref field of the record to user, post or department
    SYSTEM = "system"
    PRESSED = "pressed"  # whoever pressed that transition earlier in this round; only in `not_by`
    LINK = "link"  # the asker by a link with a token; only in rating


@dataclass(frozen=True, slots=True)
class Presser:
    """One name under `by` or `not_by`, resolved."""

    kind: ActorKind
    key: str
    place: Place


@dataclass(frozen=True, slots=True)
class State:
    key: str
    label: str
    final: bool
    place: Place
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """并案: this record joins another, named by the ref field `into`, or asked for."""

    into: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Extend:
    """延期 of a clock: at most `times` in a round, each at most `at_most`, asked at least `before` due."""

    clock: str
    times: int | None
    at_most: Duration | None
    before: Duration | None
    approved_by: tuple[Presser, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Transfer:
    """改派 of one party's work item (the presser's own, where `party` is empty)."""

    party: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Reopen:
    """重办: a new round with new clocks; at most `times`."""

    times: int | None
    place: Place


Deed = Merge | Extend | Transfer | Reopen


@dataclass(frozen=True, slots=True)
class Transition:
    key: str
    label: str
    from_states: tuple[str, ...]
    to_state: str
    by: tuple[Presser, ...]
    not_by: tuple[Presser, ...]
    asks: tuple[str, ...]
    only_if: Condition | None
    after: Target | None
    within: Target | None
    does: Deed | None
    place: Place
    help: str = ""


@dataclass(frozen=True, slots=True)
class Workflow:
    """States and transitions. A workflow serves the one entity that names it, or several."""

    key: str
    label: str
    start: str
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    entities: tuple[str, ...]
    place: Place
