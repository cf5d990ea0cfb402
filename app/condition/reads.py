"""What a condition depends on."""

from __future__ import annotations

from app.condition.aggregates import SINCE
from app.condition.tree import Aggregate, Node, Path, SameAs, within_tree


def reads(tree: Node) -> frozenset[str]:
    """The dotted paths of a checked tree; those of counted rows as `ENTITY:path`, their being there as `ENTITY:id`."""
    counted: set[str] = set()
    theirs: set[int] = set()
    for node in within_tree(tree):
        if isinstance(node, Aggregate):
            counted |= _counted(node)
            theirs |= {id(below) for below in within_tree(node)} - _ours(node)
    own = {
        node.dotted
        for node in within_tree(tree)
        if isinstance(node, Path) and id(node) not in theirs
    }
    return frozenset(own | counted)


def _ours(aggregate: Aggregate) -> set[int]:
    """This record's fields inside the brackets."""
    return {
        id(node.ours)
        for node in within_tree(aggregate)
        if isinstance(node, SameAs) and node.ours is not None
    }


def _counted(aggregate: Aggregate) -> set[str]:
    ours = _ours(aggregate)
    found = {
        f"{aggregate.entity}:{node.dotted}"
        for node in within_tree(aggregate)
        if isinstance(node, Path) and id(node) not in ours
    }
    found.add(f"{aggregate.entity}:id")
    if aggregate.within is not None:
        found.add(f"{aggregate.entity}:{SINCE}")
    return found
