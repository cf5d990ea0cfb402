"""From the words of a value to a typed constant, by the kind of field it is compared with.

A scalar's type comes from where it stands: `0010` is text beside a code, a number beside an integer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

from app.condition import faults
from app.condition.faults import ConditionProblem
from app.condition.scope import Scope
from app.condition.tree import Constant, Lasting, Moment, Node, Quoted, Span, Word, Year
from app.condition.unparse import unparse
from app.condition.vocabulary import TEXTS, Kind, Shape
from app.condition.words import KIND_WORDS

WHOLE_DIGITS = 12  # with six places still exact in 64 bits
INTEGER_DIGITS = 15
PLACES = 6
FIRST_YEAR, LAST_YEAR = 1900, 2999
FARTHEST = {"days": 73_000, "months": 2_400, "years": 200}
YEARS = {"this_year": 0, "last_year": 1}
NOTHING = frozenset({"null", "none", "nil", "None", "NULL", "空", "undefined"})
TRUTHS = {"true": "yes", "True": "yes", "TRUE": "yes", "是": "yes", "Yes": "yes", "YES": "yes", "1": "yes",
          "false": "no", "False": "no", "FALSE": "no", "否": "no", "No": "no", "NO": "no", "0": "no"}  # fmt: skip
_NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?(%?)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOOSE_DATE = re.compile(r"([0-9]{4})[-.年]([0-9]{1,2})[-.月]([0-9]{1,2})日?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_BIG = {"千": 3, "k": 3, "万": 4, "w": 4, "百万": 6, "亿": 8}

Found = Node | ConditionProblem
Reading = Callable[[Shape, Node], Found]


def constant(scope: Scope, shape: Shape, node: Node) -> Node | None:
    """The typed constant that `node` is beside a field of this shape; what is wrong is reported."""
    found = _READINGS[shape.kind](shape, node)
    if isinstance(found, ConditionProblem):
        scope.report(found)
        return None
    return found


def said(node: Node) -> str:
    """What was written, for a message."""
    return unparse(node)


def nothing(node: Node) -> ConditionProblem | None:
    """The problem, if somebody asks for emptiness as in another language."""
    if isinstance(node, Word) and node.text in NOTHING:
        return faults.FOREIGN_WORD.at(
            node.offset, word=node.text, hint="问有没有填请写 is empty 或 is set"
        )
    return None


def _text(shape: Shape, node: Node) -> Found:
    match node:
        case Quoted(text=""):
            return faults.EMPTY_TEXT.at(node.offset)
        case Quoted(text=text):
            return Constant(node.offset, text)
        case Word(text=text) if text not in TRUTHS or text in ("1", "0"):
            return nothing(node) or Constant(node.offset, text)
    hint = f'“{shape.label}”是文字；如果要比较的就是这几个字，请加双引号："{said(node)}"'
    return faults.WHOSE.at(node.offset, field=shape.label, word=said(node), hint=hint)


def _number(shape: Shape, node: Node) -> Found:
    if isinstance(node, Quoted):
        return _unquoted(shape, node)
    word = said(node)
    if isinstance(node, Word) and word in YEARS and shape.kind is Kind.INTEGER:
        return Year(node.offset, YEARS[word])
    match = _NUMBER.fullmatch(word) if isinstance(node, Word) else None
    if match is None:
        return nothing(node) or faults.NUMBER.at(
            node.offset, field=shape.label, word=word, hint=_number_hint(word)
        )
    minus, whole, places, sign = match.groups(default="")
    if shape.kind is Kind.PERCENT and not sign:
        return faults.PERCENT.at(node.offset, field=shape.label, word=word, right=f"{word}%")
    if sign and shape.kind is not Kind.PERCENT:
        hint = f"“{shape.label}”不是百分数，请去掉 %"
        return faults.NUMBER.at(node.offset, field=shape.label, word=word, hint=hint)
    digits = INTEGER_DIGITS if shape.kind is Kind.INTEGER else WHOLE_DIGITS
    if len(whole.lstrip("0")) > digits or len(places) > PLACES:
        right = f"整数部分最多 {digits} 位，小数最多 {PLACES} 位"
        return faults.TOO_BIG.at(node.offset, word=word, right=right)
    return Constant(node.offset, Decimal(f"{minus}{whole}.{places or '0'}"))


def _number_hint(word: str) -> str | None:
    match = re.fullmatch(r"([0-9]{1,8})(千|k|万|w|百万|亿)元?", word)
    return f"请写完整的数字 {int(match[1]) * 10 ** _BIG[match[2]]}" if match else None


def _unquoted(shape: Shape, node: Quoted) -> ConditionProblem:
    kind = KIND_WORDS[shape.kind]
    return faults.QUOTED.at(node.offset, field=shape.label, kind=kind, word=said(node))


def _yes_no(shape: Shape, node: Node) -> Found:
    word = node.text if isinstance(node, Word | Quoted) else said(node)
    if isinstance(node, Word) and word in ("yes", "no"):
        return Constant(node.offset, word == "yes")
    if word in ("yes", "no"):
        return faults.QUOTED.at(node.offset, field=shape.label, kind="是否型", word=said(node))
    hint = f"请写成 {TRUTHS[word]}" if word in TRUTHS else None
    return nothing(node) or faults.YES_NO.at(
        node.offset, field=shape.label, word=said(node), hint=hint
    )


def _date(shape: Shape, node: Node) -> Found:
    match node:
        case Moment(base="today"):
            return shift_problem(node) or node
        case Moment():
            return faults.NOW.at(
                node.offset, field=shape.label, kind="日期", word="now", right="请改用 today"
            )
        case Quoted():
            return _unquoted(shape, node)
        case Word(text=text) if text in YEARS:
            return Year(node.offset, YEARS[text])
        case Word(text=text):
            day = _as_date(text)
            if day is not None:
                return Constant(node.offset, day)
    return nothing(node) or _not_a_date(shape, node)


def _datetime(shape: Shape, node: Node) -> Found:
    if isinstance(node, Moment):
        return shift_problem(node) or node
    if isinstance(node, Word):
        day, _, clock = node.text.replace("T", " ").partition(" ")
        found_day, found_time = _as_date(day), _as_time(clock)
        if found_day is not None and found_time is not None:
            return Constant(node.offset, datetime.combine(found_day, found_time))
    return _date(shape, node)


def _not_a_date(shape: Shape, node: Node) -> ConditionProblem:
    word = said(node)
    loose = _LOOSE_DATE.fullmatch(word)
    hint = None
    if loose and not _DATE.fullmatch(word):
        hint = f"请写成 {loose[1]}-{int(loose[2]):02}-{int(loose[3]):02}"
    elif _DATE.match(word) and " " in word and shape.kind is Kind.DATE:
        hint = "日期字段没有时刻，请只写日期"
    elif isinstance(node, Word) and not word[:1].isdigit():
        hint = faults.likely(word, ("today", "now", "this_year", "last_year"))
    return faults.DATE.at(node.offset, field=shape.label, word=word, hint=hint)


def _as_date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _as_time(text: str) -> time | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        return None


def shift_problem(node: Moment) -> ConditionProblem | None:
    """What is wrong with the duration that is added to today or now."""
    if node.shift is None:
        return None
    unit, amount = node.shift.unit, abs(node.shift.amount)
    written = said(Lasting(0, Span(amount, unit)))
    if unit == "workdays":
        right = "条件里没有工作日历；请用 days（自然日），或用时限（sla）来管"
        return faults.SHIFT.at(node.offset, base=node.base, word=written, right=right)
    if node.base == "today" and unit in ("minutes", "hours"):
        right = "today 加减 days、months、years；要加减小时请用 now"
        return faults.SHIFT.at(node.offset, base=node.base, word=written, right=right)
    if amount > FARTHEST.get(unit, amount):
        return faults.TOO_BIG.at(node.offset, word=written, right="最多前后 200 年")
    return None


def _time(shape: Shape, node: Node) -> Found:
    if isinstance(node, Quoted):
        return _unquoted(shape, node)
    clock = _as_time(node.text) if isinstance(node, Word) else None
    if clock is not None:
        return Constant(node.offset, clock)
    return nothing(node) or faults.TIME.at(node.offset, field=shape.label, word=said(node))


def _duration(shape: Shape, node: Node) -> Found:
    if isinstance(node, Quoted):
        return _unquoted(shape, node)
    if isinstance(node, Lasting) and node.span.unit not in ("months", "years"):
        return Constant(node.offset, node.span)
    hint = None
    if isinstance(node, Word) and re.fullmatch(r"[0-9]+", node.text):
        hint = f"请写上单位：{node.text}h、{node.text} workdays 或 {node.text} days"
    elif isinstance(node, Lasting):
        hint = "时长字段只用 m、h、workdays、days"
    return nothing(node) or faults.WANTS_DURATION.at(
        node.offset, field=shape.label, word=said(node), hint=hint
    )


def _choice(shape: Shape, node: Node) -> Found:
    written = node.text if isinstance(node, Word | Quoted) else said(node)
    if shape.option(written) is not None:
        return Constant(node.offset, written)
    labelled = next((option.key for option in shape.options if option.label == written), None)
    if labelled is None:
        asked = nothing(node)
        if asked is not None:
            return asked
    keys = [option.key for option in shape.options]
    hint = f"请写键名 {labelled}，不写中文名称" if labelled else faults.likely(written, keys)
    unknown = faults.UNKNOWN_ROLE if shape.key == "my.roles" else faults.UNKNOWN_CHOICE
    return unknown.at(node.offset, field=shape.label, word=written, hint=hint)


def _none(shape: Shape, node: Node) -> Found:
    right = "这种字段只能写 is set 或 is empty"
    return faults.WHOSE.at(node.offset, field=shape.label, word=said(node), right=right)


_READINGS: dict[Kind, Reading] = {
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys((Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.PERCENT), _number),
    **dict.fromkeys((Kind.CHOICE, Kind.CHOICES), _choice),
    **dict.fromkeys((Kind.REF, Kind.REFS, Kind.FILES, Kind.CONDITION), _none),
    Kind.LINES: _text,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.TIME: _time,
    Kind.DURATION: _duration,
}
