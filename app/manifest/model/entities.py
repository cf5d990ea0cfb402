"""An entity: one kind of record, with its screens, rules, declared rows and traits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.condition.tree import Condition
from app.manifest.model.fields import Field
from app.manifest.model.traits import Booking, Dispatch, Match, Rating, Sla
from app.manifest.model.values import frozen
from app.place import Place


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields on the form and the page."""

    label: str
    fields: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Order:
    """A column to sort by. `field` may be a system field or a dotted clock path (`finish.due_at`)."""

    field: str
    descending: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Detail:
    """Child records shown on this page: `entity` has a ref field `field` pointing here."""

    entity: str
    field: str
    place: Place


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """`CS-{year}{month}-{seq:4}` cut into parts: text, or one of year, month, day, seq with its width."""

    text: str
    parts: tuple[
        tuple[str, str | int], ...
    ]  # ("text", "CS-") ("year", 4) ("month", 2) ("day", 2) ("seq", 4)
    place: Place


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """A record may be saved only while the condition holds."""

    condition: Condition
    say: str
    place: Place


@dataclass(frozen=True, slots=True)
class Unique:
    """No two records have the same values in these fields; empty values don't clash."""

    fields: tuple[str, ...]
    say: str
    place: Place


@dataclass(frozen=True, slots=True)
class NoOverlap:
    """No two records with the same `per` have overlapping [start, end] ranges."""

    start: str
    end: str
    per: tuple[str, ...]
    say: str
    place: Place


RecordRule = OnlyIf | Unique | NoOverlap


@dataclass(frozen=True, slots=True)
class Item:
    """A declared row: values typed for their fields; refs stay codes or keys, resolved on apply.

    `state` is where the row begins when it is made (else at the workflow's start); from then on its state is the
    workflow's business and no apply changes it.
    """

    code: str
    values: Mapping[str, object]
    places: Mapping[str, Place]
    place: Place
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Portal:
    """What of the entity the enterprise's window shows."""

    fields: tuple[str, ...]
    create: bool
    track: bool
    states: tuple[str, ...]
    actions: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record.

    `fields` are the declared ones in their written order; `system` the ones always there (and those that its
    traits bring). `field()` finds either.
    """

    key: str
    label: str
    place: Place
    fields: Mapping[str, Field]
    system: Mapping[str, Field]
    group: str = ""
    icon: str = ""
    help: str = ""
    number: NumberPattern | None = None
    title: str = ""  # field key; the number or id where empty
    list: tuple[str, ...] = ()
    filter: tuple[str, ...] = ()
    form: tuple[Section, ...] = ()
    order: tuple[Order, ...] = ()
    details: tuple[Detail, ...] = ()
    attachments: bool = False
    rules: tuple[RecordRule, ...] = ()
    portal: Portal | None = None
    items: tuple[Item, ...] = ()
    workflow: str | None = None
    sla: Sla | None = None
    dispatch: Dispatch | None = None
    booking: Booking | None = None
    match: Match | None = None
    rating: Rating | None = None
    was: str | None = None

    def field(self, key: str) -> Field | None:
        """The declared or system field with this key."""
        return self.fields.get(key) or self.system.get(key)

    @property
    def live_fields(self) -> Mapping[str, Field]:
        """Declared fields that are not retired."""
        return frozen({key: field for key, field in self.fields.items() if not field.retired})
