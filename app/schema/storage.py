"""How one field is kept: its column, its attribute, or the table beside the record's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Table, Time
from sqlalchemy.types import TypeEngine

from app.manifest.field_values import decimal_places
from app.manifest.model.fields import Field, FieldType
from app.schema.types import DurationText, PlainText, ScaledDecimal, TextList, UtcDateTime

T = FieldType
# More places than these are rare; up to them a change of `places` touches no stored value.
USUAL_SCALE = {T.MONEY: 4, T.PERCENT: 4, T.DECIMAL: 6}
MAX_SCALE = 6


class Kind(Enum):
    """Where a field's value is."""

    COLUMN = "column"  # in a column of the entity's table
    LINKS = "links"  # in an association table: `refs`
    FILES = "files"  # in the platform's attachments


@dataclass(frozen=True, slots=True)
class Storage:
    """Where the value of `field` is found.

    `column` is None unless the kind is COLUMN. `attribute` is the model's attribute of the value (`enterprise_id`,
    `finish__due_at`; for LINKS the list of records), `relation` that of the record a ref points to.
    `links` has the columns `record_id` and `target_id`.
    """

    field: Field
    kind: Kind
    attribute: str
    column: Column[Any] | None = None
    relation: str | None = None
    links: Table | None = None


def column_type(field: Field) -> TypeEngine[Any]:
    """The type of a field's column. Not for `refs` and `files`, which have none."""
    if field.type in USUAL_SCALE:
        return ScaledDecimal(decimal_places(field), scale(field))
    if field.type is T.REF:
        return Integer() if field.to in ("user", "department", "post") else BigInteger()
    return _TYPES.get(field.type, PlainText)()


def scale(field: Field) -> int:
    """Decimal places kept in the database, at least those shown."""
    usual = USUAL_SCALE[field.type]
    return usual if decimal_places(field) <= usual else MAX_SCALE


_TYPES: Mapping[FieldType, Callable[[], TypeEngine[Any]]] = {
    T.INTEGER: BigInteger,
    T.YES_NO: Boolean,
    T.DATE: Date,
    T.DATETIME: UtcDateTime,
    T.TIME: Time,
    T.DURATION: DurationText,
    T.CHOICES: TextList,
    T.LINES: TextList,
}

_TEXTS = (T.TEXT, T.NOTE, T.PHONE, T.EMAIL, T.URL, T.ID_CARD, T.CREDIT_CODE, T.CODE)


def shape(field: Field) -> str:
    """What the stored values look like: fields of one shape can take over each other's column as it is."""
    if field.type in _TEXTS:
        return "text"
    if field.type in USUAL_SCALE:
        return f"decimal {scale(field)}"
    if field.type in (T.REF, T.REFS):
        return f"{field.type} {field.to}"
    return str(field.type)
