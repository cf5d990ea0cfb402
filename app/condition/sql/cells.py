"""Where values stand: columns of a row, reached through refs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause, Integer, literal_column, select

from app.condition.tree import Path


@dataclass(frozen=True, slots=True)
class Links:
    """The rows that tie a record to what its `refs` or `files` field holds.

    `rows` is a fresh alias, `joined` ties it to the record's row, `target` is the id of what is tied to it.
    """

    rows: FromClause
    joined: ColumnElement[bool]
    target: ColumnElement[int]


class Columns(Protocol):
    """What a schema tells of its tables. Every key is one of the vocabulary's, dotted ones included.

    A party that may go to several kinds of target is asked for as `party@post`.
    """

    def rows(self, entity: str) -> FromClause:
        """A fresh alias of the entity's table, built-in ones included."""
        ...

    def column(self, rows: FromClause, entity: str, key: str) -> ColumnElement[Any]:
        """The stored value of a field in `rows` (a ref: its id), as a column or an expression correlated to `rows`.

        Its type binds Python values as records give them. Exact decimals are NUMERIC, or on SQLite integers scaled
        by the `scale` of their type. Durations are text: the unit's letter and eight digits. Choices and lines are
        JSON. Text is never ''.
        """
        ...

    def links(self, rows: FromClause, entity: str, key: str) -> Links:
        """The rows behind a `refs` or `files` field."""
        ...

    def counted(self, rows: FromClause, entity: str) -> ColumnElement[bool] | None:
        """Which rows count in aggregates at all, None for every row."""
        ...


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of one row of an entity."""

    columns: Columns
    rows: FromClause
    entity: str
    key: str

    @property
    def column(self) -> ColumnElement[Any]:
        return self.columns.column(self.rows, self.entity, self.key)

    def links(self) -> Links:
        return self.columns.links(self.rows, self.entity, self.key)


Build = Callable[[Cell], ColumnElement[bool]]


def row_exists(rows: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is such a row; everything else that is named belongs to the query around."""
    found = select(literal_column("1", Integer)).select_from(rows).where(*conditions)
    return found.correlate_except(rows).exists()


def reach(columns: Columns, rows: FromClause, path: Path, build: Build) -> ColumnElement[bool]:
    """`build` of the cell at the end of a path; false where a ref on the way is empty. NULL only where `build` is."""
    return _follow(columns, rows, path.owners, path.steps, build)


def _follow(
    columns: Columns,
    rows: FromClause,
    owners: tuple[str, ...],
    steps: tuple[str, ...],
    build: Build,
) -> ColumnElement[bool]:
    cell = Cell(columns, rows, owners[0], steps[0])
    if len(steps) == 1:
        return build(cell)
    target = columns.rows(owners[1])
    inner = _follow(columns, target, owners[1:], steps[1:], build)
    return row_exists(target, columns.column(target, owners[1], "id") == cell.column, inner)


def scalar(columns: Columns, rows: FromClause, path: Path) -> ColumnElement[Any]:
    """The value at the end of a path as an expression, NULL where it or a ref on the way is empty."""
    found: ColumnElement[Any] = columns.column(rows, path.owners[0], path.steps[0])
    for owner, step in zip(path.owners[1:], path.steps[1:], strict=True):
        target = columns.rows(owner)
        value = columns.column(target, owner, step)
        query = select(value).select_from(target)
        query = query.where(columns.column(target, owner, "id") == found)
        found = query.correlate_except(target).scalar_subquery()
    return found
