"""What a list is asked for, read from address parameters, and each filter as SQL.

A filter names a field of the entity's `filter` (or a column kept by the platform). Values: `a,b` any of them;
`2026-01-01..2026-02-01` a range with either end open; `empty` or `set`; text is looked for inside the field.
An unknown parameter, field or value is a BadQuery that names it: never all rows by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_

from app.domain import access
from app.domain.comparisons import Comparison
from app.domain.context import Context
from app.domain.errors import BadQuery
from app.domain.facts import check_typed, contains_text, is_set, linked_to, matches, my_ids
from app.manifest.field_values import ValueProblem, read_text
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.schema.columns import SchemaColumns

PAGE_SIZE = 20
PAGE_SIZES = (20, 50, 100)
MAX_SEARCH = 100
OWN_FILTERS = ("id", "number", "created_at", "created_by", "changed_at")
ALWAYS_FILTERS = (*OWN_FILTERS, "state", "due_at", "colour")
KNOWN = frozenset({"q", "order", "after", "before", "size", "retired", "where", "last"})
RANGED = (
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.MONEY,
    FieldType.PERCENT,
    FieldType.DATE,
    FieldType.DATETIME,
    FieldType.TIME,
)


SEARCHED = (
    FieldType.TEXT,
    FieldType.NOTE,
    FieldType.PHONE,
    FieldType.EMAIL,
    FieldType.URL,
    FieldType.CODE,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """One field narrowed to `texts` as they stood in the address."""

    field: Field
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A page of a list: what to show of which entity, in which order, from where.

    `offset` skips so many rows, by reading them: for short distances only. A cursor (`after`) costs nothing.
    """

    entity: Entity
    filters: tuple[Filter, ...] = ()
    search: str = ""
    order: str = ""
    descending: bool = True
    after: str = ""
    before: str = ""
    last: bool = False
    size: int = PAGE_SIZE
    retired: bool = False
    where: str = ""
    comparisons: tuple[Comparison, ...] = ()
    offset: int = 0


def filterable(context: Context, entity: Entity) -> Mapping[str, Field]:
    """What the actor may filter by: declared, always there, refs to pages that show these; private only if clear."""
    details = (d for one in context.manifest.entities.values() for d in one.details)
    shown_on = (detail.field for detail in details if detail.entity == entity.key)
    keys = dict.fromkeys((*entity.filter, *ALWAYS_FILTERS, *shown_on))
    found = {
        key: field for key in keys if (field := entity.field(key)) is not None and not field.retired
    }
    return {key: f for key, f in found.items() if access.clear_everywhere(context, entity.key, key)}


def sortable(context: Context, entity: Entity) -> frozenset[str]:
    """The fields that the actor may sort by: the indexed ones, never a private field that isn't clear."""
    return frozenset(
        key
        for key in context.schema.sortable[entity.key]
        if access.clear_everywhere(context, entity.key, key)
    )


def read_request(
    context: Context, entity: Entity, given: Mapping[str, Sequence[str]]
) -> ListRequest:
    """The request that address parameters make. Raises BadQuery naming the parameter."""
    allowed = filterable(context, entity)
    filters: list[Filter] = []
    for key, texts in given.items():
        if any("\x00" in text for text in texts):
            raise BadQuery(key, "参数含有不可见的空字符")
        if key in KNOWN:
            continue
        field = allowed.get(key)
        if field is None:
            raise BadQuery(key, f"“{entity.label}”的列表不能按“{key[:40]}”筛选")
        parts = tuple(part for text in texts for part in _parts(field, text) if part != "")
        if parts:
            filters.append(Filter(field, parts))
    request = ListRequest(entity, tuple(filters))
    return _paging(context, _searching(request, given), given)


def _parts(field: Field, text: str) -> list[str]:
    """Only keys, ids and the like may be listed with commas; a text may hold one."""
    listed = (
        FieldType.CHOICE,
        FieldType.CHOICES,
        FieldType.REF,
        FieldType.REFS,
        FieldType.CODE,
        FieldType.INTEGER,
    )
    return [part.strip() for part in text.split(",")] if field.type in listed else [text.strip()]


def _one(given: Mapping[str, Sequence[str]], key: str) -> str:
    """The last of a parameter given several times."""
    texts = given.get(key) or [""]
    return texts[-1].strip()


def _searching(request: ListRequest, given: Mapping[str, Sequence[str]]) -> ListRequest:
    search = _one(given, "q")
    if len(search) > MAX_SEARCH:
        raise BadQuery("q", f"搜索内容最多 {MAX_SEARCH} 个字")
    retired = _one(given, "retired")
    if retired not in ("", "yes", "no"):
        raise BadQuery("retired", "retired 只能是 yes 或 no")
    return replace(request, search=search, retired=retired == "yes", where=_one(given, "where"))


def _paging(
    context: Context, request: ListRequest, given: Mapping[str, Sequence[str]]
) -> ListRequest:
    size = _one(given, "size")
    if size and (
        not (size.isascii() and size.isdigit()) or not 1 <= int(size[:9]) <= PAGE_SIZES[-1]
    ):
        raise BadQuery("size", f"每页行数应在 1 到 {PAGE_SIZES[-1]} 之间")
    order = _one(given, "order")
    key, descending = order.removeprefix("-"), order.startswith("-")
    if not order:
        first = request.entity.order[0] if request.entity.order else None
        key, descending = (first.field, first.descending) if first else ("id", True)
    if key not in sortable(context, request.entity) and key != "id":
        if order:
            raise BadQuery("order", f"不能按“{key[:40]}”排序")
        key = "id"
    return replace(
        request,
        order=key,
        descending=descending,
        size=int(size) if size else PAGE_SIZE,
        after=_one(given, "after"),
        before=_one(given, "before"),
        last=_one(given, "last") == "yes",
    )


def filter_sql(context: Context, entity: Entity, narrowed: Filter) -> ColumnElement[bool]:
    """One filter as SQL. Raises BadQuery for a value that the field can't hold."""
    clauses: list[ColumnElement[bool]] = []
    plain: list[str] = []
    for text in narrowed.texts:
        part = _part(context, entity, narrowed.field, text)
        if part is None:
            plain.append(text)
        else:
            clauses.append(part)
    if plain:
        clauses.append(_any_of(context, entity, narrowed.field, plain))
    return or_(*clauses) if len(clauses) > 1 else clauses[0]


def _column(context: Context, entity: Entity, field: Field) -> ColumnElement[Any]:
    return SchemaColumns(context.schema).column(
        access.table(context, entity.key), entity.key, field.key
    )


def _part(context: Context, entity: Entity, field: Field, text: str) -> ColumnElement[bool] | None:
    """`empty`, `set`, a range or text inside; None for one value of an any-of."""
    if text in ("empty", "set") and not field.required:
        found = is_set(context, entity, field)
        return found if text == "set" else not_(found)
    if field.type in RANGED and (".." in text or field.type is FieldType.DATETIME):
        return _range(context, entity, field, text)
    if field.type in SEARCHED and not field.system:
        return contains_text(context, _column(context, entity, field), text)
    return None


def _any_of(
    context: Context, entity: Entity, field: Field, texts: list[str]
) -> ColumnElement[bool]:
    if field.type is FieldType.CHOICES:
        keys = [_choice(field, text) for text in texts]
        typed = " or ".join(f"{field.key} contains {key}" for key in keys)
        return matches(
            context, check_typed(context, entity.key, typed, lambda say: BadQuery(field.key, say))
        )
    if field.type in (FieldType.REF, FieldType.REFS):
        ids = [one for text in texts for one in _ids(context, field, text)]
        if field.type is FieldType.REFS:
            return or_(false(), *(linked_to(context, entity, field, one) for one in ids))
        return _equal(_column(context, entity, field), ids)
    return _equal(_column(context, entity, field), [_value(context, field, text) for text in texts])


def _equal(column: ColumnElement[Any], values: Sequence[object]) -> ColumnElement[bool]:
    """One value stays `column = :value`, which a composite index serves best."""
    return column == values[0] if len(values) == 1 else column.in_(values)


def _choice(field: Field, text: str) -> str:
    if field.choice(text) is None:
        raise BadQuery(field.key, f"“{field.label}”没有“{text[:40]}”这个选项")
    return text


def _ids(context: Context, field: Field, text: str) -> tuple[int, ...]:
    """Ids, or `me`, `my.department`, `my.departments`, `my.post` of the reader."""
    mine = my_ids(context, field, text)
    if mine is not None:
        return mine
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise BadQuery(field.key, f"“{field.label}”的筛选值“{text[:40]}”不对")
    return tuple(access.storable(field.to or "", (int(text),))) or (0,)  # no row has 0


def _value(context: Context, field: Field, text: str) -> object:
    if field.type is FieldType.CHOICE:
        return _choice(field, text)
    try:
        return read_text(field, text, context.zone)
    except ValueProblem as problem:
        raise BadQuery(field.key, f"“{field.label}”：{problem}") from problem


def _range(context: Context, entity: Entity, field: Field, text: str) -> ColumnElement[bool]:
    """Both ends count; a bare date as the end of moments takes the whole day."""
    column = _column(context, entity, field)
    start, _, end = text.partition("..") if ".." in text else (text, "", text)
    clauses: list[ColumnElement[bool]] = []
    low = _bound(context, field, start, ends=False)
    high = _bound(context, field, end, ends=True)
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        raise BadQuery(field.key, f"“{field.label}”的范围颠倒了，应从小到大")
    if low is not None:
        clauses.append(column >= low)
    if high is not None:
        clauses.append(column < high if _whole_day(field, end) else column <= high)
    if not clauses:
        raise BadQuery(field.key, f"“{field.label}”的范围是空的")
    return and_(*clauses)


def _whole_day(field: Field, text: str) -> bool:
    return field.type is FieldType.DATETIME and len(text.strip()) <= 10


def _bound(context: Context, field: Field, text: str, *, ends: bool) -> object:
    text = text.strip()
    if not text:
        return None
    if _whole_day(field, text):
        day = _value(context, replace(field, type=FieldType.DATE), text)
        if isinstance(day, date):
            day = day + timedelta(days=1) if ends else day
            return datetime.combine(day, time(), context.zone).astimezone(UTC)
    return _value(context, field, text)
