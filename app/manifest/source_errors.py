"""The YAML parser's complaints, said in Chinese with a place and a remedy."""

from __future__ import annotations

import re

import yaml

from app.manifest.problems import fault
from app.place import Place
from app.problems import Problem

KEY_EMPTY = fault("SRC120", "冒号前面没有键", "请补上键名，或删去这一行")
UNQUOTED_CONDITION = fault(
    "SRC130",
    "花括号 {{ }} 里的条件含有 [ ] 或逗号，没有加引号",
    '请把整个条件放进双引号，例如 when: "grade in [a, b]"；或把这一项分行写',
)
WIDE_COLON = fault("SRC131", "这里用了全角冒号“：”", "请改成半角冒号加一个空格，例如 label: 名称")
NO_COLON = fault("SRC132", "这一行缺少冒号", "请写成“键: 值”，冒号后面要有一个空格")
SECOND_COLON = fault(
    "SRC133", "这里不能再出现“: ”", "上一行若已有值，就不能再往下缩进；文字里含冒号时请加引号"
)
INDENT = fault(
    "SRC134", "这一行的缩进与上下文对不上，或上一行没有写完", "同一级的键要左对齐，每级缩进两个空格"
)
QUOTE = fault(
    "SRC135", "引号没有配对", "请检查从第 {line} 行开始的引号，或引号后面是否还有多余的字"
)
SQUARE = fault("SRC136", "方括号没有配对，或两项之间缺少逗号", "请检查第 {line} 行的 [ 和 ]")
CURLY = fault(
    "SRC137",
    "花括号没有配对，或两项之间缺少逗号",
    "请检查第 {line} 行的 {{ 和 }}；文字里含花括号时请加引号",
)
START = fault("SRC138", "值不能以 {char} 开头", "若是文字，请加引号")
ESCAPE = fault("SRC139", "双引号里的反斜杠写法不对", "普通文字请用单引号，或把 \\ 写成 \\\\")
DASH = fault("SRC140", "列表的“- ”不能写在这里", "请另起一行写列表，或用 [ ]")
AFTER_VALUE = fault("SRC141", "值的后面还有多余的内容", "若整段都是文字，请把它全部放进引号")
BLOCK = fault("SRC142", "| 或 > 后面只能换行", "请把文字写在下一行并缩进，或直接加引号写在同一行")
OTHER = fault("SRC143", "YAML 写法有误", "请检查这一行及上一行的标点、引号和缩进")

_CONDITION_KEY = re.compile(
    r"\b(when|only_if|where|hit|stops|starts|pauses|visible_when|required_when|priority)\s*:\s*(?=[^\s\"'\[{,])"
)


def syntax_problem(file: str, lines: tuple[str, ...], error: yaml.YAMLError) -> Problem:
    """The one problem that stopped the parser."""
    mark = getattr(error, "problem_mark", None)
    context_mark = getattr(error, "context_mark", None) or mark
    problem = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    place = _place(file, lines, mark)
    opened = context_mark.line + 1 if context_mark is not None else place.line
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    wide = _wide_colon(file, lines, place)
    if wide is not None and "'" not in line and '"' not in line:
        return wide
    if "flow" in context:
        return _flow(lines, place, line)
    return _block(file, place, line, context, problem, opened)


def _place(file: str, lines: tuple[str, ...], mark: yaml.Mark | None) -> Place:
    """Where the parser stopped, kept inside the file: the end of the last line that says something."""
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    if line >= len(lines) or (line == len(lines) - 1 and not lines[line].strip()):
        said = [number for number, text in enumerate(lines) if text.strip()]
        line = said[-1] if said else 0
        column = len(lines[line]) if line < len(lines) else 0
    return Place(file, line + 1, column + 1)


def _wide_colon(file: str, lines: tuple[str, ...], place: Place) -> Problem | None:
    """A full-width colon where a key should have ended, on the failing line or the one before."""
    for number in (place.line, place.line - 1):
        text = lines[number - 1] if 0 < number <= len(lines) else ""
        match = re.match(r"\s*(- )?[A-Za-z_]\w*：", text)
        if match is not None:
            return WIDE_COLON(Place(file, number, match.end()))
    return None


def _flow(lines: tuple[str, ...], place: Place, line: str) -> Problem:
    before = line[: place.column - 1]
    if (
        "{" in before
        and list(_CONDITION_KEY.finditer(before))
        and line[place.column - 1 :][:1] in "[,]"
    ):
        key = list(_CONDITION_KEY.finditer(before))[-1]
        return UNQUOTED_CONDITION(Place(place.file, place.line, key.end() + 1))
    bracket, opened = _unclosed(lines, place)
    return (SQUARE if bracket == "[" else CURLY)(place, line=opened)


def _unclosed(lines: tuple[str, ...], place: Place) -> tuple[str, int]:
    """The bracket that is open at a place, with its line; quoted text and comments aside."""
    open_: list[tuple[str, int]] = []
    for number, line in enumerate(lines[: place.line], 1):
        text = line if number < place.line else line[: place.column - 1]
        for char in re.sub(r"\"[^\"]*\"|'[^']*'|(^|\s)#.*", "", text):
            if char in "[{":
                open_.append((char, number))
            elif char in "]}" and open_:
                open_.pop()
    return open_[-1] if open_ else ("{", place.line)


def _block(file: str, place: Place, line: str, context: str, problem: str, opened: int) -> Problem:
    if "quoted scalar" in context:
        if "escape" in problem:
            return ESCAPE(place)
        return QUOTE(Place(file, opened, 1) if opened != place.line else place, line=opened)
    if line.lstrip(" -").startswith(":"):
        return KEY_EMPTY(place)
    char = line[place.column - 1 : place.column]
    for words, kind in (
        ("expected ':'", NO_COLON),
        ("mapping values are not allowed", SECOND_COLON),
        ("sequence entries are not allowed", DASH),
        ("cannot start any token", START),
        ("alphabetic or numeric", START),
        ("block scalar", BLOCK),
    ):
        if words in problem or words in context:
            return kind(place, char=char)
    if "block mapping" in context or "block collection" in context:
        indent = len(line) - len(line.lstrip())
        return (INDENT if place.column - 1 <= indent else AFTER_VALUE)(place)
    return OTHER(place)
