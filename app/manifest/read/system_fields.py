"""Fields that traits bring to an entity: kept by the platform, read like any other."""

from __future__ import annotations

from collections.abc import Iterable

from app.manifest.model.escalations import COLOURS
from app.manifest.model.fields import Choice, Field, FieldType
from app.place import Place

COLOUR_LABELS = {"blue": "蓝色", "yellow": "黄色", "red": "红色"}


def system_field(
    key: str,
    label: str,
    type_: FieldType,
    place: Place,
    *,
    to: str | None = None,
    choices: Iterable[Choice] = (),
    targets: tuple[str, ...] = (),
) -> Field:
    """A field that the platform writes itself."""
    return Field(
        key,
        label,
        type_,
        place,
        read_only=True,
        to=to,
        choices=tuple(choices),
        targets=targets,
        system=True,
    )


def clock_fields(key: str, label: str, place: Place) -> tuple[Field, Field]:
    """`KEY.due_at` and `KEY.stopped_at` of one clock."""
    return (
        system_field(f"{key}.due_at", f"{label}·截止", FieldType.DATETIME, place),
        system_field(f"{key}.stopped_at", f"{label}·停表", FieldType.DATETIME, place),
    )


def colour_field(place: Place) -> Field:
    """`colour`: the gravest that an escalation has shown."""
    choices = (Choice(key, COLOUR_LABELS[key], place) for key in COLOURS)
    return system_field("colour", "亮牌", FieldType.CHOICE, place, choices=choices)
