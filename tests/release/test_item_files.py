"""Declared rows out of the database, and out of Excel: what is written can be read, and means the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import Engine

from app.release.item_rows import read_rows
from app.release.item_sheets import BadSheet, read_sheet
from app.release.item_yaml import as_yaml, items_yaml
from tests.release.shop import SITE, Files, applied, edited, manifest_of, planned, rows, schema_of

TOOL = "catalogs/tool.yaml"
EVERY = edited(
    SITE,
    (
        TOOL,
        "  fits:",
        "  share: { label: 比例, type: percent }\n  since: { label: 起, type: date }\n  at: { label: 时, type: time }\n"
        "  seen: { label: 见于, type: datetime }\n  safe: { label: 安全, type: yes_no }\n  parts: { label: 配件, type: lines }\n"
        "  near: { label: 相近, type: refs, to: tool }\n  rule: { label: 条件, type: condition, of: job }\n  many: { label: 数量, type: integer }\n  fits:",
    ),
    (
        TOOL,
        "items:\n",
        'items:\n  - { code: T0, name: "a: b, [c] # d", share: 60%, since: 2026-03-02, at: "08:30", seen: 2026-03-02 09:00, '
        'safe: no, parts: [甲, 乙], near: [T2, T1], rule: "grade in [urgent, normal]", many: 7 }\n',
    ),
)


def exported(engine: Engine, files: Files) -> str:
    manifest = manifest_of(files)
    from zoneinfo import ZoneInfo

    with engine.connect() as connection:
        found = read_rows(connection, schema_of(files), manifest.entities["tool"])
    return as_yaml(manifest.entities["tool"], found.values(), ZoneInfo("Asia/Shanghai"))


def test_what_is_exported_says_what_was_declared(engine: Engine) -> None:
    applied(engine, EVERY)
    printed = exported(engine, EVERY)
    head = EVERY[TOOL][: EVERY[TOOL].index("items:")]
    again = EVERY | {TOOL: head + printed}
    assert [s.do for s in planned(engine, again).steps] == ["files.text"]
    assert planned(engine, again).notices == ()


def test_exported_rows_stand_one_a_line_without_quotes_they_don_t_need(engine: Engine) -> None:
    applied(engine, SITE)
    assert exported(engine, SITE) == (
        "items:\n"
        "  - { code: T1, name: 扳手, lends: 3 workdays, price: 12.5, owner: bench, fits: [walk_in, phone] }\n"
        "  - { code: T2, name: 套筒, lends: 1 workday, part_of: T1 }\n"
    )


def sheet(path: Path, *lines: list[object]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet()
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            page.write(number, column, cell)
    book.close()
    return path


def read(path: Path, files: Files = EVERY):  # type: ignore[no-untyped-def]
    manifest = manifest_of(files)
    return read_sheet(path, manifest.entities["tool"], manifest)


def test_a_sheet_becomes_rows_that_can_be_applied(engine: Engine, tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "tools.xlsx",
        [
            "编码*",
            "名称",
            "借期",
            "价格",
            "属于",
            "保管部门",
            "适用渠道",
            "比例",
            "起",
            "安全",
            "many",
        ],
        [
            "T1",
            "扳手",
            "3 个工作日",
            12.5,
            None,
            "工作台",
            "上门、电话",
            "60%",
            date(2026, 3, 2),
            "是",
            7,
        ],
        [None] * 11,
        ["T2", "套筒", "4小时", 8, "扳手", "bench", "phone", 5, "2026年3月2日", "否", 8.0],
    )
    found = read(path)
    assert found.problems == ()
    head = EVERY[TOOL][: EVERY[TOOL].index("items:")]
    files = EVERY | {TOOL: head + items_yaml(found.rows)}
    applied(engine, files)
    stored = rows(engine, files, "tool", "code", "name", "many", "since", "safe", "fits")
    assert stored == [
        ("T1", "扳手", 7, date(2026, 3, 2), True, ("walk_in", "phone")),
        ("T2", "套筒", 8, date(2026, 3, 2), False, ("phone",)),
    ]
    assert rows(engine, files, "tool", "part_of_id")[1] == (1,)


def test_each_bad_cell_is_told_with_its_row_and_column(tmp_path: Path) -> None:
    path = sheet(
        tmp_path / "tools.xlsx",
        ["编码", "名称", "借期", "保管部门", "适用渠道"],
        ["T1", "扳手", "三天", "仓库", "传真"],
        ["T1", "套筒", None, None, None],
        [None, "锤子", None, None, None],
    )
    problems = "\n".join(read(path).problems)
    for words in (
        "第 2 行“借期”",
        "第 2 行“保管部门”：没有“仓库”",
        "第 2 行“适用渠道”：没有“传真”这个选项，可选 上门、电话",
        "T1 出现了不止一次",
        "有一行没有写“编码”：锤子",
    ):
        assert words in problems


@pytest.mark.parametrize(
    ("head", "words"),
    [(["名称"], "其中要有“编码”"), (["编码", "颜色"], "不认识这些列：颜色。可用的有：编码、名称")],
)
def test_columns_that_no_field_is_called_like_are_refused(
    tmp_path: Path, head: list[object], words: str
) -> None:
    with pytest.raises(BadSheet, match=words):
        read(sheet(tmp_path / "tools.xlsx", head, ["T1"]))


def test_what_isn_t_a_workbook_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "tools.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(BadSheet, match="打不开"):
        read(path)
