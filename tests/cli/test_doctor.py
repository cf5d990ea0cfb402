"""`budayang doctor`: looks at everything, stops at nothing, and says what to do about what it finds."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.site import Site, library_in


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return library_in(tmp_path / "site", f"sqlite:///{tmp_path / 'site.db'}")


def findings(site: Site, code: int, **settings: str) -> list[str]:
    done = site.run("doctor", **settings)
    assert done.exit_code == code, done.output
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_a_good_site_has_nothing_wrong_on_either_database(library: Site) -> None:
    said = findings(library, 0)
    assert all(line.startswith("✓") for line in said)
    assert "✓ 发布：第 1 次" in said
    assert "✓ 平台表：与本程序相符" in said


def test_every_trouble_is_told_though_another_comes_first(site: Site) -> None:
    (site.folder / "config/site.yaml").write_text("site: [", encoding="utf-8")
    said = findings(site, 1, BUDAYANG_SECRET_KEY="short")
    assert any(line.startswith("✗ 配置：1 个问题") for line in said)
    assert any(line.startswith("✗ 设置：BUDAYANG_SECRET_KEY：太短") for line in said)
    assert any(line.startswith("✓ Python") for line in said)
    assert "    建议：请运行 budayang check 查看每个问题的位置和改法" in said


def test_a_site_that_was_never_applied_is_told_what_to_run(site: Site, tmp_path: Path) -> None:
    said = findings(Site(site.folder, f"sqlite:///{tmp_path / 'empty.db'}"), 1)
    assert "✗ 发布：还没有应用过配置" in said
    assert said[-1].endswith('请先运行：budayang apply --yes -m "首次发布"')


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+psycopg://postgres:Hidden-1@127.0.0.1:1/x", "没有应答（OperationalError）"),
        ("sqlite:////nowhere/at/all.db", "没有应答（OperationalError）"),
        ("no address", "不是可用的数据库地址"),
        ("mysql://root@127.0.0.1/x", "BUDAYANG_DATABASE_URL"),
    ],
)
def test_a_database_that_does_not_answer_is_told_without_its_password(
    site: Site, url: str, says: str
) -> None:
    said = "\n".join(findings(Site(site.folder, url), 1))
    assert says in said
    assert "Hidden-1" not in said


def test_a_file_that_is_no_database_is_told(site: Site, tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    said = findings(Site(site.folder, f"sqlite:///{tmp_path / 'broken.db'}"), 1)
    assert any("✗ 数据库" in line for line in said)


def test_a_release_that_this_program_cannot_read_is_told(site: Site, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "site.db")
    with connection:
        connection.execute("UPDATE platform_file SET content = X'5B'")
    connection.close()
    said = findings(site, 1)
    assert "✗ 发布：第 1 次" in said
    assert said[-1] == "    建议：程序读不懂现行发布的配置，请修正后重新应用"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    gone = Site(tmp_path / "gone", f"sqlite:///{tmp_path / 'site.db'}")
    said = findings(gone, 1)
    assert any(line.startswith("✗ 设置：没有这个文件夹") for line in said)


def test_a_nearly_full_disk_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9 - 2**20, 2**20))
    assert "✗ 实例文件夹的剩余空间：1 MB" in findings(site, 1)
