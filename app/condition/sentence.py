"""A condition as a sentence, for whoever has to understand a rule or its refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from app.condition.phrases import (
    GROUP,
    LASTING,
    MANY,
    MOMENT,
    NUMBER,
    PERIOD,
    PHRASES,
    RANK,
    SAID,
    TEXT,
    Phrases,
)
from app.condition.predicate import conjuncts
from app.condition.tree import (
    ORDERING,
    STATES,
    Aggregate,
    And,
    Clause,
    Coded,
    Condition,
    Constant,
    Gather,
    Listing,
    Mine,
    Moment,
    Node,
    Not,
    Op,
    Or,
    Path,
    SameAs,
    Span,
    Year,
)
from app.condition.vocabulary import LISTS, Kind, Shape, Vocabulary


@dataclass(frozen=True, slots=True)
class _Telling:
    words: Phrases
    vocabulary: Vocabulary


def sentence(condition: Condition, vocabulary: Vocabulary, locale: str = "zh") -> str:
    """The whole condition in words, every field it reads by its label. `locale` is `zh` or `en`."""
    return _told(condition.tree, _Telling(PHRASES[locale], vocabulary))


def clauses(condition: Condition, vocabulary: Vocabulary, locale: str = "zh") -> tuple[str, ...]:
    """The parts that all have to hold, each in words, in the order of a verdict's clauses."""
    telling = _Telling(PHRASES[locale], vocabulary)
    return tuple(_told(part, telling) for part in conjuncts(condition.tree))


def _told(node: Node, telling: _Telling) -> str:
    words = telling.words
    match node:
        case And(parts=parts):
            return words.both.join(_part(part, telling) for part in parts)
        case Or(parts=parts):
            told = dict.fromkeys(_part(part, telling) for part in parts)
            return words.either.join(told)
        case Not(part=part):
            return _negated(part, telling)
        case Clause():
            family, left, right = _sides(node, telling)
            return words.comparisons[family, node.op].format(left=left, right=right)
        case SameAs(theirs=theirs, ours=None):
            return words.this_record.format(theirs=_path(theirs, telling))
        case SameAs(theirs=theirs, ours=Path() as ours):
            both = {"theirs": _path(theirs, telling), "ours": _path(ours, telling)}
            return words.same.format(**both)
        case _:
            raise TypeError(f"not a condition: {type(node).__name__}")


def _part(node: Node, telling: _Telling) -> str:
    told = _told(node, telling)
    return telling.words.grouped.format(part=told) if isinstance(node, And | Or) else told


def _negated(part: Node, telling: _Telling) -> str:
    words = telling.words
    if isinstance(part, Clause):
        family, left, right = _sides(part, telling, none_of=True)
        template = words.negations.get((family, part.op))
        if template is not None:
            return template.format(left=left, right=right)
    told = _told(part, telling)
    grouped = words.grouped.format(part=told) if isinstance(part, And | Or | Not) else told
    return words.negated.format(part=grouped)


def _sides(node: Clause, telling: _Telling, *, none_of: bool = False) -> tuple[str, str, str]:
    """What the wording goes by, and both sides in words; a list of which one holds, or none."""
    left = node.left
    if not isinstance(left, Path | Mine | Aggregate):
        raise TypeError(f"not the left of a clause: {type(left).__name__}")
    told = (
        _aggregate(left, telling)
        if isinstance(left, Aggregate)
        else _operand(left, left.shape, telling)
    )
    right = "" if node.right is None else _operand(node.right, left.shape, telling)
    if none_of and isinstance(node.right, Listing):
        items = [_operand(item, left.shape, telling) for item in node.right.items]
        right = telling.words.listed.join(items)
    return _family(node, left.shape), told, right


def _family(node: Clause, shape: Shape) -> str:
    if node.op in STATES:
        return SAID
    if node.op is Op.CONTAINS:
        return MANY if shape.kind in LISTS else TEXT
    if node.op is Op.STARTS_WITH:
        return TEXT
    if node.op in ORDERING:
        return _ORDERED_AS.get(shape.kind, NUMBER)
    if isinstance(node.right, Mine):
        return GROUP
    return PERIOD if _is_period(node.right, shape) else SAID


_ORDERED_AS = {
    Kind.DATE: MOMENT,
    Kind.DATETIME: MOMENT,
    Kind.TIME: MOMENT,
    Kind.DURATION: LASTING,
    Kind.CHOICE: RANK,
}


def _is_period(node: Node | None, shape: Shape) -> bool:
    """Whether a day or a year is compared with something finer."""
    if isinstance(node, Year):
        return shape.kind is not Kind.INTEGER
    if shape.kind is not Kind.DATETIME:
        return False
    day = isinstance(node, Constant) and not isinstance(node.value, datetime)
    return day or (isinstance(node, Moment) and node.base == "today")


def _operand(node: Node, shape: Shape, telling: _Telling) -> str:
    words = telling.words
    match node:
        case Path():
            return _path(node, telling)
        case Mine(personal=True, shape=own):
            return words.my_field.format(label=own.label)
        case Mine(what=what):
            return words.person[what]
        case Coded(code=code, entity=entity):
            return telling.vocabulary.codes(entity).get(code, code)
        case Listing(items=items):
            return _listing([_operand(item, shape, telling) for item in items], words)
        case Moment(base=base, shift=shift):
            return _moment(words.moments[base], shift, words)
        case Year(back=back):
            return words.years[back]
        case Constant(value=value):
            return _constant(value, shape, words)
        case _:
            raise TypeError(f"not an operand: {type(node).__name__}")


def _listing(items: list[str], words: Phrases) -> str:
    if len(items) == 1:
        return items[0]
    return words.listed.join(items[:-1]) + words.choice + items[-1]


def _path(path: Path, telling: _Telling) -> str:
    words = telling.words
    labels = []
    for owner, step in zip(path.owners, path.steps, strict=True):
        key = step.partition("@")[0]
        labels.append(words.field.format(label=telling.vocabulary.fields(owner)[key].label))
    return words.of.join(labels)


def _moment(base: str, shift: Span | None, words: Phrases) -> str:
    if shift is None:
        return base
    template = words.before if shift.amount < 0 else words.later
    return template.format(base=base, span=_span(Span(abs(shift.amount), shift.unit), words))


def _span(span: Span, words: Phrases) -> str:
    one, more = words.units[span.unit]
    return (one if span.amount == 1 else more).format(n=span.amount)


def _constant(value: object, shape: Shape, words: Phrases) -> str:
    match value:
        case bool():
            return words.truths[value]
        case str():
            option = shape.option(value)
            return words.text.format(text=value) if option is None else option.label
        case Span():
            return _span(value, words)
        case Decimal():
            sign = "%" if shape.kind is Kind.PERCENT else shape.unit
            return f"{plain(value)}{sign}"
        case datetime():
            return f"{_day(value, words)} {_clock(value.time())}"
        case date():
            return _day(value, words)
        case time():
            return _clock(value)
        case _:
            raise TypeError(f"not a constant: {type(value).__name__}")


def _day(day: date, words: Phrases) -> str:
    return words.day.format(year=day.year, month=day.month, day=day.day)


def _clock(clock: time) -> str:
    return clock.isoformat("seconds" if clock.second else "minutes")


def plain(number: Decimal) -> str:
    """A number without needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _aggregate(node: Aggregate, telling: _Telling) -> str:
    words = telling.words
    within = "" if node.within is None else words.within.format(span=_span(node.within, words))
    entity = words.field.format(label=telling.vocabulary.entities().get(node.entity, node.entity))
    if node.where is None:
        rows = words.rows.format(within=within, entity=entity)
    else:
        told = _told(node.where, telling)
        rows = words.rows_where.format(within=within, where=told, entity=entity)
    rows = " ".join(rows.split())
    if node.gather is Gather.COUNT or node.subject is None:
        return words.counted.format(rows=rows)
    template = words.distinct if node.gather is Gather.DISTINCT else words.summed
    return template.format(rows=rows, subject=_path(node.subject, telling))
