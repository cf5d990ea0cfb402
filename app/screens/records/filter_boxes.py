"""The filters over a list: what each may be set to, and what is chosen, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.domain.context import Context
from app.domain.filters import RANGED, Filter, ListRequest, filterable
from app.domain.queries import titles
from app.domain.rows import Row
from app.manifest.model.fields import Field, FieldType
from app.screens.texts import _

PAGING = ("after", "before", "last")
LONGEST_CHOICE = 12  # labels named in a filter before it says how many
Args = Sequence[tuple[str, str]]


def changed(args: Args, **changes: str | None) -> str:
    """`?…` with these parameters instead of those there were; the place in the list is forgotten."""
    kept = [(key, value) for key, value in args if key not in changes and key not in PAGING]
    kept += [(key, value) for key, value in changes.items() if value is not None]
    return f"?{urlencode(kept)}" if kept else "?"


@dataclass(frozen=True, slots=True)
class Option:
    """One box of a filter."""

    value: str
    label: str
    chosen: bool
    retired: bool = False


@dataclass(frozen=True, slots=True)
class FilterBox:
    """A field that the list can be narrowed by, and how it is now."""

    field: Field
    widget: str  # choice, ref, range, text
    options: tuple[Option, ...] = ()
    picked: tuple[Option, ...] = ()
    low: str = ""
    high: str = ""
    text: str = ""
    kind: str = "text"
    said: str = ""  # what is chosen, in words; empty where nothing is
    without: str = ""  # the address without it


def filter_boxes(
    context: Context, request: ListRequest, args: Args, rows: Sequence[Row]
) -> list[FilterBox]:
    """The entity's filters, and those that the address brought along."""
    chosen = {one.field.key: one for one in request.filters}
    allowed = filterable(context, request.entity)
    keys = dict.fromkeys((*request.entity.filter, *chosen))
    boxes = []
    for key in keys:
        field = allowed.get(key)
        if field is not None:
            boxes.append(_box(context, field, chosen.get(key), args, rows))
    return boxes


def _box(
    context: Context, field: Field, chosen: Filter | None, args: Args, rows: Sequence[Row]
) -> FilterBox:
    texts = chosen.texts if chosen else ()
    without = changed(args, **{field.key: None})
    if field.type in (FieldType.REF, FieldType.REFS):
        picked = _picked(context, field, texts, rows)
        return FilterBox(field, "ref", picked=picked, said=_said(picked), without=without)
    if field.type is FieldType.YES_NO or field.choices:
        options = _options(field, texts)
        said = _said([one for one in options if one.chosen])
        return FilterBox(field, "choice", options, said=said, without=without)
    if field.type in RANGED:
        low, high = _ends(texts)
        kinds = {FieldType.DATE: "date", FieldType.DATETIME: "date", FieldType.TIME: "time"}
        kind = kinds.get(field.type, "number")
        said = _range_said(low, high, texts)
        return FilterBox(field, "range", low=low, high=high, kind=kind, said=said, without=without)
    return FilterBox(
        field, "text", text="，".join(texts), said=_word("，".join(texts)), without=without
    )


def _options(field: Field, texts: Sequence[str]) -> tuple[Option, ...]:
    pairs = [(one.key, one.label, one.retired) for one in field.choices]
    if field.type is FieldType.YES_NO:
        pairs = [("yes", _("是"), False), ("no", _("否"), False)]
        texts = [
            {"是": "yes", "true": "yes", "1": "yes", "否": "no", "false": "no"}.get(t, t)
            for t in texts
        ]
    if not field.required:
        pairs.append(("empty", _("未填"), False))
    return tuple(Option(key, label, key in texts, gone) for key, label, gone in pairs)


def _picked(
    context: Context, field: Field, texts: Sequence[str], rows: Sequence[Row]
) -> tuple[Option, ...]:
    """The chosen records by name, taken from the rows that are shown where they stand there anyway."""
    words = {"empty": _("未填"), "set": _("已填"), "me": _("我"), "my.post": _("我的岗位")}
    words |= {"my.department": _("我的部门"), "my.departments": _("我的部门及下级")}
    ids = [int(text) for text in texts if text.isdigit()]
    named: dict[int, str] = {}
    for row in rows:
        value, label = row.values.get(field.key), row.labels.get(field.key)
        if isinstance(value, int) and isinstance(label, str):
            named[value] = label
    missing = [one for one in ids if one not in named]
    found: Mapping[int, str] = titles(context, field.to or "", missing) if missing else {}
    named |= found
    return tuple(
        Option(
            text,
            words.get(text) or named.get(int(text) if text.isdigit() else 0) or _("无匹配"),
            True,
        )
        for text in texts
    )


def _said(options: Sequence[Option]) -> str:
    if len(options) > 2:
        return _("%(first)s 等 %(n)s 项", first=options[0].label, n=len(options))
    return "、".join(_word(one.label) for one in options)


def _word(text: str) -> str:
    return text if len(text) <= LONGEST_CHOICE else f"{text[: LONGEST_CHOICE - 1]}…"


def _ends(texts: Sequence[str]) -> tuple[str, str]:
    text = texts[0] if texts else ""
    if not text or text in ("empty", "set"):
        return "", ""
    low, dots, high = text.partition("..")
    return (low, high) if dots else (text, text)


def _range_said(low: str, high: str, texts: Sequence[str]) -> str:
    if not texts:
        return ""
    if texts[0] in ("empty", "set"):
        return _("未填") if texts[0] == "empty" else _("已填")
    if low == high:
        return low
    if low and high:
        return _("%(low)s 至 %(high)s", low=low, high=high)
    return _("%(low)s 起", low=low) if low else _("至 %(high)s", high=high)
