"""Typed values as JSON holds them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from app.manifest.model.values import Duration


def to_json(value: object) -> Any:
    """Decimal as text (exact), moments as ISO 8601 in UTC, durations as written, lists as lists."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case Duration():
            return str(value)
        case tuple() | list():
            return [to_json(one) for one in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")
