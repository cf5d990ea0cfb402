"""check → plan → apply → releases → rollback at the command line, with the exit codes of the contract."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from app.cli import main
from tests.release.shop import SITE

WriteSite = Callable[[Mapping[str, str]], Path]
JOB, TOOL = "catalogs/job.yaml", "catalogs/tool.yaml"


@pytest.fixture
def site(write_site: WriteSite, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repair shop's folder; its database is in it."""
    monkeypatch.delenv("BUDAYANG_DATABASE_URL", raising=False)
    return write_site(SITE)


def run(site: Path, *words: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, [*words, "--site", str(site)], input=text)


def edit(site: Path, path: str, old: str, new: str) -> None:
    file = site / path
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def applied(site: Path, *words: str) -> Result:
    result = run(site, "apply", "--yes", *words)
    assert result.exit_code == 0, result.output
    return result


def test_from_an_empty_folder_to_the_second_release_and_back(site: Path) -> None:
    first = run(site, "plan")
    assert first.exit_code == 3
    assert "首次发布“修理铺”" in first.output
    assert "现在是第 1 次发布" in applied(site, "-m", "开张").output
    assert run(site, "plan").exit_code == 0
    edit(site, TOOL, "lends: 3 workdays", "lends: 5 workdays")
    second = run(site, "plan")
    assert second.exit_code == 3
    assert f"～ [安全] T1 借期 3→5 工作日  {TOOL}:14:5" in second.output
    applied(site, "-m", "放宽")
    listed = run(site, "releases").output
    assert "● 现行 第 2 次" in listed
    assert "放宽" in listed
    assert "开张" in listed
    back = run(site, "rollback", "1", "--yes")
    assert back.exit_code == 0
    assert "T1 借期 5→3 工作日" in back.output
    assert "（退回到第 1 次）" in run(site, "releases").output
    assert "lends: 5 workdays" in (site / TOOL).read_text("utf-8")


def test_applying_again_does_nothing(site: Path) -> None:
    applied(site)
    again = applied(site)
    assert "没有变化：与第 1 次发布一致。" in again.output
    assert run(site, "releases", "--format", "json").output.count('"release"') == 1


def test_the_plan_as_json(site: Path) -> None:
    applied(site)
    edit(site, JOB, "label: 维修单", "label: 工单")
    result = run(site, "plan", "--format", "json")
    assert result.exit_code == 3
    steps = json.loads(result.output)
    assert [(s["do"], s["target"], s["risk"]) for s in steps] == [("entity.change", "job", "safe")]


def test_a_plan_in_a_file_is_applied_once(site: Path, tmp_path: Path) -> None:
    applied(site)
    edit(site, JOB, "label: 维修单", "label: 工单")
    path = str(tmp_path / "plan.yaml")
    assert run(site, "plan", "-o", path).exit_code == 3
    assert run(site, "apply", path, "--yes").exit_code == 0
    stale = run(site, "apply", path, "--yes")
    assert stale.exit_code == 1
    assert "第 1 次发布做的，现在已是第 2 次" in stale.output


def test_nothing_is_applied_unasked(site: Path) -> None:
    result = run(site, "apply")
    assert result.exit_code == 1
    assert "请加 --yes" in result.output
    assert run(site, "releases").exit_code == 1


def test_a_site_with_problems_is_neither_planned_nor_applied(site: Path) -> None:
    edit(site, JOB, "type: text", "type: txet")
    for command in (["plan"], ["apply", "--yes"]):
        result = run(site, *command)
        assert result.exit_code == 1
        assert f"{JOB}:7:31" in result.output
        assert "Traceback" not in result.output


def test_a_refused_step_is_shown_and_exits_with_one(site: Path) -> None:
    from app.schema.engine import engine as make_engine
    from tests.release.shop import add

    applied(site)
    engine = make_engine(f"sqlite:///{site / 'instance/budayang.db'}")
    add(engine, SITE, "job", subject="修锁", grade="urgent")
    engine.dispose()
    edit(site, JOB, ", urgent: 紧急", "")
    for command in (["plan"], ["apply", "--yes"]):
        result = run(site, *command)
        assert result.exit_code == 1
        assert "✗ [不能执行]" in result.output
        assert "1 条记录在用" in result.output
    assert "第 2 次" not in run(site, "releases").output


def test_a_database_that_does_not_answer_is_named_without_its_password(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUDAYANG_DATABASE_URL", "postgresql+psycopg://u:geheim@127.0.0.1:1/none")
    for command in (["plan"], ["apply", "--yes"], ["releases"]):
        result = run(site, *command)
        assert result.exit_code == 1
        assert "127.0.0.1" in result.output
        assert "geheim" not in result.output
        assert "Traceback" not in result.output


def test_there_is_no_way_back_to_what_never_was(site: Path) -> None:
    applied(site)
    assert "没有第 7 次发布" in run(site, "rollback", "7", "--yes").output
    assert "现在就是第 1 次发布" in run(site, "rollback", "1", "--yes").output
    assert run(site, "rollback", "0").exit_code == 2


def test_releases_can_be_written_out(site: Path, tmp_path: Path) -> None:
    applied(site)
    result = run(site, "releases", "--export", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert (tmp_path / "out/0001" / JOB).read_text("utf-8") == SITE[JOB]


def test_the_steps_of_one_release(site: Path) -> None:
    applied(site)
    output = run(site, "releases", "1").output
    assert "新建“维修单”" in output
    assert "没有第 2 次发布" in run(site, "releases", "2").output


def test_rows_out_of_the_database_and_out_of_excel(site: Path, tmp_path: Path) -> None:
    applied(site)
    printed = run(site, "items", "export", "tool")
    assert printed.output.startswith("items:\n  - { code: T1, name: 扳手,")
    path = tmp_path / "tools.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    for row, line in enumerate([["编码", "名称", "借期"], ["T9", "铁锤", "2 workdays"]]):
        page.write_row(row, 0, line)
    book.close()
    made = run(site, "items", "import", "tool", str(path))
    assert made.output == "items:\n  - { code: T9, name: 铁锤, lends: 2 workdays }\n"
    assert "没有 tol 这个实体" in run(site, "items", "export", "tol").output
