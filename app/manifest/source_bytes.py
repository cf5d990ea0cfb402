"""Bytes to text: what must be true of a file before YAML looks at it."""

from __future__ import annotations

import re

from app.manifest.problems import Findings, fault
from app.place import Place
from app.problems import Problem

MAX_BYTES = 4 * 1024 * 1024

TOO_BIG = fault("SRC101", "文件有 {size} MB，超过 {limit} MB", "请拆成几个文件；大量数据请用导入")
BOM = fault("SRC102", "文件以 BOM 开头", "请在编辑器里另存为“UTF-8（无 BOM）”")
UTF16 = fault("SRC103", "文件不是 UTF-8，像是 UTF-16", "请在编辑器里另存为“UTF-8（无 BOM）”")
GBK = fault("SRC104", "文件不是 UTF-8，像是 GBK", "请在编辑器里另存为“UTF-8（无 BOM）”")
NOT_TEXT = fault(
    "SRC105", "文件不是 UTF-8 文本", "请确认这是 YAML 文件，并在编辑器里另存为“UTF-8（无 BOM）”"
)
HIDDEN = fault("SRC106", "这里有看不见的字符 U+{code}", "请删去它；多半是从网页或文档里粘贴来的")
TAB = fault("SRC107", "缩进里有制表符（Tab）", "请改成空格，每级两个")
WIDE_BLANK = fault("SRC108", "缩进里有全角空格或不间断空格", "请改成半角空格，每级两个")

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff"
    "\ud800-\udfff]"
)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def hidden_characters(text: str) -> bool:
    """Whether the text holds control characters, direction overrides or the like."""
    return _HIDDEN.search(text) is not None


def without_hidden(text: str) -> str:
    """The text without them: pasted along unseen, they would turn what stands beside them around."""
    return _HIDDEN.sub("", text)


def report_hidden(text: str, place: Place, found: Findings) -> None:
    """Report the first hidden character of a scalar at the scalar's place."""
    match = _HIDDEN.search(text)
    if match is not None:
        found.add(HIDDEN(place, code=f"{ord(match[0]):04X}"))


def decoded(file: str, content: bytes, found: Findings) -> tuple[str | None, tuple[str, ...]]:
    """The text and its lines; None for the text where it can't be handed to YAML, which is then reported."""
    begin = Place(file, 1, 1)
    if len(content) > MAX_BYTES:
        found.add(TOO_BIG(begin, size=f"{len(content) / 1048576:.1f}", limit=MAX_BYTES // 1048576))
        return None, ()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(content):
        found.add(UTF16(begin))
        return None, ()
    if content.startswith(b"\xef\xbb\xbf"):
        found.add(BOM(begin))
        return None, lines_of(content[3:].decode("utf-8", "replace"))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        found.add(_foreign(file, content, error.start))
        return None, lines_of(content.decode("utf-8", "replace"))
    lines = lines_of(text)
    return (text if _clean(file, lines, found) else None), lines


def lines_of(text: str) -> tuple[str, ...]:
    """The lines as YAML counts them."""
    return tuple(_LINE_BREAK.split(text))


def _looks_utf16(content: bytes) -> bool:
    head = content[:200]
    return len(head) >= 4 and head.count(0) * 3 > len(head)


def _foreign(file: str, content: bytes, start: int) -> Problem:
    before = content[:start].decode("utf-8", "replace")
    lines = lines_of(before)
    place = Place(file, len(lines), len(lines[-1]) + 1)
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return NOT_TEXT(place)
    return GBK(place)


def _clean(file: str, lines: tuple[str, ...], found: Findings) -> bool:
    """Report the first of each kind of character that YAML would stumble over or hide."""
    begin = len(found)
    for number, line in enumerate(lines, 1):
        match = _HIDDEN.search(line)
        if match is not None:
            found.add(HIDDEN(Place(file, number, match.start() + 1), code=f"{ord(match[0]):04X}"))
            break
    for number, line in enumerate(lines, 1):
        blank = line[: len(line) - len(line.lstrip())]
        if blank == line:
            continue
        odd = next((at for at, c in enumerate(blank) if c != " "), None)
        if odd is not None:
            found.add((TAB if blank[odd] == "\t" else WIDE_BLANK)(Place(file, number, odd + 1)))
            break
    return len(found) == begin
