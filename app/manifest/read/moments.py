"""`at:` of a step — a share of a clock, or a share with time before or after it."""

from __future__ import annotations

import re

from app.manifest.model.escalations import Moment
from app.manifest.model.values import Duration, Unit
from app.manifest.problems import Findings, fault
from app.manifest.shapes import Kind
from app.manifest.source import TextNode
from app.manifest.times import duration_hint, parse_duration

FORM = fault(
    "ESC101", "“{word}”不是时刻", "请写成 60%、100% - 7h（到期前）或 100% + 3 workdays（到期后）"
)
OVER = fault("ESC102", "{share}% 超过了 100%", "到期以后请写成 100% + 3 workdays")
OFFSET = fault("ESC103", "“{word}”不是时长")

_MOMENT = re.compile(r"([0-9]{1,4})%(?:\s*([+-])\s*(.+))?")
_MINUTES = {Unit.MINUTES: 1, Unit.HOURS: 60}


def moment() -> Kind[Moment]:
    """`50%`, `100% - 7h`, `100% + 3 workdays`."""

    def read(node: TextNode, found: Findings) -> Moment | None:
        match = _MOMENT.fullmatch(node.text)
        if match is None:
            found.add(FORM(node.place, word=node.text))
            return None
        share = int(match[1])
        if share > 100:
            found.add(OVER(node.place, share=share))
            return None
        if match[3] is None:
            return Moment(share, None, back=False, place=node.place)
        offset = parse_duration(match[3])
        if offset is None or offset.amount == 0:
            hint = duration_hint(match[3]) if offset is None else "请去掉它，或写一个大于 0 的时长"
            found.add(OFFSET(node.at(match.start(3)), word=match[3], hint=hint))
            return None
        return Moment(share, offset, back=match[2] == "-", place=node.place)

    return Kind("时刻", (TextNode,), read, {"type": "string"})


def before(one: Moment, other: Moment) -> bool | None:
    """Whether one moment comes before another whatever the clock; None where that depends on it."""
    if one.share == other.share:
        return _earlier_offset(one, other)
    first, last = (one, other) if one.share < other.share else (other, one)
    sure = (first.offset is None or first.back) and (last.offset is None or not last.back)
    return first is one if sure else None


def _earlier_offset(one: Moment, other: Moment) -> bool | None:
    side = [_side(moment_) for moment_ in (one, other)]
    if side[0] != side[1]:
        return side[0] < side[1]
    if one.offset is None or other.offset is None:
        return False
    amounts = _same_unit(one.offset, other.offset)
    return None if amounts is None else side[0] * amounts[0] < side[1] * amounts[1]


def _side(one: Moment) -> int:
    return 0 if one.offset is None else -1 if one.back else 1


def _same_unit(one: Duration, other: Duration) -> tuple[int, int] | None:
    minutes = _MINUTES.get(one.unit), _MINUTES.get(other.unit)
    if minutes[0] is not None and minutes[1] is not None:
        return one.amount * minutes[0], other.amount * minutes[1]
    return (one.amount, other.amount) if one.unit is other.unit else None
