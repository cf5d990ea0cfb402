"""Reading a site's `demo/` folder: its rows, in the form that `demo/README.md` describes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.condition.facts import Facts, moment
from app.condition.tree import Moment, Span
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.manifest.model.manifest import Manifest

MARKS = ("_at", "_by", "_edit")
_RELATIVE = re.compile(r"today(?: ([+-]) (\d{1,5}) (day|month|year)s?)?(?: (\d{2}):(\d{2}))?")


class DemoProblem(Exception):
    """A demo file that can't be loaded; the message (Chinese) names file and line."""


@dataclass(frozen=True, slots=True)
class DemoRow:
    """One line of a file: field values as written, and what begins with `_` apart."""

    entity: str
    line: int
    values: Mapping[str, object]
    at: str | None = None
    by: str | None = None
    edit: str | None = None

    @property
    def where(self) -> str:
        return f"demo/{self.entity}.jsonl:{self.line}"


def read_rows(folder: Path, manifest: Manifest) -> dict[str, tuple[DemoRow, ...]]:
    """The rows of every `demo/ENTITY.jsonl`, entities in an order in which what is referred to comes first."""
    found: dict[str, tuple[DemoRow, ...]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        entity = file.stem
        if entity not in manifest.entities:
            raise DemoProblem(f"demo/{file.name}：站点里没有“{entity}”这个实体")
        lines = enumerate(_lines(file), 1)
        found[entity] = tuple(_row(entity, number, text) for number, text in lines if text.strip())
    return {key: found[key] for key in referred_first(manifest, tuple(found))}


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DemoProblem(f"demo/{file.name} 读不了，应为 UTF-8 文本：{error}") from error


def _row(entity: str, line: int, text: str) -> DemoRow:
    where = f"demo/{entity}.jsonl:{line}"
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DemoProblem(f"{where} 不是一个 JSON 对象") from error
    if not isinstance(said, dict):
        raise DemoProblem(f"{where} 不是一个 JSON 对象")
    values = {key: value for key, value in said.items() if not key.startswith("_")}
    marks = {key: value for key, value in said.items() if key.startswith("_")}
    for key, value in marks.items():
        if key not in MARKS or not isinstance(value, str):
            raise DemoProblem(f"{where}：以下划线开头的只有 {'、'.join(MARKS)}，值是文字")
    return DemoRow(entity, line, values, *(marks.get(key) for key in MARKS))


def referred_first(manifest: Manifest, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The entities so that each comes after those that its refs point to, as far as there is no circle."""
    done: dict[str, None] = {}

    def visit(key: str, path: frozenset[str]) -> None:
        if key in done or key in path:
            return
        for target in sorted(_targets(manifest.entities[key])):
            if target in keys:
                visit(target, path | {key})
        done[key] = None

    for key in keys:
        visit(key, frozenset())
    return tuple(done)


def _targets(entity: Entity) -> set[str]:
    kinds = (FieldType.REF, FieldType.REFS)
    return {field.to for field in entity.live_fields.values() if field.type in kinds and field.to}


def written_moment(text: str, facts: Facts) -> datetime | None:
    """The moment of `2026-03-02 09:00` or `today - 3 days 10:20`; None if it is neither."""
    match = _RELATIVE.fullmatch(text)
    if match is None:
        try:
            return datetime.fromisoformat(text).replace(tzinfo=facts.zone)
        except ValueError:
            return None
    day = relative_day(text, facts)
    if day is None:
        return None
    try:
        return datetime.fromisoformat(f"{day} {match[4] or '00'}:{match[5] or '00'}").replace(
            tzinfo=facts.zone
        )
    except ValueError:
        return None


def relative_day(text: str, facts: Facts) -> str | None:
    """`today - 40 days` as a date's text; None if it isn't such a word."""
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return None
    amount = int(match[2] or 0) * (-1 if match[1] == "-" else 1)
    try:
        day = moment(Moment(0, "today", Span(amount, f"{match[3] or 'day'}s")), facts)
    except (OverflowError, ValueError):
        return None
    return day.isoformat()
