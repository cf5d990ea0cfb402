"""A list's form sends empty boxes, both ends of ranges and typed names; its address should say none of these."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from app.domain.context import Context
from app.domain.filters import filterable
from app.domain.queries import by_code, options
from app.manifest.model.entities import Entity

NO_RECORD = "0"  # no id: what was typed names nothing, so nothing is listed


def needs_tidying(args: MultiDict[str, str]) -> bool:
    """Whether the address came from the form rather than from a link."""
    return any("~" in key or value == "" for key, value in args.items(multi=True))


def tidied(context: Context, entity: Entity, args: MultiDict[str, str]) -> str:
    """The same question as a plain query string."""
    allowed = filterable(context, entity)
    kept = [
        (key, value) for key, value in args.items(multi=True) if "~" not in key and value.strip()
    ]
    for key in dict.fromkeys(name.partition("~")[0] for name in args if "~" in name):
        field = allowed.get(key)
        if field is None:
            continue
        low, high = (args.get(f"{key}~{end}", "").strip() for end in ("from", "to"))
        if low or high:
            kept.append((key, f"{low}..{high}"))
        typed = args.get(f"{key}~typed", "").strip()
        if typed and typed != args.get(f"{key}~shown", "").strip():
            kept = [pair for pair in kept if pair[0] != key]
            kept += [(key, one) for one in _named(context, field.to or "", typed)]
    return urlencode(kept)


def _named(context: Context, target: str, typed: str) -> list[str]:
    """Ids of what is named so exactly, else of everything that fits."""
    exact = by_code(context, target, typed)
    if exact is not None:
        return [str(exact)]
    return [str(one.id) for one in options(context, target, typed)] or [NO_RECORD]


def plain(args: MultiDict[str, str]) -> Mapping[str, list[str]]:
    """Every parameter with all its values."""
    return {key: args.getlist(key) for key in args}
