"""What stands on either side of a comparison: a path, `me` or `my.…`, a row by its code, or a constant."""

from __future__ import annotations

from dataclasses import replace

from app.condition import faults
from app.condition.literals import YEARS, constant, nothing, said
from app.condition.scope import Scope, find_path
from app.condition.tree import Coded, Mine, Moment, Node, Path, Quoted, Word
from app.condition.vocabulary import (
    DEPARTMENT,
    LISTS,
    POST,
    TEXTS,
    USER,
    Kind,
    Option,
    Shape,
)
from app.condition.words import KIND_WORDS

GROUPS = frozenset(
    {"departments", "roles"}
)  # of `my.`: several, so compared with `in` and `contains`
ALSO_ME = frozenset({"Me", "ME", "my", "myself", "self", "user", "current_user", "我", "本人"})
NEUTRAL_MONEY = "元"
OF_MY = ("my.department", "my.departments", "my.post", "my.roles")


def find_mine(scope: Scope, word: Word) -> Mine | None:
    """`me` or `my.…`; an unknown one is reported."""
    if not scope.person:
        scope.report(faults.NO_PERSON.at(word.offset, word=word.text))
        return None
    built_in = {
        "me": Shape("me", "我", Kind.REF, (USER,)),
        "my.department": Shape("my.department", "我的部门", Kind.REF, (DEPARTMENT,)),
        "my.departments": Shape("my.departments", "我的部门及下属部门", Kind.REFS, (DEPARTMENT,)),
        "my.post": Shape("my.post", "我的岗位", Kind.REF, (POST,)),
    }
    if word.text == "my.roles":
        options = tuple(Option(key, label) for key, label in scope.vocabulary.roles().items())
        return Mine(word.offset, "roles", Shape("my.roles", "我的角色", Kind.CHOICES, (), options))
    if word.text in built_in:
        return Mine(word.offset, word.text.removeprefix("my."), built_in[word.text])
    key = word.text.removeprefix("my.")
    shape = scope.vocabulary.person().get(key)
    if shape is not None:
        return Mine(word.offset, key, shape, personal=True)
    pool = ["me", *OF_MY, *(f"my.{known}" for known in scope.vocabulary.person())]
    hint = faults.likely(word.text, pool)
    scope.report(faults.UNKNOWN_MINE.at(word.offset, word=word.text, hint=hint))
    return None


def is_mine(word: Word, scope: Scope) -> bool:
    """Whether a word means the person: no field of the entity is called so."""
    about_person = word.text == "me" or word.text.startswith("my.")
    return about_person and not scope.names_field(word.text)


def right_value(
    scope: Scope, left: Shape, node: Node, *, paths: bool = True, group: bool = False
) -> Node | None:
    """What one value means beside a field of shape `left`; what is wrong is reported.

    `paths` are refused in lists and beside `my.…`; `group` says that several at once are wanted (`in my.departments`).
    """
    if isinstance(node, Quoted | Word) and left.option(node.text) is not None:
        return constant(scope, left, node)
    if isinstance(node, Word) and is_mine(node, scope):
        found = find_mine(scope, node)
        return None if found is None else _fitting_mine(scope, left, found, node, group=group)
    if isinstance(node, Word) and _reads_as_path(scope, left, node):
        if not paths:
            right = "请写成几段比较，用 or 连起来"
            scope.report(faults.IN_LIST.at(node.offset, word=node.text, right=right))
            return None
        path = find_path(scope, node)
        return None if path is None else _fitting_path(scope, left, path, node)
    if left.kind in (Kind.REF, Kind.REFS):
        return _coded(scope, left, node)
    return constant(scope, left, node)


def _reads_as_path(scope: Scope, left: Shape, word: Word) -> bool:
    """Whether a bare word is a path: it begins with a field, and isn't a key or constant of the left side."""
    if not scope.names_field(word.text) or word.text in YEARS:
        return False
    if left.kind is Kind.YES_NO:
        return word.text not in ("yes", "no")
    if left.kind in (Kind.REF, Kind.REFS):
        return not any(word.text in scope.vocabulary.codes(target) for target in left.targets)
    return True


def _fitting_mine(
    scope: Scope, left: Shape, found: Mine, node: Word, *, group: bool
) -> Mine | None:
    several = found.what in GROUPS if not found.personal else found.shape.kind in LISTS
    if several and not group:
        if left.kind in LISTS:
            right = "contains 后面写一个值"
            scope.report(
                faults.WHOSE.at(node.offset, field=left.label, word=node.text, right=right)
            )
        else:
            scope.report(faults.ONE_VALUE.at(node.offset, word=node.text))
        return None
    if group and not several:
        hint = f"请写成 is {node.text}"
        scope.report(faults.LIST.at(node.offset, why=f"{node.text} 只是一个值", hint=hint))
        return None
    if not _same_kind(left, found.shape):
        right = f"{node.text} 是{found.shape.label}，“{left.label}”是{_described(scope, left)}"
        scope.report(faults.WHOSE.at(node.offset, field=left.label, word=node.text, right=right))
        return None
    return found


def _described(scope: Scope, shape: Shape) -> str:
    if shape.targets:
        return "、".join(scope.label(target) for target in shape.targets)
    return KIND_WORDS[shape.kind]


def _same_kind(left: Shape, mine: Shape) -> bool:
    """Whether a person's value can be compared with a field, one of several values with one."""
    single = {Kind.REFS: Kind.REF, Kind.CHOICES: Kind.CHOICE, Kind.LINES: Kind.TEXT}
    one, other = single.get(left.kind, left.kind), single.get(mine.kind, mine.kind)
    if mine.key == "my.roles":
        return one in TEXTS or one is Kind.CHOICE
    return comparable(replace(left, kind=one), replace(mine, kind=other))


def comparable(one: Shape, other: Shape) -> bool:
    """Whether two fields hold values of the same type."""
    if one.kind in TEXTS and other.kind in TEXTS:
        return True
    if {one.kind, other.kind} <= {Kind.INTEGER, Kind.DECIMAL}:
        return True
    if one.kind is not other.kind or one.kind in (Kind.FILES, Kind.CONDITION):
        return False
    if one.kind is Kind.REF:
        return bool(set(one.targets) & set(other.targets))
    if one.kind is Kind.CHOICE:
        return [o.key for o in one.options] == [o.key for o in other.options]
    return True


def _fitting_path(scope: Scope, left: Shape, path: Path, node: Word) -> Path | None:
    right = path.shape
    single = {Kind.REFS: Kind.REF, Kind.CHOICES: Kind.CHOICE, Kind.LINES: Kind.TEXT}
    wanted = replace(left, kind=single.get(left.kind, left.kind))
    if not comparable(wanted, right):
        scope.report(_other_type(wanted, left, path, node))
        return None
    unit, other = _unit(left), _unit(right)
    if unit and other and unit != other:
        scope.report(
            faults.UNITS.at(node.offset, field=left.label, unit=unit, word=node.text, other=other)
        )
        return None
    return path


def _other_type(wanted: Shape, left: Shape, path: Path, node: Word) -> faults.ConditionProblem:
    if wanted.kind is Kind.CHOICE and path.shape.kind is Kind.CHOICE:
        return faults.OPTIONS.at(node.offset, field=left.label, word=node.text)
    hint = None
    if wanted.kind in TEXTS:
        hint = f'如果要比较的就是这几个字，请加双引号："{node.text}"'
    elif wanted.kind is Kind.DATETIME and path.shape.kind is Kind.DATE:
        hint = "日期时间和日期不能直接比较；请用同一种类型的字段"
    kinds = KIND_WORDS[left.kind], KIND_WORDS[path.shape.kind]
    return faults.OTHER_TYPE.at(
        node.offset, field=left.label, kind=kinds[0], word=node.text, other=kinds[1], hint=hint
    )


def _unit(shape: Shape) -> str:
    return shape.unit or (NEUTRAL_MONEY if shape.kind is Kind.MONEY else "")


def _coded(scope: Scope, left: Shape, node: Node) -> Node | None:
    if not isinstance(node, Word | Quoted):
        hint = None if isinstance(node, Moment) else f'编码请加双引号："{said(node)}"'
        scope.report(faults.WHOSE.at(node.offset, field=left.label, word=said(node), hint=hint))
        return None
    asked = nothing(node)
    if asked is not None:
        scope.report(asked)
        return None
    if left.targets == (USER,) and node.text in ALSO_ME:
        right = "当前操作人请写 me"
        scope.report(faults.WHOSE.at(node.offset, field=left.label, word=node.text, right=right))
        return None
    if not node.text:
        scope.report(faults.EMPTY_TEXT.at(node.offset))
        return None
    return _named_row(scope, left, node)


def _named_row(scope: Scope, left: Shape, node: Word | Quoted) -> Coded | None:
    known = scope.vocabulary
    fields = {target: known.code_field(target) for target in left.targets}
    named = [target for target, by in fields.items() if by is not None]
    for target in named:
        if node.text in known.codes(target):
            return Coded(node.offset, node.text, target, fields[target] or "")
    open_targets = [target for target in named if not known.closed(target)]
    if open_targets:
        return Coded(node.offset, node.text, open_targets[0], fields[open_targets[0]] or "")
    if not named:
        _no_code(scope, left, node)
        return None
    codes = {code: label for target in named for code, label in known.codes(target).items()}
    labelled = next((code for code, label in codes.items() if label == node.text), None)
    hint = f"请写键名 {labelled}，不写中文名称" if labelled else faults.likely(node.text, codes)
    label = "或".join(scope.label(target) for target in named)
    scope.report(faults.UNKNOWN_KEY.at(node.offset, word=node.text, entity=label, hint=hint))
    return None


def _no_code(scope: Scope, left: Shape, node: Word | Quoted) -> None:
    if left.targets == (USER,):
        right = "人员字段可以和 me（当前操作人）或另一个人员字段比较"
        scope.report(faults.WHOSE.at(node.offset, field=left.label, word=node.text, right=right))
        return
    label = "或".join(scope.label(target) for target in left.targets)
    scope.report(
        faults.NO_CODE.at(
            node.offset, field=left.label, entity=label, word=node.text, path=left.key
        )
    )
