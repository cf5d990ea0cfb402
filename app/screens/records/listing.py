"""A list as its template draws it: columns, filters with what is chosen, addresses of the pages beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.domain.context import Context
from app.domain.filters import RANGED, Filter, ListRequest, filterable, sortable
from app.domain.queries import Page, searched_parts, titles
from app.domain.rows import Row
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.screens.records.values import NUMERIC, Cell, cell, unit_of
from app.screens.texts import _

PAGING = ("after", "before", "last")
LONGEST_CHOICE = 12  # labels named in a filter before it says how many
LOOKED_INTO = (FieldType.LINES, FieldType.NOTE, FieldType.CONDITION, FieldType.FILES)

Args = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; `order` is the address that sorts by it, `sorted` how it is sorted now."""

    field: Field
    label: str
    numeric: bool
    href: str = ""
    sorted: str = ""  # ascending, descending
    main: bool = False  # leads to the record


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


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells in the order of the columns."""

    row: Row
    title: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything a list's page shows."""

    entity: Entity
    request: ListRequest
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    filters: tuple[FilterBox, ...]
    page: Page | None
    args: Args
    searchable: bool
    where_fault: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything is searched for or filtered."""
        return bool(self.request.filters or self.request.search or self.request.where)

    @property
    def kept(self) -> Args:
        """What the address says beside filters, search and place: it stays when those change."""
        return [(key, value) for key, value in self.args if key in ("order", "size", "retired")]

    def href(self, **changes: str | None) -> str:
        """This list's address with some parameters changed (None: left out), from its first page on."""
        return changed(self.args, **changes)

    @property
    def cleared(self) -> str:
        """This list without search and filters."""
        return f"?{urlencode(self.kept)}"

    @property
    def query(self) -> str:
        """What a saved filter keeps: all but the place in the list."""
        return urlencode([pair for pair in self.args if pair[0] not in PAGING])


def changed(args: Args, **changes: str | None) -> str:
    """`?…` with these parameters instead of those there were; the place in the list is forgotten."""
    kept = [(key, value) for key, value in args if key not in changes and key not in PAGING]
    kept += [(key, value) for key, value in changes.items() if value is not None]
    return f"?{urlencode(kept)}" if kept else "?"


def list_keys(context: Context, entity: Entity) -> tuple[str, ...]:
    """The fields of the list's columns: those said, else the title and the first few short ones."""
    if entity.list:
        said = entity.list
    else:
        short = [k for k, f in entity.live_fields.items() if f.type not in LOOKED_INTO and k != entity.title]
        first = [entity.title] if entity.title else ["number"] if entity.number else []
        said = tuple([*first, *short][:6])
    stored = context.schema.storage[entity.key]
    return tuple(key for key in said if key in stored and not (entity.field(key) or stored[key].field).retired)


def make_listing(
    context: Context, request: ListRequest, page: Page | None, args: Args, root: str, *, where_fault: str = ""
) -> Listing:
    """The list of a page of rows; `page` is None where the typed condition can't be read."""
    entity = request.entity
    keys = list_keys(context, entity)
    rows = page.rows if page else ()
    return Listing(
        entity=entity,
        request=request,
        columns=_columns(context, request, keys, args),
        lines=tuple(_line(context, entity, row, keys, root) for row in rows),
        filters=tuple(_boxes(context, request, args, rows)),
        page=page,
        args=args,
        searchable=bool(searched_parts(context, entity.key)),
        where_fault=where_fault,
    )


def lead_key(entity: Entity, keys: Sequence[str]) -> str:
    """The column that leads to the record: the title's, else the number's, else the first."""
    return next((key for key in (entity.title, "number") if key in keys), keys[0] if keys else "")


def _columns(
    context: Context, request: ListRequest, keys: Sequence[str], args: Args
) -> tuple[Column, ...]:
    entity, by = request.entity, sortable(context, request.entity)
    lead = lead_key(entity, keys)
    columns = []
    for key in keys:
        field = entity.field(key)
        if field is None:
            continue
        now = ("descending" if request.descending else "ascending") if request.order == key else ""
        turned = key if now == "descending" else f"-{key}" if now else _first_order(field)
        columns.append(
            Column(
                field,
                _heading(field),
                field.type in NUMERIC,
                changed(args, order=turned) if key in by else "",
                now,
                key == lead,
            )
        )
    return tuple(columns)


def _first_order(field: Field) -> str:
    """What one looks for first: the newest moment, the largest number, texts from the beginning."""
    large = field.type in NUMERIC or field.type is FieldType.DATETIME
    return f"-{field.key}" if large else field.key


def _heading(field: Field) -> str:
    unit = unit_of(field) if field.type in NUMERIC and field.unit else ""
    return f"{field.label} ({unit})" if unit else field.label


def _line(context: Context, entity: Entity, row: Row, keys: Sequence[str], root: str) -> Line:
    cells = []
    for key in keys:
        field = entity.field(key)
        if field is not None:
            found = cell(context, entity, field, row)
            if found.kind == "num" and field.unit:
                found = Cell("num", found.text.removesuffix(f" {field.unit}"))
            cells.append(found)
    return Line(row, row.title(entity), f"{root}/show/{row.id}", tuple(cells))


def _boxes(
    context: Context, request: ListRequest, args: Args, rows: Sequence[Row]
) -> list[FilterBox]:
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
    return FilterBox(field, "text", text="，".join(texts), said=_word("，".join(texts)), without=without)


def _options(field: Field, texts: Sequence[str]) -> tuple[Option, ...]:
    pairs = [(one.key, one.label, one.retired) for one in field.choices]
    if field.type is FieldType.YES_NO:
        pairs = [("yes", _("是"), False), ("no", _("否"), False)]
        texts = [{"是": "yes", "true": "yes", "1": "yes", "否": "no", "false": "no"}.get(t, t) for t in texts]
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
        Option(text, words.get(text) or named.get(int(text) if text.isdigit() else 0) or _("无匹配"), True)
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
