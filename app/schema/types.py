"""Column types that mean the same on SQLite and PostgreSQL, to the last digit and in the same order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

from app.manifest.model.values import Duration, Unit

# SQLite numbers its rows only where the key is exactly INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")

_UNIT_LETTERS = {Unit.MINUTES: "m", Unit.HOURS: "h", Unit.WORKDAYS: "w", Unit.DAYS: "d"}
_LETTER_UNITS = {letter: unit for unit, letter in _UNIT_LETTERS.items()}


class PlainText(TypeDecorator[str]):
    """Text that compares and sorts by code point; an empty one is stored as NULL."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(String(collation="C"))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value or None


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: only aware ones go in, UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone: {value}")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class ScaledDecimal(TypeDecorator[Decimal]):
    """An exact decimal with `places` digits shown. SQLite has none, so there it is an integer of `scale` places.

    Compare, sum, min and max it; other arithmetic in SQL would mix scaled and plain numbers.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, places: int, scale: int) -> None:
        super().__init__()
        self.places = places
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        exact = dialect.name == "postgresql"
        return dialect.type_descriptor(Numeric(asdecimal=True) if exact else BigInteger())

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        number = Decimal(value)
        if dialect.name == "postgresql":
            return number
        scaled = number.scaleb(self.scale)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"more than {self.scale} decimal places: {value}")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        number = value if dialect.name == "postgresql" else Decimal(value).scaleb(-self.scale)
        return Decimal(number).quantize(Decimal(1).scaleb(-self.places))


class DurationText(TypeDecorator[Duration]):
    """`w00000003` is three workdays: within one unit, text order is the order of the amounts."""

    impl = PlainText
    cache_ok = True

    def process_bind_param(self, value: Duration | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{_UNIT_LETTERS[value.unit]}{value.amount:08d}"

    def process_result_value(self, value: Any, dialect: Dialect) -> Duration | None:
        return Duration(int(value[1:]), _LETTER_UNITS[value[0]]) if value else None


class TextList(TypeDecorator[tuple[str, ...]]):
    """A list of short texts (`choices`, `lines`) as JSON; an empty one is stored as NULL and read as None."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:
        return list(value) or None if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...] | None:
        return tuple(value) if value else None


def json_column_type() -> TypeEngine[Any]:
    """JSON as the database keeps it best; for the platform's own tables."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
