"""`budayang check`: readable for people, exact for programs, and never a trace, whatever it is given."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from app.cli import COMMANDS, main
from app.cli.report import told, width_of
from app.place import Place
from app.problems import Problem
from tests.manifest.examples import base_files
from tests.manifest.made_examples import MADE, made_example

SITE = {"config/site.yaml": "site: { format: 1, name: 小站 }\n"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for path, text in SITE.items():
        write(tmp_path, path, text)
    return tmp_path


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_good_site_ends_in_exit_0(site: Path) -> None:
    done = run("check", "--site", site)
    assert done.exit_code == 0
    assert done.output == "没有问题：1 个文件，0 个实体。\n"


def test_a_problem_is_told_with_place_id_line_caret_and_remedy(site: Path) -> None:
    fields = "  name: { label: 书名, type: text, serch: yes }\n"
    write(site, "catalogs/book.yaml", f"entity: book\nlabel: 书\nfields:\n{fields}")
    done = run("check", "--site", site)
    assert done.exit_code == 1
    assert done.output == (
        "catalogs/book.yaml:4:34  VAL103  字段里没有 serch 这个键\n"
        "     4 |   name: { label: 书名, type: text, serch: yes }\n"
        "                                            ^\n"
        "    建议：是不是想写 search？\n"
        "\n"
        "发现 1 个问题。\n"
    )
    line, caret = done.output.splitlines()[1:3]
    assert sum(width_of(c) for c in line[: line.index("serch")]) == caret.index("^")


def test_programs_get_exactly_the_agreed_keys(site: Path) -> None:
    write(site, "config/roles.yaml", "role: {}\n")
    done = run("check", "--site", site, "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.output) == [
        {
            "id": "VAL103",
            "file": "config/roles.yaml",
            "line": 1,
            "column": 1,
            "message": "config/roles.yaml 里没有 role 这个键",
            "hint": "是不是想写 roles？",
        }
    ]


def test_programs_get_an_empty_list_for_a_good_site(site: Path) -> None:
    done = run("check", "--site", site, "--format", "json")
    assert (done.exit_code, json.loads(done.output)) == (0, [])


def test_a_notice_is_told_and_is_no_fault(site: Path) -> None:
    week = '{ mon-fri: ["09:00-17:00"] }'
    years = "{ 2020: { holidays: [2020-01-01] } }"
    write(
        site,
        "config/calendars.yaml",
        f"calendars:\n  office:\n    label: 上班\n    week: {week}\n    years: {years}\n",
    )
    done = run("check", "--site", site)
    assert done.exit_code == 0
    assert "提示 NTC102" in done.output


def test_the_current_folder_is_the_site_unless_said(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site)
    assert run("check").exit_code == 0


def test_a_folder_that_is_no_site_is_told_so(tmp_path: Path) -> None:
    for folder, id_ in ((tmp_path, "FIL102"), (tmp_path / "gone", "FIL101")):
        done = run("check", "--site", folder)
        assert done.exit_code == 1
        assert id_ in done.output


@pytest.mark.parametrize("name", sorted(MADE))
def test_no_input_ends_in_a_trace(name: str, tmp_path: Path) -> None:
    folder, expected = made_example(name, tmp_path)
    done = run("check", "--site", folder)
    assert done.exit_code == 1
    assert expected.id in done.output
    assert "Traceback" not in done.output
    assert "内部错误" not in done.output


def test_a_terminal_that_knows_no_chinese_gets_escapes_not_a_trace(site: Path) -> None:
    write(site, "config/roles.yaml", "role: {}\n")
    command = [
        sys.executable,
        "-c",
        "from app.cli import main; main()",
        "check",
        "--site",
        str(site),
    ]
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 1
    assert b"VAL103" in done.stdout
    assert b"Traceback" not in done.stderr


def test_what_nobody_foresaw_is_one_line_unless_a_trace_is_asked_for(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("糟了")

    monkeypatch.setattr("app.cli.check.load_site", fail)
    done = run("check", "--site", site)
    assert done.exit_code == 1
    assert "程序内部错误：ZeroDivisionError：糟了" in done.output
    assert isinstance(run("--traceback", "check", "--site", site).exception, ZeroDivisionError)


def test_help_lists_the_commands_without_importing_them() -> None:
    code = (
        "import sys; from app.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith(('sqlalchemy', 'flask', 'yaml', 'app.manifest'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "check" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_checking_needs_neither_the_web_nor_the_database() -> None:
    code = (
        "import sys, app.cli.check\n"
        "print([m for m in sys.modules if m in ('sqlalchemy', 'flask', 'alembic', 'jinja2')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_takes_the_site() -> None:
    for name, command in main.commands.items():
        whole = [command, *getattr(command, "commands", {}).values()]
        takes = [any("--site" in option.opts for option in one.params) for one in whole]
        assert any(takes), name
        assert name in COMMANDS


def test_a_long_line_is_cut_around_the_caret() -> None:
    line = "字" * 300 + "错" + "字" * 300
    text = told(Problem("XXX101", Place("a.yaml", 1, 301), "错了"), {"a.yaml": (line,)})
    shown, caret = click.unstyle(text).splitlines()[1:3]
    assert len(shown) < 130
    assert sum(width_of(c) for c in shown[: shown.index("错")]) == caret.index("^")


def test_a_good_site_stays_good_on_screen(tmp_path: Path) -> None:
    for path, content in base_files().items():
        write(tmp_path, path, content.decode())
    assert run("check", "--site", tmp_path).exit_code == 0
