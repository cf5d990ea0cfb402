"""Reading what stands to the right of a comparison, and durations."""

from __future__ import annotations

import re

from app.condition import faults
from app.condition.reader import COMPARISONS, OTHER_WORDS, Reader
from app.condition.tokens import Sort, Token
from app.condition.tree import Lasting, Listing, Moment, Node, Quoted, Span, Word

MAX_ITEMS = 200
UNITS = {
    "workday": "workdays",
    "day": "days",
    "month": "months",
    "year": "years",
}
UNIT_WORDS = {**UNITS, **{plural: plural for plural in UNITS.values()}}
SHORT = {"m": "minutes", "h": "hours"}
_SHORT = re.compile(r"([0-9]{1,5})([mh])")
_AMOUNT = re.compile(r"[0-9]{1,5}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
NUMBER = re.compile(r"[0-9][0-9.]*")
# Where a unit is expected, but misspelt: with what is meant.
_MISSPELT = {
    **dict.fromkeys(("d", "天", "日", "自然日"), "days"),
    **dict.fromkeys(("wd", "工作日", "个工作日", "working", "business"), "workdays"),
    **dict.fromkeys(("w", "week", "weeks", "周"), "days（一周写 7 days）"),
    **dict.fromkeys(("mon", "月", "个月"), "months"),
    **dict.fromkeys(("y", "yr", "年"), "years"),
}
_SPACED = {
    **dict.fromkeys(("min", "mins", "minute", "minutes", "m", "分钟"), "m"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h", "小时"), "h"),
}


def value(reader: Reader, after: str) -> Node:
    """One value: a word, text, duration, or today/now with its shift."""
    token = reader.here
    if token.sort is Sort.QUOTED:
        reader.take()
        return Quoted(token.offset, token.text)
    if token.sign("["):
        raise faults.LIST.error(
            token.offset, why=f"{after} 后面不能接列表", hint="和一组值比较请写 in [a, b]"
        )
    if token.sign("-", "+") and NUMBER.match(reader.ahead(1).text):
        return _signed(reader)
    if token.sign("("):
        raise faults.NO_VALUE.error(
            token.offset, after=after, hint="值不要加括号；和一组值比较请写 in [a, b]"
        )
    if token.sort is not Sort.WORD or token.text in OTHER_WORDS | COMPARISONS:
        hint = f"请在 {after} 后面写出值；问有没有填请写 is set 或 is empty"
        raise faults.NO_VALUE.error(token.offset, after=after, hint=hint)
    if token.word("today", "now"):
        return _moment(reader)
    return _bare(reader)


def _signed(reader: Reader) -> Node:
    sign = reader.take()
    number = reader.take()
    return Word(sign.offset, ("-" if sign.text == "-" else "") + number.text)


def _bare(reader: Reader) -> Node:
    token = reader.take()
    short = _SHORT.fullmatch(token.text)
    if short:
        return Lasting(token.offset, Span(int(short[1]), SHORT[short[2]]))
    after = reader.here
    if _DATE.fullmatch(token.text) and after.sort is Sort.WORD and _TIME.fullmatch(after.text):
        reader.take()
        return Word(token.offset, f"{token.text} {after.text}")
    if NUMBER.fullmatch(token.text) and after.sort is Sort.WORD:
        if after.text in UNIT_WORDS:
            reader.take()
            return Lasting(token.offset, Span(_amount(token), UNIT_WORDS[after.text]))
        if after.text.lower() in _MISSPELT or after.text in _SPACED:
            raise _not_lasting(token, after)
        if after.text == "%":
            right = f"请写成 {token.text}%"
            raise faults.TRAILING.error(after.offset, word="%", hint=right)
    return Word(token.offset, token.text)


def _amount(token: Token) -> int:
    if not _AMOUNT.fullmatch(token.text):
        raise faults.DURATION.error(token.offset, word=token.text)
    return int(token.text)


def lasting(reader: Reader) -> Lasting:
    """A duration, where nothing else may stand."""
    token = reader.here
    if token.sort is not Sort.WORD:
        raise faults.DURATION.error(token.offset, word=token.text or "这里")
    node = _bare(reader)
    if isinstance(node, Lasting):
        return node
    after = reader.here
    if NUMBER.fullmatch(token.text) and after.sort is Sort.WORD:
        raise _not_lasting(token, after)
    raise faults.DURATION.error(token.offset, word=token.text, hint=_lasting_hint(token.text))


def _not_lasting(token: Token, unit: Token) -> faults.ConditionError:
    word = f"{token.text} {unit.text}"
    hint = None
    if unit.text in _SPACED:
        hint = f"请写成 {token.text}{_SPACED[unit.text]}"
    elif unit.text.lower() in _MISSPELT:
        hint = f"请写成 {token.text} {_MISSPELT[unit.text.lower()]}"
    return faults.DURATION.error(token.offset, word=word, hint=hint)


def _lasting_hint(written: str) -> str | None:
    joined = re.fullmatch(r"([0-9]{1,5})(\D+)", written)
    if joined is None:
        return None
    unit = joined[2].lower()
    plain = UNIT_WORDS.get(unit) or _MISSPELT.get(unit)
    return f"请写成 {joined[1]} {plain}" if plain else None


def _moment(reader: Reader) -> Moment:
    base = reader.take()
    sign = reader.here
    if not sign.sign("+", "-"):
        return Moment(base.offset, base.text, None)
    reader.take()
    node = lasting(reader)
    amount = node.span.amount if sign.text == "+" else -node.span.amount
    return Moment(base.offset, base.text, Span(amount, node.span.unit))


def listing(reader: Reader) -> Node:
    """What stands after `in`: `[a, b]`, or a word for several (`my.departments`)."""
    opening = reader.here
    if opening.sign("("):
        raise faults.LIST.error(
            opening.offset, why="in 后面用了圆括号", hint="请用方括号：in [a, b]"
        )
    if opening.sort is Sort.WORD and not opening.word("and", "or"):
        reader.take()
        return Word(opening.offset, opening.text)
    if not opening.sign("["):
        raise faults.NO_VALUE.error(opening.offset, after="in", hint="请写成 in [a, b]")
    reader.take()
    if reader.here.sign("]"):
        raise faults.LIST.error(opening.offset, why="列表是空的")
    items = [value(reader, "[")]
    while reader.here.sign(","):
        comma = reader.take()
        if reader.here.sign("]"):
            raise faults.LIST.error(comma.offset, why="最后多了一个逗号")
        items.append(value(reader, ","))
    _close(reader, opening, len(items))
    return Listing(opening.offset, tuple(items))


def _close(reader: Reader, opening: Token, count: int) -> None:
    token = reader.here
    if token.sort is Sort.END:
        raise faults.BRACKET.error(opening.offset, symbol="[")
    if not token.sign("]"):
        raise faults.LIST.error(token.offset, why=f"{token.text} 前面要有逗号")
    if count > MAX_ITEMS:
        raise faults.LIST.error(
            opening.offset, why=f"列表超过 {MAX_ITEMS} 项", hint="请改用字典分类或引用字段"
        )
    reader.take()
