"""What starts by itself: colours, reminders, supervision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.condition.tree import Condition
from app.manifest.model.values import Duration
from app.manifest.model.workflows import Presser
from app.place import Place

COLOURS = ("blue", "yellow", "red")  # from the mildest to the gravest
PARTY_CLOCKS = ("accept", "finish")


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched: a record, one of its clocks, or (with `party`) a party's accept or finish clock."""

    entity: str
    clock: str | None
    party: str | None
    place: Place


class Occasion(StrEnum):
    """When an escalation without a clock looks at a record."""

    CREATE = "create"
    CHANGE = "change"  # when the condition becomes true
    TRANSITION = "transition"


@dataclass(frozen=True, slots=True)
class On:
    occasion: Occasion
    transition: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Moment:
    """`50%`, `100% - 7h`, `100% + 3 workdays`: a share of the clock, then `offset` later or, with `back`, earlier."""

    share: int
    offset: Duration | None
    back: bool
    place: Place

    def __str__(self) -> str:
        return f"{self.share}%" + (
            f" {'-' if self.back else '+'} {self.offset}" if self.offset else ""
        )


@dataclass(frozen=True, slots=True)
class Assigned:
    """One value that an effect writes.

    `value` is typed for its field, a dotted path of the watched record where `path` says so (refs), or a text
    with `{placeholders}` of the watched record (text and note).
    """

    field: str
    value: object
    path: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Open:
    """Makes a record of `entity` whose ref field `ref` points to the watched one."""

    entity: str
    ref: str
    values: Mapping[str, Assigned]
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `at` is None where the escalation watches no clock. `repeat` fires again until the clock stops."""

    at: Moment | None
    notify: tuple[Presser, ...]
    message: str | None
    open: Open | None
    set: Mapping[str, Assigned]
    repeat: Duration | None
    place: Place


@dataclass(frozen=True, slots=True)
class Escalation:
    """Steps in the order they fire. `on` is None exactly where `watch` names a clock."""

    key: str
    label: str
    colour: str | None
    watch: Watch
    on: On | None
    when: Condition | None
    steps: tuple[Step, ...]
    place: Place
