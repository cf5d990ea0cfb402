"""From a tree of words back to text: what is written can be read again as the same tree."""

from __future__ import annotations

from app.condition.tree import (
    And,
    Clause,
    Gather,
    Lasting,
    Listing,
    Moment,
    Node,
    Not,
    Or,
    Quoted,
    Same,
    Span,
    Tally,
    Word,
)

_SHORT = {"minutes": "m", "hours": "h"}


def unparse(node: Node) -> str:
    """The text of a tree that `parse` made."""
    match node:
        case And(parts=parts):
            return " and ".join(_grouped(part, And, Or) for part in parts)
        case Or(parts=parts):
            return " or ".join(_grouped(part, Or) for part in parts)
        case Not(part=part):
            return f"not {_grouped(part, And, Or)}"
        case Clause(left=left, op=op, right=right):
            return f"{unparse(left)} {op}" + ("" if right is None else f" {unparse(right)}")
        case Same(path=path):
            return f"same {path.text}"
        case _:
            return _operand(node)


def _grouped(node: Node, *kinds: type[Node]) -> str:
    return f"({unparse(node)})" if isinstance(node, kinds) else unparse(node)


def _operand(node: Node) -> str:
    match node:
        case Word(text=text):
            return text
        case Quoted(text=text):
            return quoted(text)
        case Lasting(span=span):
            return span_text(span)
        case Listing(items=items):
            return f"[{', '.join(unparse(item) for item in items)}]"
        case Moment(base=base, shift=None):
            return base
        case Moment(base=base, shift=Span() as shift):
            sign = "-" if shift.amount < 0 else "+"
            return f"{base} {sign} {span_text(Span(abs(shift.amount), shift.unit))}"
        case Tally():
            return _tally(node)
        case _:
            raise TypeError(f"not a node of a parsed tree: {type(node).__name__}")


def quoted(text: str) -> str:
    """A text as it stands in a condition."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def span_text(span: Span) -> str:
    """A duration as it stands in a condition."""
    if span.unit in _SHORT:
        return f"{span.amount}{_SHORT[span.unit]}"
    return f"{span.amount} {span.unit.removesuffix('s') if span.amount == 1 else span.unit}"


def _tally(node: Tally) -> str:
    subject = "" if node.subject is None else f"{node.subject.text} in "
    first = "sum" if node.gather is Gather.SUM else "count"
    distinct = "distinct " if node.gather is Gather.DISTINCT else ""
    where = "" if node.where is None else f" where ({unparse(node.where)})"
    within = "" if node.within is None else f" within {span_text(node.within.span)}"
    return f"{first} of {distinct}{subject}{node.entity.text}{where}{within}"
