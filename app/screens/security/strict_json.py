"""JSON bodies read strictly: what two readers could read differently is refused."""

from __future__ import annotations

import json
from typing import Any

from flask.json.provider import DefaultJSONProvider

DEEPEST = 32


class StrictJson(DefaultJSONProvider):
    """Refuses a key said twice, NaN and Infinity, NUL and lone surrogates in texts, and deep nesting."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises ValueError, which Flask answers with 400."""
        try:
            value = json.loads(s, object_pairs_hook=_once, parse_constant=_no_number)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        _check(value, DEEPEST)
        return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _check(value: object, depth: int) -> None:
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_text(key)
            _check(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth - 1)
    elif isinstance(value, str):
        _check_text(value)


def _check_text(text: str) -> None:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("a character that no text has")
