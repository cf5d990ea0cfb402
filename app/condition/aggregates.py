"""Checking counts and sums: what is counted, within what, and `same FIELD`."""

from __future__ import annotations

from collections.abc import Callable

from app.condition import faults
from app.condition.operands import comparable
from app.condition.scope import Scope, find_path
from app.condition.tree import Aggregate, Gather, Node, Path, Same, SameAs, Tally
from app.condition.vocabulary import LISTS, Kind, Shape
from app.condition.words import KIND_WORDS

SUMMABLE = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
UNCOUNTABLE = LISTS | {Kind.NOTE, Kind.CONDITION}
SINCE = "created_at"

Check = Callable[[Scope, Node], Node | None]


def checked_aggregate(scope: Scope, node: Tally, check: Check) -> Aggregate | None:
    """The typed aggregate; `check` is used for what stands in its brackets."""
    if scope.host is not None:
        scope.report(faults.NESTED.at(node.offset))
        return None
    if not scope.counts:
        scope.report(faults.NO_COUNTS.at(node.offset))
        return None
    entity = node.entity.text
    known = scope.vocabulary.entities()
    if entity not in known:
        labelled = next((key for key, label in known.items() if label == entity), None)
        hint = f"请写键名 {labelled}" if labelled else faults.likely(entity, known)
        scope.report(faults.UNKNOWN_ENTITY.at(node.entity.offset, word=entity, hint=hint))
        return None
    before = len(scope.problems)
    inside = scope.inside(entity)
    subject = _subject(inside, node)
    where = None if node.where is None else check(inside, node.where)
    _check_within(inside, node)
    missing = (subject is None and node.subject) or (where is None and node.where)
    if missing or len(scope.problems) > before:
        return None
    span = None if node.within is None else node.within.span
    return Aggregate(node.offset, node.gather, entity, subject, where, span, _shape(node, subject))


def _shape(node: Tally, subject: Path | None) -> Shape:
    if node.gather is Gather.SUM and subject is not None:
        told = subject.shape
        return Shape("sum", f"{told.label}合计", told.kind, unit=told.unit, places=told.places)
    return Shape("count", "数量", Kind.INTEGER)


def _subject(inside: Scope, node: Tally) -> Path | None:
    if node.subject is None:
        return None
    path = find_path(inside, node.subject)
    if path is None:
        return None
    kind = path.shape.kind
    summing = node.gather is Gather.SUM
    if kind not in SUMMABLE if summing else kind in UNCOUNTABLE:
        right = "只有整数、小数和金额可以合计" if summing else "请换一个只有一个值的字段"
        use = "sum of" if summing else "count of distinct"
        scope_kind = KIND_WORDS[kind]
        inside.report(
            faults.SUBJECT.at(
                path.offset, field=path.shape.label, kind=scope_kind, use=use, right=right
            )
        )
        return None
    if len(path.shape.targets) > 1:
        right = "它可能派给不同种类的对象，请换一个字段"
        inside.report(
            faults.SUBJECT.at(
                path.offset,
                field=path.shape.label,
                kind="派单方",
                use="count of distinct",
                right=right,
            )
        )
        return None
    return path


def _check_within(inside: Scope, node: Tally) -> None:
    if node.within is None:
        return
    if node.within.span.unit == "workdays":
        hint = "回看的时长按自然日算，请用 days、months 或 years"
        inside.report(faults.DURATION.at(node.within.offset, word="workdays", hint=hint))
    if SINCE not in inside.vocabulary.fields(inside.entity):
        label = inside.label(inside.entity)
        inside.report(faults.NO_CREATED.at(node.within.offset, entity=label))


def checked_same(scope: Scope, node: Same) -> Node | None:
    """`same FIELD`: the counted row's field and this record's, or a ref to this very record."""
    if scope.host is None:
        scope.report(faults.SAME_OUTSIDE.at(node.offset))
        return None
    theirs = find_path(scope, node.path)
    if theirs is None:
        return None
    known = scope.vocabulary.fields(scope.host)
    first = node.path.text.partition(".")[0]
    if first not in known and node.path.text not in known and _points_at(theirs, scope.host):
        return SameAs(node.offset, theirs, None)
    ours = find_path(scope, node.path, scope.host)
    if ours is None:
        return None
    single = theirs.shape.kind not in UNCOUNTABLE and len(theirs.shape.targets) < 2
    if not single or not comparable(theirs.shape, ours.shape) or len(ours.shape.targets) > 1:
        kind = KIND_WORDS[theirs.shape.kind]
        right = "same 后面的字段在两边都要有，类型相同，并且只有一个值"
        scope.report(
            faults.SUBJECT.at(
                node.offset, field=theirs.shape.label, kind=kind, use="same", right=right
            )
        )
        return None
    return SameAs(node.offset, theirs, ours)


def _points_at(path: Path, entity: str) -> bool:
    shape = path.shape
    return len(path.steps) == 1 and shape.kind is Kind.REF and shape.targets == (entity,)
