"""Lists of rules, first match wins: rows with `when`, the last of them `otherwise`."""

from __future__ import annotations

from typing import TypeVar

from app.manifest.problems import Findings, fault
from app.manifest.read.doubt import missing
from app.manifest.scalars import Word, condition
from app.manifest.shapes import Key, Said
from app.place import Place

T = TypeVar("T")

WHEN = Key("when", condition(), "什么条件下用这一行；从上往下，先符合的先用")

NOT_LAST = fault("RUL101", "otherwise 后面还有别的行，永远用不到", "请把 otherwise 移到最后")
NO_OTHERWISE = fault(
    "RUL102", "最后一行不是 otherwise，条件都不符合时就没有答案", "请在最后加一行 - otherwise: …"
)
BOTH_WAYS = fault("RUL103", "otherwise 不能和 {key} 写在同一行", "请分成两行，或去掉其中一个")
HALF_ROW = fault("RUL104", "这一行缺少 {key}", "每行写 when 和 {then}；最后一行写 otherwise")


def row(
    said: Said, then: Key[T], otherwise: Key[T], found: Findings
) -> tuple[Word | None, T] | None:
    """The condition (None for `otherwise`) and the value of one row; None where it can't be told."""
    if said.has(otherwise):
        clash = next((key for key in (WHEN, then) if said.has(key)), None)
        if clash is not None:
            found.add(BOTH_WAYS(said.key_place(clash), key=clash.name))
            return None
        value = said.get(otherwise)
        return None if value is None else (None, value)
    missing = next((key for key in (WHEN, then) if not said.has(key)), None)
    if missing is not None:
        if said.whole:
            found.add(HALF_ROW(said.place, key=missing.name, then=then.name))
        return None
    when, value = said.get(WHEN), said.get(then)
    return None if when is None or value is None else (when, value)


def check_order(rows: tuple[Said, ...], otherwise: Key[T], place: Place, found: Findings) -> None:
    """`otherwise` stands at the end and nowhere else."""
    for said in rows[:-1]:
        if said.has(otherwise):
            found.add(NOT_LAST(said.key_place(otherwise)))
            return
    if rows and missing(rows[-1], otherwise):
        found.add(NO_OTHERWISE(place))
