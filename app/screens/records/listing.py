"""A list as its template draws it: columns, filters with what is chosen, addresses of the pages beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from app.domain.context import Context
from app.domain.filters import ListRequest, sortable
from app.domain.queries import Page, searched_parts
from app.domain.rows import Row
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.screens.records.filter_boxes import PAGING, Args, FilterBox, changed, filter_boxes
from app.screens.records.values import NUMERIC, Cell, cell, unit_of

LOOKED_INTO = (FieldType.LINES, FieldType.NOTE, FieldType.CONDITION, FieldType.FILES)


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


def list_keys(context: Context, entity: Entity) -> tuple[str, ...]:
    """The fields of the list's columns: those said, else the title and the first few short ones."""
    if entity.list:
        said = entity.list
    else:
        short = [
            k
            for k, f in entity.live_fields.items()
            if f.type not in LOOKED_INTO and k != entity.title
        ]
        first = [entity.title] if entity.title else ["number"] if entity.number else []
        said = tuple([*first, *short][:6])
    stored = context.schema.storage[entity.key]
    return tuple(
        key
        for key in said
        if key in stored and not (entity.field(key) or stored[key].field).retired
    )


def make_listing(
    context: Context,
    request: ListRequest,
    page: Page | None,
    args: Args,
    root: str,
    *,
    where_fault: str = "",
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
        filters=tuple(filter_boxes(context, request, args, rows)),
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
