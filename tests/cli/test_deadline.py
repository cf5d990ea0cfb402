"""`budayang deadline`: one question on the command line, many on standard input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main

CALENDARS = """\
calendars:
  office:
    label: 工作时间
    week: { mon-fri: ["08:30-12:00", "14:00-17:30"] }
    years:
      2026: { holidays: [2026-01-01..2026-01-03], workdays: [2026-01-04] }
  always: { label: 全天候, week: { mon-sun: ["00:00-24:00"] } }
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/site.yaml").write_text(
        "site: { format: 1, name: 示例, calendar: office }\n"
    )
    (tmp_path / "config/calendars.yaml").write_text(CALENDARS)
    return tmp_path


def ask(site: Path, *words: str, lines: str | None = None) -> Result:
    return CliRunner().invoke(main, ["deadline", "--site", str(site), *words], input=lines)


def answers(site: Path, *questions: object) -> Result:
    lines = "".join(json.dumps(one) + "\n" for one in questions)
    return ask(site, "--stdin", lines=lines)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("office", "2026-03-02 09:00", "4h"), "2026-03-02 15:00"),
        (("office", "2026-03-02", "09:00", "3", "workdays"), "2026-03-05 17:30"),
        (("office", "2026-01-02 10:00", "1h"), "2026-01-04 09:30"),
        (("office", "2026-03-02T09:00", "0 workdays"), "2026-03-02 17:30"),
        (("always", "2026-03-02 24:00", "72h"), "2026-03-06 00:00"),
        (("office", "2026-12-31 17:00", "1h"), "2027-01-01 09:00 provisional"),
        (("office", "2026-03-02 09:00:30", "1h"), "2026-03-02 10:00:30"),
        (("--back", "office", "2026-03-10 17:30", "14h"), "2026-03-09 08:30"),
    ],
)
def test_it_prints_the_deadline(site: Path, words: tuple[str, ...], answer: str) -> None:
    result = ask(site, *words)
    assert (result.exit_code, result.output) == (0, answer + "\n")


def test_pauses_move_it_in_order(site: Path) -> None:
    pauses = (
        "--pause",
        "2026-03-02 14:30..2026-03-02 15:00",
        "--pause",
        "2026-03-02 10:00..2026-03-02 11:30",
    )
    assert ask(site, "office", "2026-03-02 09:00", "3h", *pauses).output == "2026-03-02 16:00\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("offic", "2026-03-02 09:00", "4h"), "是不是想写 office"),
        (("office", "2026-02-30 09:00", "4h"), "不是有效的日期时间"),
        (("office", "2026-03-02 09:00", "5WD"), "请写成 5 workdays"),
        (("office", "2026-03-02 09:00", "1.5h"), "请写成 90m"),
        (("office", "2026-03-02 09:00", "0h"), "0 workdays"),
        (("office", "2990-03-02 09:00", "99999 workdays"), "2999"),
        (("office", "2026-03-02 09:00", "4h", "--pause", "2026-03-02 09:00"), "pauses"),
        (
            ("office", "2026-03-02 09:00", "4h", "--pause", "2026-03-03 09:00..2026-03-02 09:00"),
            "晚于",
        ),
    ],
)
def test_what_it_cannot_read_is_said_and_is_exit_1(
    site: Path, words: tuple[str, ...], told: str
) -> None:
    result = ask(site, *words)
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stdout == ""


def test_too_little_is_a_usage_error(site: Path) -> None:
    assert ask(site, "office").exit_code == 2
    assert ask(site, "--stdin", "office").exit_code == 2


def test_lines_are_answered_one_by_one(site: Path) -> None:
    result = answers(
        site,
        {"calendar": "office", "start": "2026-03-02 09:00", "target": "4h"},
        {
            "calendar": "office",
            "start": "2026-03-02 09:00",
            "target": "4h",
            "pauses": [["2026-03-02 09:30", "2026-03-02 10:00"]],
        },
        {"calendar": "office", "start": "2026-12-31 17:00", "target": "1h", "pauses": []},
        {"calendar": "office", "start": "2026-03-02 09:00", "target": None},
        {"calendar": "office", "due": "2026-03-10 17:30", "back": "1 workday"},
        {"calendar": "office", "due": "2026-03-10 17:30", "back": "100% - 14h"},
    )
    assert result.output.splitlines() == [
        "2026-03-02 15:00",
        "2026-03-02 15:30",
        "2027-01-01 09:00 provisional",
        "none",
        "2026-03-09 08:30",
        "2026-03-09 08:30",
    ]
    assert result.exit_code == 0


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        "[" * 100_000,
        '{"calendar": "office"}',
        '{"calendar": "office", "start": "2026-03-02 09:00"}',
        '{"calendar": "office", "start": "2026-03-02 09:00", "target": 4}',
        '{"calendar": "office", "start": "2026-03-02 09:00", "target": "4h", "pause": []}',
        '{"calendar": "office", "start": "2026-03-02 09:00", "target": "4h", "pauses": [["2026-03-02 09:00"]]}',
        '{"calendar": "office", "start": "2026-03-02 09:00", "target": "4h", "pauses": "x"}',
        '{"calendar": "office", "start": "9999-03-02 09:00", "target": "4h"}',
        '{"calendar": "office", "due": "2026-03-02 09:00", "back": "4h", "pauses": [["a", "b"]]}',
        '{"calendar": ["office"], "start": "2026-03-02 09:00", "target": "4h"}',
    ],
)
def test_a_bad_line_is_answered_in_its_place_and_the_others_too(site: Path, line: str) -> None:
    good = '{"calendar": "office", "start": "2026-03-02 09:00", "target": "4h"}'
    result = ask(site, "--stdin", lines=f"{line}\n\n{good}\n")
    first, second = result.output.splitlines()
    assert first.startswith("error: ")
    assert second == "2026-03-02 15:00"
    assert result.exit_code == 1


def test_bytes_that_are_no_text_are_a_bad_line(site: Path) -> None:
    result = CliRunner().invoke(
        main, ["deadline", "--site", str(site), "--stdin"], input=b"\xff\xfe\n"
    )
    assert result.output.startswith("error: ")


def test_problems_of_the_calendars_are_shown_and_others_do_not_matter(site: Path) -> None:
    (site / "workflows.yaml").write_text("workflows: [\n")
    assert ask(site, "office", "2026-03-02 09:00", "4h").exit_code == 0
    (site / "config/calendars.yaml").write_text("calendars: { office: { label: 空 } }\n")
    result = ask(site, "office", "2026-03-02 09:00", "4h")
    assert result.exit_code == 1
    assert "CAL102" in result.stderr
