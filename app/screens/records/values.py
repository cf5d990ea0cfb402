"""A record's values as people read them: each becomes a Cell, which one template macro draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import cast

from flask import request

from app.domain.access import may
from app.domain.context import Context
from app.domain.rows import Row
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field, FieldType
from app.manifest.model.values import Duration, Unit
from app.screens.texts import _, _l
from app.screens.wording import NOTHING, day, moment, yes_no

NUMERIC = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT)
LONG = (FieldType.NOTE, FieldType.LINES, FieldType.CONDITION, FieldType.FILES, FieldType.REFS)
GROUPED_FROM = 10_000  # a year has no thousands separator
TONES = {"blue": "info", "yellow": "warn", "red": "danger", "green": "ok"}
UNITS = {
    Unit.MINUTES: _l("分钟"),
    Unit.HOURS: _l("小时"),
    Unit.WORKDAYS: _l("个工作日"),
    Unit.DAYS: _l("个自然日"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things in a cell; with an address it is a link."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value to be drawn. `kind` chooses how: empty, text, num, badge, refs, tags, lines, note, code, link, masked."""

    kind: str
    text: str = ""
    parts: tuple[Part, ...] = ()
    href: str = ""
    tone: str = ""


EMPTY = Cell("empty", NOTHING)


def cell(context: Context, entity: Entity, field: Field, row: Row) -> Cell:
    """The value of one field of a row, as its reader may see it."""
    value = row.values.get(field.key)
    if value is None or value == ():
        return EMPTY
    if field.key in row.masked:
        return Cell("masked", str(value))
    if field.type in (FieldType.REF, FieldType.REFS, FieldType.FILES):
        return _linked(context, entity, field, row, value)
    return plain_cell(context, entity, field, value)


def plain_cell(context: Context, entity: Entity, field: Field, value: object) -> Cell:
    """A typed value that points to nothing."""
    match field.type:
        case FieldType.CHOICE:
            return _choice(context, entity, field, str(value))
        case FieldType.CHOICES:
            return Cell("tags", parts=tuple(Part(_label(field, key)) for key in _texts(value)))
        case FieldType.LINES:
            return Cell("lines", parts=tuple(Part(line) for line in _texts(value)))
        case FieldType.NOTE:
            return Cell("note", str(value))
        case FieldType.CONDITION:
            return Cell("code", str(value))
        case FieldType.URL:
            return Cell("link", str(value), href=str(value))
        case FieldType.EMAIL:
            return Cell("link", str(value), href=f"mailto:{value}")
        case _ if field.type in NUMERIC:
            return Cell("num", f"{number(field, value)}{suffix(field)}")
        case _:
            return Cell("text", text_of(field, value))


def text_of(field: Field, value: object) -> str:
    """Any value of a field as one line of text."""
    match value:
        case None | "" | ():
            return NOTHING
        case bool():
            return yes_no(value)
        case datetime():
            return moment(value)
        case time():
            return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
        case Duration(amount=0):
            return _("即办")
        case Duration():
            return f"{value.amount} {UNITS[value.unit]}" if value.unit in UNITS else str(value)
        case tuple() | list():
            return "、".join(_label(field, str(one)) for one in value)
        case int() | Decimal() if field.type in NUMERIC:
            return f"{number(field, value)}{suffix(field)}"
        case str() if field.choices:
            return _label(field, value)
        case _:
            return day(value) if field.type is FieldType.DATE else str(value)  # type: ignore[arg-type]


def number(field: Field, value: object) -> str:
    """`12,345.60`, `60`: separators from ten thousand on, no zeros that say nothing."""
    if isinstance(value, Decimal):
        if field.type is FieldType.MONEY and field.places is None:
            return f"{value:,.2f}"
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    whole = cast(int, value)
    return f"{whole:,}" if abs(whole) >= GROUPED_FROM or field.unit else str(whole)


def suffix(field: Field) -> str:
    """` 万元`, `%` or nothing."""
    if field.type is FieldType.PERCENT:
        return "%"
    unit = unit_of(field)
    return f" {unit}" if unit else ""


def unit_of(field: Field) -> str:
    """What the number counts, where it counts something."""
    if field.type is FieldType.PERCENT:
        return "%"
    return field.unit or (_("元") if field.type is FieldType.MONEY else "")


def _label(field: Field, key: str) -> str:
    known = field.choice(key)
    return known.label if known is not None else key


def _texts(value: object) -> Sequence[str]:
    return [str(one) for one in value] if isinstance(value, tuple | list) else [str(value)]


def _choice(context: Context, entity: Entity, field: Field, key: str) -> Cell:
    if field.key == "state" and field.system and entity.workflow:
        return Cell("badge", _label(field, key), tone=state_tone(context, entity, key))
    if field.key == "colour" and field.system:
        return Cell("badge", _label(field, key), tone=TONES.get(key, "neutral"))
    return Cell("text", _label(field, key))


def state_tone(context: Context, entity: Entity, state: str) -> str:
    """Open circle where it begins, a tick where it ends, a dot on the way."""
    workflow = context.manifest.workflows[entity.workflow or ""]
    known = workflow.states.get(state)
    if known is not None and known.final:
        return "ok"
    return "neutral" if state == workflow.start else "info"


def _linked(context: Context, entity: Entity, field: Field, row: Row, value: object) -> Cell:
    labels = row.labels.get(field.key, ())
    ids = value if isinstance(value, tuple) else (value,)
    texts = labels if isinstance(labels, tuple) else (labels,)
    if field.type is FieldType.FILES:
        root = f"{request.script_root}/{entity.key}/file/"
        parts = tuple(Part(text, f"{root}{id_}") for id_, text in zip(ids, texts, strict=False))
        return Cell("files", parts=parts)
    open_ = field.to not in BUILT_IN_ENTITIES and bool(may(context, field.to or "", "read"))
    root = f"{request.script_root}/{field.to}/show/"
    parts = tuple(
        Part(text or f"#{id_}", f"{root}{id_}" if open_ else "")
        for id_, text in zip(ids, texts, strict=False)
    )
    return Cell("refs", parts=parts) if parts else EMPTY
