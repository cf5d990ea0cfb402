"""From a tree of words to a typed condition: every name known, every comparison one that means something."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.condition import faults
from app.condition.aggregates import checked_aggregate, checked_same
from app.condition.faults import ConditionError, ConditionProblem
from app.condition.operands import find_mine, is_mine, right_value
from app.condition.parse import parse
from app.condition.reads import reads
from app.condition.scope import Scope, find_path
from app.condition.tree import (
    ORDERING,
    STATES,
    Aggregate,
    And,
    Clause,
    Coded,
    Condition,
    Listing,
    Mine,
    Node,
    Not,
    Op,
    Or,
    Path,
    Same,
    Tally,
    Word,
)
from app.condition.vocabulary import LISTS, TEXTS, Kind, Vocabulary
from app.condition.words import KIND_WORDS
from app.place import Place

_ONE = frozenset({Op.IS, Op.IN})
_ORDERED = _ONE | ORDERING
ALLOWED: dict[Kind, frozenset[Op]] = {
    **{kind: STATES | _ONE | {Op.CONTAINS, Op.STARTS_WITH} for kind in TEXTS},
    **{kind: STATES | {Op.CONTAINS} for kind in LISTS},
    **dict.fromkeys((Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.PERCENT), STATES | _ORDERED),
    **dict.fromkeys((Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.DURATION), STATES | _ORDERED),
    Kind.CHOICE: STATES | _ORDERED,
    Kind.REF: STATES | _ONE,
    Kind.YES_NO: STATES | _ONE,
    Kind.FILES: STATES,
    Kind.CONDITION: STATES,
}
NOT_FIELDS = frozenset({"yes", "no", "true", "false", "today", "now", "this_year", "last_year"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition, or why there is none; both are empty where a name couldn't be looked into."""

    condition: Condition | None
    problems: tuple[ConditionProblem, ...] = ()


def read(
    text: str,
    vocabulary: Vocabulary,
    entity: str,
    *,
    place: Place,
    counts: bool = False,
    person: bool = True,
) -> Checked:
    """Parse and check. `counts` allows aggregates here, `person` allows `me` and `my.…`."""
    try:
        node = parse(text)
    except ConditionError as error:
        return Checked(None, (error.problem,))
    return check(text, node, vocabulary, entity, place=place, counts=counts, person=person)


def check(
    text: str,
    node: Node,
    vocabulary: Vocabulary,
    entity: str,
    *,
    place: Place,
    counts: bool = False,
    person: bool = True,
) -> Checked:
    """The condition that a parsed text is for records of `entity`, or everything that is wrong with it."""
    scope = Scope(vocabulary, entity, counts, person)
    tree = checked(scope, node)
    problems = tuple(sorted(scope.problems, key=lambda problem: problem.offset))
    if tree is None or problems:
        return Checked(None, problems)
    return Checked(Condition(text, tree, entity, reads(tree), place))


def checked(scope: Scope, node: Node) -> Node | None:
    """The typed tree of a node, None where something in it is wrong."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            found = [checked(scope, part) for part in parts]
            whole = tuple(part for part in found if part is not None)
            return replace(node, parts=whole) if len(whole) == len(parts) else None
        case Not(part=part):
            inner = checked(scope, part)
            return None if inner is None else Not(node.offset, inner)
        case Same():
            return checked_same(scope, node)
        case Clause():
            return _clause(scope, node)
        case _:
            raise TypeError(f"not a condition: {type(node).__name__}")


def _clause(scope: Scope, node: Clause) -> Node | None:
    left = _left(scope, node)
    if left is None:
        return None
    shape = left.shape
    problem = _operator_problem(left, node)
    if problem is not None:
        scope.report(problem)
        return None
    if node.right is None:
        return _state(left, node)
    right = _right(scope, left, node, node.right)
    if right is None:
        return None
    if isinstance(left, Path) and (len(shape.targets) > 1 or _several_kinds(right)):
        return _aimed(left, node, right)
    return Clause(node.offset, left, node.op, right)


def _left(scope: Scope, node: Clause) -> Path | Mine | Aggregate | None:
    if isinstance(node.left, Tally):
        return checked_aggregate(scope, node.left, checked)
    if not isinstance(node.left, Word):
        raise TypeError(f"not the left of a comparison: {type(node.left).__name__}")
    word = node.left
    if scope.names_field(word.text):
        return find_path(scope, word)
    if word.text == "me" and scope.person:
        scope.report(
            faults.LEFT.at(word.offset, word="me", hint="请把字段写在左边，例如 created_by is me")
        )
        return None
    if is_mine(word, scope):
        return find_mine(scope, word)
    if word.text in NOT_FIELDS or word.text[0].isdigit():
        scope.report(faults.LEFT.at(word.offset, word=word.text))
        return None
    return find_path(scope, word)


def _operator_problem(left: Path | Mine | Aggregate, node: Clause) -> ConditionProblem | None:
    shape = left.shape
    allowed = ALLOWED[shape.kind]
    if isinstance(left, Aggregate):
        allowed -= STATES
    if isinstance(left, Mine) and left.personal and shape.kind in (Kind.REF, Kind.REFS):
        allowed = STATES
    if node.op in allowed:
        return None
    kind = "统计" if isinstance(left, Aggregate) else KIND_WORDS[shape.kind]
    hint = _operator_hint(left, node.op)
    return faults.OPERATOR.at(node.offset, kind=kind, field=shape.label, op=node.op, hint=hint)


def _operator_hint(left: Path | Mine | Aggregate, op: Op) -> str:
    kind = left.shape.kind
    if isinstance(left, Aggregate):
        return "统计是一个数，请写成 >= 1 或 is 0 这样"
    if isinstance(left, Mine) and kind in (Kind.REF, Kind.REFS):
        return "请把记录的字段写在左边，例如 字段 is my.字段"
    if kind in (Kind.FILES, Kind.CONDITION):
        return "只能写 is set 或 is empty"
    if kind in LISTS:
        return "它可以有多个值：请用 contains 值，或 is empty"
    if op is Op.CONTAINS and kind in (Kind.CHOICE, Kind.REF):
        return "它只有一个值：请用 is 值，或 in [a, b]"
    if op in ORDERING:
        return "大小只能比较数字、日期、时刻、时长和单选（按选项的先后）"
    return "请用 is、in、>、>=、<、<=、is set 或 is empty"


def _state(left: Path | Mine | Aggregate, node: Clause) -> Node:
    """`is set` and `is empty`; a party with several routes is set where any of its targets is."""
    if not isinstance(left, Path) or len(left.shape.targets) < 2:
        return Clause(node.offset, left, node.op, None)
    aimed = (_aim(left, target) for target in left.shape.targets)
    found = Or(node.offset, tuple(Clause(node.offset, path, Op.IS_SET, None) for path in aimed))
    return found if node.op is Op.IS_SET else Not(node.offset, found)


def _right(scope: Scope, left: Path | Mine | Aggregate, node: Clause, right: Node) -> Node | None:
    shape = left.shape
    mine = isinstance(left, Mine)
    if mine and isinstance(right, Word) and is_mine(right, scope):
        right_words = "“我”只写一次；请把记录的字段写在左边"
        scope.report(
            faults.WHOSE.at(right.offset, field=shape.label, word=right.text, right=right_words)
        )
        return None
    if node.op is not Op.IN:
        return right_value(scope, shape, right, paths=not mine)
    if isinstance(right, Listing):
        items = [right_value(scope, shape, item, paths=False) for item in right.items]
        whole = tuple(item for item in items if item is not None)
        return Listing(right.offset, whole) if len(whole) == len(items) else None
    if isinstance(right, Word) and is_mine(right, scope):
        return right_value(scope, shape, right, group=True)
    word = right.text if isinstance(right, Word) else ""
    scope.report(
        faults.LIST.at(right.offset, why="in 后面要写一组值", hint=_list_hint(scope, word))
    )
    return None


def _list_hint(scope: Scope, word: str) -> str:
    found = scope.vocabulary.fields(scope.entity).get(word)
    if found is not None and found.kind in LISTS:
        return f"请反过来写：{word} contains 值"
    return f"请写成 in [a, b]，只有一个值就写 is {word}"


def _several_kinds(node: Node) -> bool:
    return isinstance(node, Path) and len(node.shape.targets) > 1


def _aimed(left: Path, node: Clause, right: Node) -> Node:
    """A party with several routes, compared as the kind of target that the right side is."""
    if isinstance(right, Listing):
        each = replace(node, op=Op.IS)
        return Or(node.offset, tuple(_aimed(left, each, item) for item in right.items))
    target = left.shape.targets[0]
    if isinstance(right, Coded):
        target = right.entity
    elif isinstance(right, Mine | Path):
        target = next(one for one in left.shape.targets if one in right.shape.targets)
        if _several_kinds(right):
            right = _aim(right, target)
    if _several_kinds(left):
        left = _aim(left, target)
    return Clause(node.offset, left, node.op, right)


def _aim(path: Node, target: str) -> Path:
    if not isinstance(path, Path):
        raise TypeError(f"not a path: {type(path).__name__}")
    steps = (*path.steps[:-1], f"{path.steps[-1]}@{target}")
    return replace(path, steps=steps, shape=replace(path.shape, targets=(target,)))
