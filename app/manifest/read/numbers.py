"""`number:` — the pattern of record numbers, cut into parts."""

from __future__ import annotations

import re

from app.manifest.model.entities import NumberPattern
from app.manifest.problems import Findings, fault, likely
from app.manifest.scalars import Word

WIDTHS = {"year": 4, "month": 2, "day": 2}

PLACEHOLDER = fault("ENT101", "编号里没有 {{{word}}} 这种占位")
BRACES = fault(
    "ENT102", "编号里的花括号没有配对", "占位写成 {{year}}、{{month}}、{{day}}、{{seq:4}}"
)
NO_SEQUENCE = fault("ENT103", "编号里没有流水号", "请加上 {{seq:4}}，4 是位数")
TWO_SEQUENCES = fault("ENT104", "编号里有两个流水号", "只能有一个 {{seq:N}}")
WIDTH = fault("ENT105", "流水号的位数 {width} 不在 1 到 9 之间", "请写成 {{seq:4}}")
REPEATS = fault(
    "ENT106", "流水号前面有 {{{part}}} 却没有 {{{needs}}}，编号会重复", "请在前面加上 {{{needs}}}"
)
LETTERS = fault("ENT107", "编号里不能有 {char}", "请只用文字、数字和 - _ . /")

_PART = re.compile(r"\{([^{}]*)\}")


def read_number(word: Word, found: Findings) -> NumberPattern | None:
    """The pattern's parts, None if anything is wrong with it."""
    begin = len(found)
    parts: list[tuple[str, str | int]] = []
    end = 0
    for match in _PART.finditer(word.text):
        _literal(word, end, match.start(), parts, found)
        _placeholder(word, match, parts, found)
        end = match.end()
    _literal(word, end, len(word.text), parts, found)
    if len(found) == begin:
        _check_sequence(word, [str(kind) for kind, _ in parts], found)
    return NumberPattern(word.text, tuple(parts), word.place) if len(found) == begin else None


def _literal(
    word: Word, start: int, end: int, parts: list[tuple[str, str | int]], found: Findings
) -> None:
    written = word.text[start:end]
    if "{" in written or "}" in written:
        found.add(BRACES(word.place))
        return
    odd = next((c for c in written if not (c.isalnum() or c in "-_./")), None)
    if odd is not None:
        found.add(LETTERS(word.at(start + written.index(odd)), char="空格" if odd == " " else odd))
    elif written:
        parts.append(("text", written))


def _placeholder(
    word: Word, match: re.Match[str], parts: list[tuple[str, str | int]], found: Findings
) -> None:
    name, _, width = match[1].partition(":")
    if name == "seq":
        if re.fullmatch(r"[1-9]", width) is None:
            found.add(WIDTH(word.at(match.start()), width=width or "（没有写）"))
        else:
            parts.append(("seq", int(width)))
    elif match[1] in WIDTHS:
        parts.append((name, WIDTHS[name]))
    else:
        hint = likely(match[1], [*WIDTHS, "seq:4"])
        found.add(PLACEHOLDER(word.at(match.start()), word=match[1], hint=hint))


def _check_sequence(word: Word, kinds: list[str], found: Findings) -> None:
    """The sequence restarts within the date parts before it, so those must tell one span from every other."""
    if kinds.count("seq") != 1:
        found.add((TWO_SEQUENCES if "seq" in kinds else NO_SEQUENCE)(word.place))
        return
    before = kinds[: kinds.index("seq")]
    for part, needs in (("month", "year"), ("day", "month")):
        if part in before and needs not in before:
            found.add(REPEATS(word.place, part=part, needs=needs))
            return
