"""The predicate: whether a condition holds for a record, and with missing values told apart, the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.condition.aggregates import SINCE
from app.condition.compare import alike, compares
from app.condition.facts import Counting, Facts, Record, mine, my_keys, present, shifted_now
from app.condition.resolve import resolved
from app.condition.tree import (
    Aggregate,
    And,
    Clause,
    Coded,
    Condition,
    Gather,
    Listing,
    Mine,
    Node,
    Not,
    Op,
    Or,
    Path,
    SameAs,
    Span,
)
from app.condition.vocabulary import Kind, Shape


class Outcome(StrEnum):
    """符合, 不符合, 缺数据."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """One of the parts that all have to be met, with its own outcome."""

    node: Node
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a record stands to a condition, as a whole and part by part."""

    outcome: Outcome
    clauses: tuple[ClauseVerdict, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """Looking at a record; `host` is the one an aggregate counts for, inside its brackets."""

    record: Record
    facts: Facts
    counting: Counting | None
    host: Record | None = None


def holds(
    condition: Condition, record: Record, facts: Facts, counting: Counting | None = None
) -> bool:
    """Whether the condition holds: a comparison with something empty is false, and `not` turns it true.

    `counting` is needed where the condition holds aggregates.
    """
    return _holds(condition.tree, _Look(record, facts, counting))


def verdict(
    condition: Condition, record: Record, facts: Facts, counting: Counting | None = None
) -> Verdict:
    """As in logic with "unknown": a clause on something empty is unknown, `is set` and `is empty` never."""
    look = _Look(record, facts, counting)
    parts = tuple(ClauseVerdict(part, _outcome(part, look)) for part in conjuncts(condition.tree))
    return Verdict(_all([part.outcome for part in parts]), parts)


def of_person(node: Clause, facts: Facts) -> Outcome:
    """The outcome of a clause about the person alone (`my.roles contains …`), the same for every record."""
    return _clause(node, _Look(_Nothing(), facts, None))


class _Nothing:
    """Where no record is looked at."""

    def value(self, steps: tuple[str, ...]) -> object:
        raise LookupError(f"a clause about the person looks at {steps}")


def conjuncts(tree: Node) -> tuple[Node, ...]:
    """The parts that all have to hold, nested `and` taken apart."""
    if isinstance(tree, And):
        return tuple(below for part in tree.parts for below in conjuncts(part))
    return (tree,)


def _holds(node: Node, look: _Look) -> bool:
    match node:
        case And(parts=parts):
            return all(_holds(part, look) for part in parts)
        case Or(parts=parts):
            return any(_holds(part, look) for part in parts)
        case Not(part=part):
            return not _holds(part, look)
        case _:
            return _clause(node, look) is Outcome.MET


_OPPOSITE = {
    Outcome.MET: Outcome.FAILED,
    Outcome.FAILED: Outcome.MET,
    Outcome.UNKNOWN: Outcome.UNKNOWN,
}


def _outcome(node: Node, look: _Look) -> Outcome:
    match node:
        case And(parts=parts):
            return _all([_outcome(part, look) for part in parts])
        case Or(parts=parts):
            return _OPPOSITE[_all([_OPPOSITE[_outcome(part, look)] for part in parts])]
        case Not(part=part):
            return _OPPOSITE[_outcome(part, look)]
        case _:
            return _clause(node, look)


def _all(outcomes: list[Outcome]) -> Outcome:
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.MET


def _clause(node: Node, look: _Look) -> Outcome:
    if isinstance(node, SameAs):
        return _told(_same(node, look))
    if not isinstance(node, Clause):
        raise TypeError(f"not a clause: {type(node).__name__}")
    left = _left(node.left, look)
    if node.right is None:
        return _told((left is None) is (node.op is Op.IS_EMPTY))
    if left is None:
        return Outcome.UNKNOWN
    if isinstance(node.right, Listing):
        found = [_one(node, left, item, look) for item in node.right.items]
        return _OPPOSITE[_all([_OPPOSITE[outcome] for outcome in found])]
    return _one(node, left, node.right, look)


def _told(met: bool) -> Outcome:
    return Outcome.MET if met else Outcome.FAILED


def _left(node: Node, look: _Look) -> object:
    match node:
        case Path(steps=steps):
            return present(look.record.value(steps))
        case Mine():
            return mine(node, look.facts)
        case Aggregate():
            if look.counting is None:
                raise TypeError("a condition that counts needs somebody to look at other records")
            return look.counting.gathered(node, look.record, look.facts)
        case _:
            raise TypeError(f"not the left of a clause: {type(node).__name__}")


def _one(node: Clause, left: object, right: Node, look: _Look) -> Outcome:
    """One comparison with something on the left."""
    if not isinstance(node.left, Path | Mine | Aggregate):
        raise TypeError(f"not the left of a clause: {type(node.left).__name__}")
    if isinstance(right, Coded):
        return _told(_is_coded(node.left, right, look))
    if isinstance(right, Path):
        value = present(look.record.value(right.steps))
    else:
        value = resolved(right, node.left.shape.kind, look.facts)
    if value is None:
        return Outcome.UNKNOWN
    return _told(compares(left, node.op, value, node.left.shape))


def _is_coded(left: Path | Mine | Aggregate, right: Coded, look: _Look) -> bool:
    if isinstance(left, Mine):
        return right.code in my_keys(left, look.facts)
    if isinstance(left, Aggregate):
        raise TypeError("a number has no code")
    found = look.record.value((*left.steps, right.by))
    if isinstance(found, str):
        return found == right.code
    return isinstance(found, Iterable) and right.code in found


def _same(node: SameAs, look: _Look) -> bool:
    if look.host is None:
        raise TypeError("`same` outside the brackets of an aggregate")
    ours = look.host.value(("id",) if node.ours is None else node.ours.steps)
    theirs = look.record.value(node.theirs.steps)
    if present(ours) is None or present(theirs) is None:
        return False
    return alike(theirs, ours, node.theirs.shape)


@dataclass(frozen=True, slots=True)
class RowsCounting:
    """Counts by going through all rows of an entity: for few rows and for tests."""

    rows: Callable[[str], Iterable[Record]]

    def gathered(self, aggregate: Aggregate, record: Record, facts: Facts) -> int | Decimal:
        """The number or sum that an aggregate gives for a record."""
        found = [
            row
            for row in self.rows(aggregate.entity)
            if _lately(row, aggregate.within, facts)
            and (
                aggregate.where is None
                or _holds(aggregate.where, _Look(row, facts, None, host=record))
            )
        ]
        if aggregate.subject is None:
            return len(found)
        steps = aggregate.subject.steps
        values = [value for row in found if (value := present(row.value(steps))) is not None]
        if aggregate.gather is Gather.SUM:
            return sum((_number(value) for value in values), Decimal(0))
        return len({_distinct(value, aggregate.subject.shape) for value in values})


def _lately(row: Record, within: Span | None, facts: Facts) -> bool:
    if within is None:
        return True
    created: Any = row.value((SINCE,))
    earliest = shifted_now(Span(-within.amount, within.unit), facts)
    return created is not None and earliest <= created <= facts.now


def _number(value: object) -> Decimal:
    if isinstance(value, int | Decimal):
        return Decimal(value)
    raise TypeError(f"not a number: {type(value).__name__}")


def _distinct(value: Any, shape: Shape) -> object:
    return (value.amount, str(value.unit)) if shape.kind is Kind.DURATION else value
