"""Typed values as JSON: what history keeps, REST answers and forms are filled with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from app.manifest.model.values import Duration

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def to_json(value: object) -> Json:
    """A value as JSON holds it: Decimal as text (exact), moments as ISO 8601 in UTC, durations as written."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case Duration():
            return str(value)
        case list() | tuple() | set() | frozenset():
            return [to_json(one) for one in value]
        case dict():
            return {str(key): to_json(one) for key, one in value.items()}
    raise TypeError(f"{type(value).__name__} has no form in JSON")
