"""Which indexes an entity needs: one for everything that is filtered, sorted, kept unique or pointed by.

A list shows rows that aren't retired, filtered by a few equalities, sorted by one column, ties broken by id. So for
each equality filter there is an index (filter, order, id), for each pair of the first few (filter, filter, order, id),
and for the plain list (order, id). The first day or moment among the filters is sorted by as well: the first two
equality filters, and both together, have it as their order too. All of them leave retired rows out, and end in what
row scopes read, so that each page is found and counted in one index alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import Index, Table, text

from app.condition.tree import Condition
from app.manifest.model.entities import Entity, Unique
from app.manifest.model.fields import FieldType
from app.schema.names import index_name
from app.schema.storage import Kind, Storage

EQUALITY = (FieldType.CHOICE, FieldType.REF, FieldType.YES_NO)
NOT_INDEXED = (FieldType.NOTE, FieldType.CHOICES, FieldType.LINES, FieldType.CONDITION)
MOMENTS = (FieldType.DATE, FieldType.DATETIME)
PAIRED = 3  # the first filters are those people use together; more pairs would cost every save
PAIRED_BY_DAY = 2
COVERED = 3  # columns of row scopes that are carried along
LIVE = text("retired_at IS NULL")


@dataclass(frozen=True, slots=True)
class Part:
    """A column of an index."""

    column: str
    descending: bool = False

    def __str__(self) -> str:
        return f"{self.column}_d" if self.descending else self.column


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """An index before it is built. `whole` ones hold retired rows too."""

    parts: tuple[Part, ...]
    unique: bool = False
    whole: bool = False


def plan_indexes(
    entity: Entity, storage: Mapping[str, Storage], scopes: tuple[Condition, ...]
) -> tuple[IndexPlan, ...]:
    """The indexes of one entity, without repetition. `scopes` are the conditions of roles' `sees` for it."""
    orders = _orders(entity, storage)
    filters = _filters(entity, storage, scopes)
    carried = _carried(storage, scopes)
    lists = [
        *orders,
        *((Part(column), *order) for column in filters for order in orders),
        *((*pair, *order) for pair in _pairs(filters[:PAIRED]) for order in orders),
        *_by_day(entity, storage, filters[:PAIRED_BY_DAY], orders),
    ]
    wanted = [
        *_uniques(entity, storage),
        *(IndexPlan(_with(parts, carried)) for parts in lists),
        *_singles(entity, storage, filters),
    ]
    return tuple(dict.fromkeys(wanted))


def _pairs(filters: list[str]) -> Iterator[tuple[Part, Part]]:
    return ((Part(one), Part(other)) for one, other in combinations(filters, 2))


def _by_day(
    entity: Entity,
    storage: Mapping[str, Storage],
    filters: list[str],
    orders: list[tuple[Part, ...]],
) -> Iterator[tuple[Part, ...]]:
    """The first filters with the day by which people sort what they filtered, unless they sort by it anyway."""
    days = (
        column
        for key in entity.filter
        if (column := _column(storage, key)) is not None and storage[key].field.type in MOMENTS
    )
    day = next(days, None)
    if day is None or any(order[0].column == day for order in orders):
        return
    for head in (*((Part(one),) for one in filters), *_pairs(filters)):
        yield (*head, Part(day), Part("id"))


def _carried(storage: Mapping[str, Storage], scopes: tuple[Condition, ...]) -> list[Part]:
    """Columns of scopes that read one column of the row itself: a count then needn't look at the rows."""
    alone = (next(iter(scope.reads)) for scope in scopes if len(scope.reads) == 1)
    columns = (_column(storage, path) for path in sorted(alone) if "." not in path)
    return [Part(column) for column in dict.fromkeys(columns) if column is not None][:COVERED]


def _with(parts: tuple[Part, ...], carried: list[Part]) -> tuple[Part, ...]:
    there = {part.column for part in parts}
    return (*parts, *(part for part in carried if part.column not in there))


def sortable(entity: Entity, storage: Mapping[str, Storage]) -> frozenset[str]:
    """Keys of the fields by which a list may be sorted: those that an index (column, id) serves."""
    keys = {"id", "created_at", *entity.filter, *(order.field for order in entity.order)}
    keys |= {"number"} if entity.number else set()
    keys |= {"due_at"} if "due_at" in storage else set()
    return frozenset(key for key in keys if _indexable(storage.get(key)))


def build_index(table: Table, plan: IndexPlan) -> Index:
    """The index as SQLAlchemy knows it, attached to its table."""
    columns = [
        table.c[part.column].desc() if part.descending else table.c[part.column]
        for part in plan.parts
    ]
    name = index_name(table.name, tuple(map(str, plan.parts)), unique=plan.unique, whole=plan.whole)
    if plan.unique or plan.whole:
        return Index(name, *columns, unique=plan.unique)
    return Index(name, *columns, sqlite_where=LIVE, postgresql_where=LIVE)


def _indexable(stored: Storage | None) -> bool:
    return (
        stored is not None and stored.kind is Kind.COLUMN and stored.field.type not in NOT_INDEXED
    )


def _column(storage: Mapping[str, Storage], key: str) -> str | None:
    stored = storage.get(key)
    if stored is None or not _indexable(stored) or stored.column is None:
        return None
    return stored.column.name


def _orders(entity: Entity, storage: Mapping[str, Storage]) -> list[tuple[Part, ...]]:
    """The entity's own order, and by due date where there are deadlines; both end in the id."""
    own = [
        Part(column, order.descending)
        for order in entity.order
        if (column := _column(storage, order.field)) is not None
    ]
    orders = [own or [Part("created_at", True)]]
    if (due := _column(storage, "due_at")) is not None:
        orders.append([Part(due)])
    return [_ended(order) for order in orders]


def _ended(order: list[Part]) -> tuple[Part, ...]:
    """The order with the id behind it. Read backwards an index serves the opposite order as well, so one that
    runs down throughout is built upwards."""
    parts = [part for part in order if part.column != "id"]
    down = parts[-1].descending if parts else False
    if all(part.descending == down for part in parts):
        return (*(Part(part.column) for part in parts), Part("id"))
    return (*parts, Part("id", down))


def _filters(
    entity: Entity, storage: Mapping[str, Storage], scopes: tuple[Condition, ...]
) -> list[str]:
    """Columns compared for equality: the declared filters in their order, then what row scopes read."""
    scoped = sorted(
        path.split(".")[0] for scope in scopes for path in scope.reads if ":" not in path
    )
    found = []
    for key in (*entity.filter, *scoped):
        stored = storage.get(key)
        column = _column(storage, key)
        if stored is not None and column is not None and stored.field.type in EQUALITY:
            found.append(column)
    return list(dict.fromkeys(found))


def _uniques(entity: Entity, storage: Mapping[str, Storage]) -> Iterator[IndexPlan]:
    if entity.number is not None:
        yield IndexPlan((Part("number"),), unique=True)
    for field in entity.fields.values():
        column = _column(storage, field.key)
        if field.unique and column is not None:
            yield IndexPlan((Part(column),), unique=True)
    for rule in entity.rules:
        if isinstance(rule, Unique):
            columns = [_column(storage, key) for key in rule.fields]
            parts = tuple(Part(column) for column in columns if column is not None)
            if len(parts) == len(rule.fields):
                yield IndexPlan(parts, unique=True)


def _singles(
    entity: Entity, storage: Mapping[str, Storage], filters: list[str]
) -> Iterator[IndexPlan]:
    """Ranges and texts that are filtered or sorted by, refs that others' pages look back along, and what was
    changed last."""
    for key in (*sorted(sortable(entity, storage)), *entity.filter):
        column = _column(storage, key)
        if column is not None and column not in filters and column != "id":
            yield IndexPlan((Part(column), Part("id")))
    for stored in storage.values():
        system = stored.field.key in ("created_by", "changed_by")
        if stored.field.type is FieldType.REF and stored.column is not None and not system:
            if stored.column.name not in filters:
                yield IndexPlan((Part(stored.column.name), Part("id")))
        elif stored.field.type is FieldType.CODE and stored.column is not None:
            yield IndexPlan((Part(stored.column.name), Part("id")), whole=True)
