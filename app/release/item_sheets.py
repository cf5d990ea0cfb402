"""Declared rows from a sheet: columns by a field's label or key, cells as people fill them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from python_calamine import CalamineError, CalamineWorkbook

from app.manifest.field_values import ValueProblem, read_text
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.manifest import Manifest
from app.manifest.read.items import code_field
from app.release.item_yaml import as_written

MAX_ROWS = 20_000
SEPARATORS = "、，,；;\n"


class BadSheet(Exception):
    """The sheet as a whole can't be used."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows as texts by field key, and what is wrong, cell by cell."""

    rows: tuple[Mapping[str, object], ...]
    problems: tuple[str, ...]


def read_sheet(path: Path, entity: Entity, manifest: Manifest) -> Sheet:
    """The first sheet of an Excel file. Raises BadSheet where it has no usable columns or too many rows."""
    try:
        cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError) as error:
        raise BadSheet(f"{path} 打不开：请另存为 .xlsx 再试") from error
    if not cells:
        raise BadSheet(f"{path} 的第一张表是空的")
    if len(cells) > MAX_ROWS + 1:
        raise BadSheet(f"有 {len(cells) - 1} 行，最多 {MAX_ROWS} 行；这样多的数据请用界面上的导入")
    columns = _columns(entity, cells[0])
    zone = ZoneInfo(manifest.site.timezone)
    rows: list[Mapping[str, object]] = []
    problems: list[str] = []
    for number, line in enumerate(cells[1:], 2):
        if not any(str(cell).strip() for cell in line):
            continue
        row: dict[str, object] = {}
        for field, cell in zip(columns, line, strict=False):
            if field is None or not str(cell).strip():
                continue
            try:
                row[field.key] = _value(field, _cell_text(cell), manifest, zone)
            except ValueProblem as problem:
                problems.append(f"第 {number} 行“{field.label}”：{problem}")
        rows.append(row)
    problems += _code_problems(entity, rows)
    return Sheet(tuple(rows), tuple(problems))


def _columns(entity: Entity, head: Sequence[object]) -> list[Field | None]:
    named = {field.label: field for field in entity.live_fields.values()}
    named |= dict(entity.live_fields)
    columns = [named.get(str(cell).strip().rstrip("*＊")) for cell in head]
    code = code_field(entity)
    if code is None:
        raise BadSheet(f"“{entity.label}”没有 code 类型的字段，不能预先写行")
    if code not in columns:
        raise BadSheet(f"第一行要写列名，其中要有“{code.label}”（{code.key}）")
    unknown = [
        str(cell)
        for cell, found in zip(head, columns, strict=True)
        if found is None and str(cell).strip()
    ]
    if unknown:
        known = "、".join(field.label for field in entity.live_fields.values())
        raise BadSheet(f"不认识这些列：{'、'.join(unknown)}。可用的有：{known}")
    return columns


def _cell_text(cell: object) -> str:
    match cell:
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return (
                cell.strftime("%Y-%m-%d %H:%M")
                if cell.time() != time()
                else cell.strftime("%Y-%m-%d")
            )
        case date():
            return cell.isoformat()
        case time():
            return cell.strftime("%H:%M")
        case _:
            return str(cell).strip()


def _value(field: Field, text: str, manifest: Manifest, zone: ZoneInfo) -> object:
    match field.type:
        case FieldType.CHOICE:
            return _choice(field, text)
        case FieldType.CHOICES:
            return [_choice(field, word) for word in _split(text)]
        case FieldType.REF:
            return _ref(field, text, manifest)
        case FieldType.REFS:
            return [_ref(field, word, manifest) for word in _split(text)]
        case FieldType.FILES | FieldType.CONDITION:
            return text
        case _:
            return as_written(field, read_text(field, text, zone), zone)


def _split(text: str) -> Iterator[str]:
    for separator in SEPARATORS:
        text = text.replace(separator, "\n")
    return (word.strip() for word in text.split("\n") if word.strip())


def _choice(field: Field, word: str) -> str:
    for choice in field.choices:
        if word in (choice.key, choice.label):
            return choice.key
    raise ValueProblem(
        f"没有“{word[:40]}”这个选项，可选 {'、'.join(one.label for one in field.choices)}"
    )


def _ref(field: Field, word: str, manifest: Manifest) -> str:
    """The code or key of what is meant; people write names."""
    organization = manifest.organization
    match field.to:
        case "user":
            return word
        case "department":
            names = {one.label: key for key, one in organization.departments.items()}
        case "post":
            names = {one.label: key for key, one in organization.posts.items()}
        case _:
            target = manifest.entities[field.to or ""]
            names = {str(item.values.get(target.title)): item.code for item in target.items}
    keys = set(names.values())
    if word in keys:
        return word
    if word in names:
        return names[word]
    raise ValueProblem(f"没有“{word[:40]}”")


def _code_problems(entity: Entity, rows: Sequence[Mapping[str, object]]) -> Iterator[str]:
    code = code_field(entity)
    assert code is not None
    seen: set[object] = set()
    for row in rows:
        value = row.get(code.key)
        if value is None:
            yield f"有一行没有写“{code.label}”：{'、'.join(map(str, list(row.values())[:3]))}"
        elif value in seen:
            yield f"“{code.label}” {value} 出现了不止一次"
        seen.add(value)
