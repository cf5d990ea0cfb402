"""Problems as a person reads them in a terminal: place, id, what is wrong, the line with a caret, the remedy."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import click

from app.problems import Problem

WIDTH = 100  # columns of a source line that are shown around the caret


def told(problem: Problem, lines: Mapping[str, tuple[str, ...]], *, notice: bool = False) -> str:
    """One problem with its source line."""
    place = click.style(str(problem.place), bold=True)
    kind = (
        click.style(f"提示 {problem.id}", fg="blue")
        if notice
        else click.style(problem.id, fg="red")
    )
    parts = [f"{place}  {kind}  {problem.message}", *_excerpt(problem, lines)]
    if problem.hint:
        parts.append(f"    {click.style('建议：', fg='green')}{problem.hint}")
    return "\n".join(parts)


def as_json(problems: Iterable[Problem]) -> str:
    """The problems as the contract has them: id, file, line, column, message, hint."""
    rows = [
        {
            "id": problem.id,
            "file": problem.place.file,
            "line": problem.place.line,
            "column": problem.place.column,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in problems
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _excerpt(problem: Problem, lines: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    source = lines.get(problem.place.file, ())
    if not 1 <= problem.place.line <= len(source):
        return
    text = source[problem.place.line - 1]
    column = min(problem.place.column, len(text) + 1)
    if not text.strip():
        return
    begin = _window(text, column)
    part, caret = text[begin:], column - 1 - begin
    shown = "".join(_clean(c) for c in part)[:WIDTH]
    head = "…" if begin else ""
    gutter = f"{problem.place.line:>6} | "
    pad = sum(width_of(_clean(c)) for c in part[:caret]) + sum(width_of(c) for c in head)
    yield f"{click.style(gutter, dim=True)}{head}{shown}"
    yield " " * (len(gutter) + pad) + click.style("^", fg="red", bold=True)


def _window(text: str, column: int) -> int:
    """Where a long line is cut so that the caret is seen."""
    return 0 if column <= WIDTH * 3 // 4 else column - WIDTH // 2


def _clean(char: str) -> str:
    """One printable character for every character."""
    return (
        char if char.isprintable() and unicodedata.category(char) not in ("Cf", "Cn", "Co") else "·"
    )


def width_of(char: str) -> int:
    """Columns that a character takes in a terminal: two for Chinese, none for combining marks."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
