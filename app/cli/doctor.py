"""`budayang doctor`: what keeps a site from running well, and what to do about it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.cli.opening import open_settings
from app.cli.options import site_option
from app.settings import Settings

MIN_FREE = 500 * 1024 * 1024
OLDEST_SQLITE = (3, 35, 0)
OLDEST_POSTGRESQL = 150000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: fine or not, and the remedy where it isn't."""

    name: str
    fine: bool
    fact: str
    remedy: str = ""


@click.command()
@site_option
def doctor(site: Path) -> None:
    """找出妨碍站点运行的问题。有问题时退出码是 1。"""
    findings = [finding for look in LOOKS for finding in look(site)]
    for finding in findings:
        mark = click.style("✓", fg="green") if finding.fine else click.style("✗", fg="red")
        click.echo(f"{mark} {finding.name}：{finding.fact}")
        if not finding.fine and finding.remedy:
            click.echo(f"    建议：{finding.remedy}")
    sys.exit(0 if all(finding.fine for finding in findings) else 1)


def _python(site: Path) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), version, "请安装 Python 3.11 或更新的版本")
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        yield Finding("SQLite", False, sqlite3.sqlite_version, "请换用带较新 SQLite 的 Python")


def _configuration(site: Path) -> Iterator[Finding]:
    from app.manifest.load import load_site

    loaded = load_site(site)
    fact = f"{len(loaded.problems)} 个问题" if loaded.problems else f"{len(loaded.lines)} 个文件，没有问题"
    yield Finding("配置", not loaded.problems, fact, "请运行 budayang check 查看每个问题的位置和改法")


def _folders(site: Path) -> Iterator[Finding]:
    settings = open_settings(site)
    instance = site.resolve() / "instance"
    for name, folder in (("实例文件夹", instance), ("附件文件夹", settings.storage)):
        parent = folder if folder.exists() else folder.parent
        while not parent.exists():
            parent = parent.parent
        fine = os.access(parent, os.W_OK)
        yield Finding(name, fine, str(folder), "请让运行本程序的用户可以写入这个文件夹")
        free = shutil.disk_usage(parent).free
        yield Finding(f"{name}的剩余空间", free >= MIN_FREE, f"{free // 2**20} MB", "请清理磁盘，至少留出 500 MB")


def _database(site: Path) -> Iterator[Finding]:
    from app.schema.engine import engine as make_engine

    settings = open_settings(site)
    engine = make_engine(settings.database_url)
    shown = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect() as connection:
            yield Finding("数据库", True, shown)
            if engine.dialect.name == "postgresql":
                number = int(connection.scalar(text("SHOW server_version_num")) or 0)
                yield Finding("PostgreSQL 版本", number >= OLDEST_POSTGRESQL, str(number // 10000), "请升级到 15 以上")
            else:
                sound = connection.scalar(text("PRAGMA quick_check"))
                yield Finding("数据库完整性", sound == "ok", str(sound), "请从备份恢复数据库文件")
        yield from _releases(settings)
    except (SQLAlchemyError, OSError) as error:
        yield Finding("数据库", False, f"{shown} 没有应答（{type(error).__name__}）", "请检查 BUDAYANG_DATABASE_URL")
    finally:
        engine.dispose()


def _releases(settings: Settings) -> Iterator[Finding]:
    from app.manifest.load import load_files
    from app.release.releases import live_release, release_files
    from app.schema.engine import engine as make_engine

    engine = make_engine(settings.database_url)
    try:
        live = live_release(engine)
        if not live:
            yield Finding("发布", False, "还没有应用过配置", "请运行 budayang apply --yes -m \"首次发布\"")
            return
        loaded = load_files(release_files(engine, live))
        yield Finding(
            "发布", loaded.manifest is not None, f"第 {live} 次", "程序读不懂现行发布的配置，请修正后重新应用"
        )
    finally:
        engine.dispose()


LOOKS: tuple[Callable[[Path], Iterator[Finding]], ...] = (_python, _configuration, _folders, _database)
