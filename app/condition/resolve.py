"""What the right side of a clause stands for at a moment, for a person: the same for SQL and for the predicate."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.condition.facts import Facts, day_of, mine, moment, year_of
from app.condition.tree import Constant, Mine, Moment, Node, Year
from app.condition.vocabulary import Kind


def resolved(node: Node, kind: Kind, facts: Facts) -> object:
    """The value beside a field of this kind, None where it is empty; a day or year beside something finer is an
    Interval. Not for paths and codes, which depend on rows.
    """
    match node:
        case Constant(value=datetime() as naive):
            return naive.replace(tzinfo=facts.zone).astimezone(UTC)
        case Constant(value=value):
            return _by_day(value, kind, facts)
        case Moment():
            return _by_day(moment(node, facts), kind, facts)
        case Year(back=back) if kind is Kind.INTEGER:
            return facts.today.year - back
        case Year(back=back):
            return year_of(back, facts, moments=kind is Kind.DATETIME)
        case Mine():
            found = mine(node, facts)
            return frozenset(found) if isinstance(found, tuple | list | set) else found
        case _:
            raise TypeError(f"not a constant: {type(node).__name__}")


def _by_day(value: object, kind: Kind, facts: Facts) -> object:
    if kind is Kind.DATETIME and isinstance(value, date) and not isinstance(value, datetime):
        return day_of(value, facts)
    return value
