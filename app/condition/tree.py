"""The tree of a condition: what the four readings (SQL, predicate, sentence, dependencies) share.

`parse` gives a tree of words; `check` turns the words into typed operands. `And Or Not Clause Listing Moment` stand
in both; `Word Quoted Lasting Tally Same` only before the check, `Path Constant Coded Year Mine Aggregate SameAs`
only after it. Trees are equal when they say the same, wherever it stands in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from app.condition.vocabulary import Shape
from app.place import Place


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that was parsed and checked against the fields of `entity`.

    `reads` are the dotted paths it depends on (`customer.region`), aggregates' included as
    `ENTITY:path`; `place` is where the administrator wrote it.
    """

    text: str
    tree: Node
    entity: str
    reads: frozenset[str]
    place: Place


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all nodes; `offset` counts characters into the text."""

    offset: int = field(compare=False)


class Op(StrEnum):
    """How a clause compares. `is not`, `not in` and `is not empty` are a `Not` around these."""

    IS = "is"
    IN = "in"
    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    IS_SET = "is set"
    IS_EMPTY = "is empty"


ORDERING = frozenset({Op.MORE, Op.AT_LEAST, Op.LESS, Op.AT_MOST})
STATES = frozenset({Op.IS_SET, Op.IS_EMPTY})  # these take no value


@dataclass(frozen=True, slots=True)
class Span:
    """A number of one unit: minutes, hours, workdays, days, months or years.

    Stands for any object with an `amount` and a `unit` of these names, such as the values of duration fields.
    """

    amount: int
    unit: str


class Gather(StrEnum):
    """What an aggregate makes of the rows it finds."""

    COUNT = "count"
    DISTINCT = "distinct"
    SUM = "sum"


# Both before and after the check.


@dataclass(frozen=True, slots=True)
class And(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    part: Node


@dataclass(frozen=True, slots=True)
class Clause(Node):
    """One comparison; `right` is None for `is set` and `is empty`."""

    left: Node
    op: Op
    right: Node | None


@dataclass(frozen=True, slots=True)
class Listing(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Moment(Node):
    """`today` or `now`, with `shift` (its amount signed) added."""

    base: str
    shift: Span | None


# Before the check.


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A bare word: a path, key, number, date, `me` … as its place will tell."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted(Node):
    """`"text"`."""

    text: str


@dataclass(frozen=True, slots=True)
class Lasting(Node):
    """A duration as a value."""

    span: Span


@dataclass(frozen=True, slots=True)
class Tally(Node):
    """`count of ENTITY where (…) within 90 days` and its kin."""

    gather: Gather
    subject: Word | None
    entity: Word
    where: Node | None
    within: Lasting | None


@dataclass(frozen=True, slots=True)
class Same(Node):
    """`same FIELD`, inside the brackets of an aggregate."""

    path: Word


# After the check.


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A field, through refs: every step but the last is a ref's key; the last may hold a dot (`finish.due_at`).

    `owners` are the entities of which the steps are fields, the first the one whose record is looked at.
    Where a ref may go to several kinds of target (a party with several routes), its step says which one is meant:
    `party@post`.
    """

    steps: tuple[str, ...]
    owners: tuple[str, ...]
    shape: Shape

    @property
    def dotted(self) -> str:
        """As an administrator writes it."""
        return ".".join(step.partition("@")[0] for step in self.steps)


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A typed value; a datetime is naive and means the site's zone."""

    value: str | Decimal | bool | date | datetime | time | Span


@dataclass(frozen=True, slots=True)
class Coded(Node):
    """A row of `entity`, named by what its field `by` holds (a department's key, a row's code)."""

    code: str
    entity: str
    by: str


@dataclass(frozen=True, slots=True)
class Year(Node):
    """`this_year` (back 0) or `last_year` (back 1)."""

    back: int


@dataclass(frozen=True, slots=True)
class Mine(Node):
    """`me` or `my.…`: `what` is me, department, departments, post, roles, or with `personal` a field's key."""

    what: str
    shape: Shape
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """What `entity`'s rows give; `where` is checked against `entity`, `within` looks back from now."""

    gather: Gather
    entity: str
    subject: Path | None
    where: Node | None
    within: Span | None
    shape: Shape


@dataclass(frozen=True, slots=True)
class SameAs(Node):
    """`theirs` of the counted row equals `ours` of this record; `ours` None is the record itself."""

    theirs: Path
    ours: Path | None


def within_tree(node: Node) -> Iterator[Node]:
    """The node and every node below it, aggregates' brackets included."""
    yield node
    for child in _children(node):
        yield from within_tree(child)


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And(parts=parts) | Or(parts=parts) | Listing(items=parts):
            return parts
        case Not(part=part):
            return (part,)
        case Clause(left=left, right=right):
            return (left,) if right is None else (left, right)
        case Aggregate(subject=one, where=two):
            return tuple(child for child in (one, two) if child is not None)
        case SameAs(theirs=theirs, ours=ours):
            return (theirs,) if ours is None else (theirs, ours)
        case _:
            return ()
