"""Reading records: one by id, a page of a list, and what a ref may be set to. Everything passes the gate.

Lists turn pages by keyset: "after this row" costs the same at the first page and at the ten thousandth. A count
stops at COUNT_CAP or FOUND_CAP. Every statement has the reader's row scope in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select

from app.domain import access
from app.domain.comparisons import comparison_sql
from app.domain.context import Context
from app.domain.cursor import cursor_of
from app.domain.errors import BadQuery, NotFound
from app.domain.facts import matches, typed_condition
from app.domain.filters import PAGE_SIZE, ListRequest, filter_sql
from app.domain.links import with_links
from app.domain.paging import read_in_order
from app.domain.rows import Row
from app.domain.selecting import TITLE_TYPES, read_rows, selection, title_expression
from app.manifest.model.fields import BUILT_IN_ENTITIES, FieldType
from app.schema.names import column_name
from app.schema.search_index import Search, capped_count, search
from app.schema.search_names import typed_clause

COUNT_CAP = 10_000
FOUND_CAP = (
    2_000  # of a search: each match has to be looked at, where a list is counted in its index
)
CHOICES = 20


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list, how many there are (`capped`: at least so many), and cursors to the pages beside it."""

    rows: tuple[Row, ...]
    count: int
    capped: bool
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class Option:
    """What a ref may be set to."""

    id: int
    label: str


def find(context: Context, entity_key: str, record: int, *, labels: bool = True) -> Row:
    """One record with all its fields, retired ones too. Raises NotFound, also where it is out of scope.

    Without `labels` what its refs point to isn't looked up.
    """
    entity = context.manifest.entities.get(entity_key)
    if entity is None or not access.may(context, entity_key, "read"):
        raise NotFound
    keys = (*entity.fields, *entity.system)
    chosen = selection(context, entity, keys, editable=True, labels=labels)
    table = access.table(context, entity_key)
    statement = chosen.statement.where(table.c.id == record, access.rows(context, entity_key))
    found = context.session.execute(statement).first()
    if found is None:
        raise NotFound
    return with_links(context, entity, read_rows(chosen, [found]), tuple(entity.fields))[0]


def narrowed(context: Context, request: ListRequest) -> tuple[ColumnElement[bool], ...]:
    """The list's conditions but the search: the reader's scope, the filters and the typed condition."""
    entity = request.entity
    table = access.table(context, entity.key)
    live = table.c.retired_at.is_not(None) if request.retired else table.c.retired_at.is_(None)
    clauses: list[ColumnElement[bool]] = [live, access.rows(context, entity.key)]
    clauses += [filter_sql(context, entity, one) for one in request.filters]
    clauses += [comparison_sql(context, entity, one) for one in request.comparisons]
    if request.where:
        clauses.append(matches(context, typed_condition(context, entity.key, request.where)))
    return tuple(clauses)


def searched_parts(context: Context, entity: str) -> tuple[str, ...]:
    """The search indexes that the actor may look into: the open one, and those of private fields seen in clear."""
    parts = (index.part for index in context.schema.searches[entity])
    return tuple(
        part for part in parts if not part or access.clear_everywhere(context, entity, part)
    )


def page(context: Context, request: ListRequest, keys: Iterable[str]) -> Page:
    """One page with these fields. Raises Denied or BadQuery."""
    access.require(context, request.entity.key, "read")
    clauses = narrowed(context, request)
    found_by = _found_by(context, request)
    count = counted(context, request, clauses, found_by)
    if not count and not (request.after or request.before):
        return Page((), 0, False, None, None)
    keys = tuple(keys)
    chosen, found = read_in_order(context, request, keys, clauses, found_by, editable=True)
    backwards = bool(request.before) or request.last
    more = len(found) > request.size
    kept = found[: request.size]
    rows = read_rows(chosen, kept[::-1] if backwards else kept)
    rows = with_links(context, request.entity, rows, keys)
    before = (more if backwards else bool(request.after or request.offset)) and bool(rows)
    after = (more if not backwards else not request.last) and bool(rows)
    return Page(
        rows,
        min(count, cap_of(request)),
        count > cap_of(request),
        cursor_of(request.order, rows[-1]) if after else None,
        cursor_of(request.order, rows[0]) if before else None,
    )


def first_rows(
    context: Context, request: ListRequest, keys: Iterable[str]
) -> tuple[tuple[Row, ...], bool]:
    """The list's first rows and whether there are more; nothing is counted. Raises Denied."""
    access.require(context, request.entity.key, "read")
    keys = tuple(keys)
    chosen, found = read_in_order(context, request, keys, narrowed(context, request))
    rows = read_rows(chosen, found[: request.size])
    return with_links(context, request.entity, rows, keys), len(found) > request.size


def _found_by(context: Context, request: ListRequest) -> Search | None:
    if not request.search:
        return None
    entity = request.entity.key
    parts = searched_parts(context, entity)
    return search(context.session, context.schema, entity, request.search, parts=parts)


def cap_of(request: ListRequest) -> int:
    """Where a count stops."""
    return min(FOUND_CAP, COUNT_CAP) if request.search else COUNT_CAP


def counted(
    context: Context,
    request: ListRequest,
    clauses: Sequence[ColumnElement[bool]],
    found_by: Search | None,
) -> int:
    """How many rows, but at most `cap_of` and one."""
    table, cap = access.table(context, request.entity.key), cap_of(request)
    if found_by is not None:
        return capped_count(context.session, found_by, table, clauses, cap=cap)
    some = select(table.c.id).where(*clauses).limit(cap + 1).subquery()
    return int(context.session.execute(select(func.count()).select_from(some)).scalar_one())


def options(
    context: Context, target: str, typed: str, *, also: Sequence[int] = ()
) -> tuple[Option, ...]:
    """What a ref to `target` may be set to: matching what was typed (Chinese or pinyin initials), or the newest.

    `also` are ids to name whatever was typed (present values), as far as they may be seen.
    """
    table = access.table(context, target)
    statement = select(table.c.id, title_expression(context, target, table))
    clauses: Sequence[ColumnElement[bool]] = [access.rows(context, target)]
    if also:
        named_ids = access.storable(target, also)
        named = context.session.execute(statement.where(*clauses, table.c.id.in_(named_ids))).all()
        return tuple(Option(int(id_), str(text)) for id_, text in named)
    if "retired_at" in table.c:
        clauses = [*clauses, table.c.retired_at.is_(None)]
    typed = typed.strip()[:100]
    if typed:
        clauses = _typed(context, target, typed, clauses)
    order = table.c.position if "position" in table.c else table.c.id.desc()
    found = context.session.execute(statement.where(*clauses).order_by(order).limit(CHOICES)).all()
    return tuple(Option(int(id_), str(text)) for id_, text in found)


def _typed(
    context: Context, target: str, typed: str, clauses: Sequence[ColumnElement[bool]]
) -> Sequence[ColumnElement[bool]]:
    """Rows whose title, number or searchable fields hold what was typed, or whose title begins so in pinyin."""
    session, schema = context.session, context.schema
    if target in BUILT_IN_ENTITIES:
        return [*clauses, typed_clause(session, schema, target, typed)]
    parts = searched_parts(context, target)
    return search(session, schema, target, typed, parts=parts, initials=True).narrow(clauses)


def titles(context: Context, target: str, ids: Iterable[int]) -> Mapping[int, str]:
    """Titles of records by id, those that the actor may see."""
    wanted = tuple(set(ids))
    return (
        {option.id: option.label for option in options(context, target, "", also=wanted)}
        if wanted
        else {}
    )


def child_request(
    context: Context, child: str, field: str, parent: int, *, size: int = PAGE_SIZE
) -> ListRequest:
    """The list of the records whose ref `field` points to the parent."""
    from app.domain.filters import Filter

    entity = context.manifest.entities[child]
    ref = entity.field(field)
    if ref is None:
        raise BadQuery(field, "没有这个字段")
    first = entity.order[0] if entity.order else None
    order, down = (first.field, first.descending) if first else ("id", True)
    return ListRequest(
        entity, (Filter(ref, (str(parent),)),), order=order, descending=down, size=size
    )


def by_code(context: Context, target: str, text: str) -> int | None:
    """The one visible row named so: by its key or username, else its code field, else its title. None if unclear."""
    table = access.table(context, target)
    for column in _naming_columns(context, target, table):
        query = select(table.c.id).where(column == text, access.rows(context, target)).limit(2)
        found = context.session.scalars(query).all()
        if found:
            return int(found[0]) if len(found) == 1 else None
    return None


def _naming_columns(context: Context, target: str, table: Table) -> list[ColumnElement[Any]]:
    if target in BUILT_IN_ENTITIES:
        return [table.c.username if target == "user" else table.c.key]
    entity = context.manifest.entities[target]
    codes = [field.key for field in entity.live_fields.values() if field.type is FieldType.CODE]
    keys = [
        *codes,
        *([entity.title] if entity.title else []),
        *(["number"] if entity.number else []),
    ]
    stored = context.schema.storage[target]
    # Typing a private value until a record answers would be reading it.
    seen = (key for key in keys if access.clear_everywhere(context, target, key))
    spots = [spot for key in seen if (spot := stored.get(key)) is not None]
    # A title that is a ref or a date is no text to compare with.
    return [s.column for s in spots if s.column is not None and s.field.type in TITLE_TYPES]


def has_own_records(context: Context, entity_key: str) -> bool:
    """Whether somebody registered records of this entity, beside its declared rows."""
    table = access.table(context, entity_key)
    declared = [item.code for item in context.manifest.entities[entity_key].items]
    query = select(table.c.id).limit(1)
    codes = [
        f for f in context.manifest.entities[entity_key].fields.values() if f.type is FieldType.CODE
    ]
    if declared and codes:
        query = query.where(table.c[column_name(codes[0])].not_in(declared))
    return context.session.scalar(query) is not None
