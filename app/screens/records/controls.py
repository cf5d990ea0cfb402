"""The controls of a form: which widget a field gets, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from app.domain.context import Context
from app.domain.rows import Row
from app.domain.showing import Showing
from app.manifest.field_values import DEFAULT_MAX_LENGTH
from app.manifest.model.entities import Entity, Section
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import Duration
from app.screens.records.values import text_of, unit_of

SHORT_CHOICE = 5  # up to so many choices are shown at once
TWO_COLUMNS_FROM = 13

# Field type: widget, type of its input, its keyboard.
PLAIN: Mapping[FieldType, tuple[str, str, str]] = {
    FieldType.INTEGER: ("input", "text", "numeric"),
    FieldType.DECIMAL: ("input", "text", "decimal"),
    FieldType.MONEY: ("input", "text", "decimal"),
    FieldType.PERCENT: ("input", "text", "decimal"),
    FieldType.DATE: ("input", "text", "numeric"),
    FieldType.DATETIME: ("input", "text", "numeric"),
    FieldType.TIME: ("input", "text", "numeric"),
    FieldType.PHONE: ("input", "tel", ""),
    FieldType.EMAIL: ("input", "email", ""),
    FieldType.URL: ("input", "url", ""),
    FieldType.NOTE: ("area", "", ""),
    FieldType.LINES: ("area", "", ""),
    FieldType.CONDITION: ("condition", "", ""),
    FieldType.DURATION: ("duration", "text", "numeric"),
    FieldType.REF: ("ref", "", ""),
    FieldType.REFS: ("refs", "", ""),
    FieldType.FILES: ("files", "", ""),
    FieldType.CHOICES: ("boxes", "", ""),
}
HINTS = {
    FieldType.DATE: "2026-03-02",
    FieldType.DATETIME: "2026-03-02 09:00",
    FieldType.TIME: "08:30",
}
WIDE = frozenset({"area", "condition", "boxes", "files", "refs"})
MASKABLE = frozenset({"input", "area"})  # others show what they hide as text, and keep it


SHOWN = Showing(visible=True, required=False)


@dataclass(frozen=True, slots=True)
class Picked:
    """A record or file that stands in a control."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Control:
    """One field of a form. `value` is what stands in its input, as text; `chosen` keys or ids where there are several.

    `found` are the records that fit what was typed, where it fitted more than one.
    """

    field: Field
    widget: str
    type: str = "text"
    keyboard: str = ""
    value: str = ""
    unit: str = ""
    typed: str = ""
    chosen: tuple[str, ...] = ()
    picked: tuple[Picked, ...] = ()
    found: tuple[Picked, ...] = ()
    error: str = ""
    showing: Showing = SHOWN
    masked: bool = False
    shown: str = ""  # for what can't be changed here

    @property
    def name(self) -> str:
        return self.field.key

    @property
    def wide(self) -> bool:
        return self.widget in WIDE

    @property
    def hint(self) -> str:
        """How a date is written: a browser's own control would show it in the browser's language."""
        return HINTS.get(self.field.type, "") if self.widget == "input" and not self.masked else ""

    @property
    def longest(self) -> int | None:
        return self.field.max_length or DEFAULT_MAX_LENGTH.get(self.field.type)

    @property
    def options(self) -> list[tuple[str, str]]:
        """What may be chosen: live choices, and retired ones that stand here already."""
        return [
            (one.key, one.label)
            for one in self.field.choices
            if not one.retired or one.key == self.value or one.key in self.chosen
        ]


@dataclass(frozen=True, slots=True)
class FormSection:
    label: str
    controls: tuple[Control, ...]


def sections_of(entity: Entity, other: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """All live fields by section: as the form says, the rest under `other`."""
    said = [(one.label, _live(entity, one)) for one in entity.form]
    placed = {key for _, keys in said for key in keys}
    rest = tuple(key for key in entity.live_fields if key not in placed)
    return tuple((label, keys) for label, keys in (*said, (other, rest)) if keys)


def form_sections(entity: Entity) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a form asks: the sections said, else every field; what must be filled in is never left out."""
    if not entity.form:
        return (("", tuple(entity.live_fields)),)
    said = [(one.label, _live(entity, one)) for one in entity.form]
    placed = {key for _, keys in said for key in keys}
    needed = tuple(key for key, f in entity.live_fields.items() if f.required and key not in placed)
    return tuple((label, keys) for label, keys in (*said, ("", needed)) if keys)


def _live(entity: Entity, section: Section) -> tuple[str, ...]:
    return tuple(key for key in section.fields if key in entity.live_fields)


def widget_of(field: Field) -> str:
    """Which macro draws the field."""
    if field.type is FieldType.YES_NO:
        return "radio"
    if field.type is FieldType.CHOICE:
        live = [one for one in field.choices if not one.retired]
        return "radio" if len(live) <= SHORT_CHOICE else "select"
    return PLAIN.get(field.type, ("input", "text", ""))[0]


def control(context: Context, field: Field, value: object, row: Row) -> Control:
    """A field with a typed value in it."""
    masked = field.key in row.masked
    _, kind, keyboard = PLAIN.get(field.type, ("input", "text", ""))
    made = Control(field, widget_of(field), kind, keyboard, unit=unit_of(field), masked=masked)
    if masked:
        if made.widget not in MASKABLE:
            return replace(made, widget="fixed", shown=str(value or ""))
        return replace(made, type="text", value=str(value or ""))
    if field.read_only:
        return replace(made, widget="fixed", shown=_fixed(field, value, row))
    return _with_value(context, made, value, row)


def _fixed(field: Field, value: object, row: Row) -> str:
    labels = row.labels.get(field.key)
    if labels:
        return labels if isinstance(labels, str) else "、".join(labels)
    return text_of(field, value)


def _with_value(context: Context, made: Control, value: object, row: Row) -> Control:
    field = made.field
    labels = row.labels.get(field.key)
    match field.type:
        case FieldType.REF:
            label = labels if isinstance(labels, str) else f"#{value}"
            picked = (Picked(str(value), label),) if value is not None else ()
            return replace(
                made, value=str(value or ""), typed=picked[0].label if picked else "", picked=picked
            )
        case FieldType.REFS | FieldType.FILES:
            ids = value if isinstance(value, tuple) else ()
            texts = labels if isinstance(labels, tuple) else tuple(f"#{one}" for one in ids)
            pairs = tuple(Picked(str(i), text) for i, text in zip(ids, texts, strict=False))
            return replace(made, picked=pairs)
        case FieldType.CHOICES:
            return replace(made, chosen=tuple(value) if isinstance(value, tuple) else ())
        case FieldType.DURATION if isinstance(value, Duration):
            return replace(made, value=str(value.amount), unit=value.unit.value)
        case _:
            return replace(made, value=written(context, field, value))


def written(context: Context, field: Field, value: object) -> str:
    """A value as it stands in an input."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(context.zone).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            text = f"{value:f}"
            plain = text.rstrip("0").rstrip(".") if "." in text else text
            return text if field.type is FieldType.MONEY and field.places is None else plain
        case tuple():
            return "\n".join(str(one) for one in value)
        case _:
            return str(value)


def make_controls(
    context: Context,
    entity: Entity,
    values: Mapping[str, object],
    row: Row,
    shown: Mapping[str, Showing],
    *,
    new: bool = False,
) -> tuple[FormSection, ...]:
    """The form's sections filled with typed values. A new record isn't asked for what can't be changed."""
    made = []
    for label, keys in form_sections(entity):
        fields = [entity.fields[key] for key in keys]
        controls = tuple(
            replace(control(context, one, values.get(one.key), row), showing=shown[one.key])
            for one in fields
            if not (new and one.read_only)
        )
        if controls:
            made.append(FormSection(label, controls))
    return tuple(made)


def flat(sections: Sequence[FormSection]) -> list[Control]:
    """All controls of a form."""
    return [one for section in sections for one in section.controls]
