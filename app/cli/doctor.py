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
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app.cli.opening import NOT_APPLIED, open_engine, open_settings
from app.cli.options import site_option

MEGABYTE = 2**20
MIN_FREE = 500 * MEGABYTE
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
    fine = True
    for look in LOOKS:
        for finding in look(site):
            _tell(finding)
            fine = fine and finding.fine
    sys.exit(0 if fine else 1)


def _tell(finding: Finding) -> None:
    mark = click.style("✓", fg="green") if finding.fine else click.style("✗", fg="red")
    click.echo(f"{mark} {finding.name}：{finding.fact}")
    if not finding.fine and finding.remedy:
        click.echo(f"    建议：{finding.remedy}")


def _python(site: Path) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), version, "请安装 Python 3.11 或更新的版本")
    fine = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    yield Finding("SQLite", fine, sqlite3.sqlite_version, "请换用带较新 SQLite 的 Python")


def _configuration(site: Path) -> Iterator[Finding]:
    from app.manifest.load import load_site

    loaded = load_site(site)
    count = len(loaded.problems)
    fact = f"{count} 个问题" if count else f"{len(loaded.lines)} 个文件，没有问题"
    yield Finding("配置", not count, fact, "请运行 budayang check 查看每个问题的位置和改法")


def _folders(site: Path) -> Iterator[Finding]:
    """The folder that holds the secret, the database by default and the attachments by default."""
    try:
        settings = open_settings(site)
    except click.ClickException as bad:
        yield Finding("设置", False, bad.message, "请改正这项设置，各项的写法见 README")
        return
    for name, folder in (
        ("实例文件夹", site.resolve() / "instance"),
        ("附件文件夹", settings.storage),
    ):
        there = next(one for one in (folder, *folder.parents) if one.exists())
        fine = os.access(there, os.W_OK)
        yield Finding(name, fine, str(folder), "请让运行本程序的用户可以写入这个文件夹")
        free = shutil.disk_usage(there).free
        remedy = "请清理磁盘，至少留出 500 MB"
        yield Finding(f"{name}的剩余空间", free >= MIN_FREE, f"{free // MEGABYTE} MB", remedy)


def _database(site: Path) -> Iterator[Finding]:
    try:
        engine = open_engine(open_settings(site))
    except click.ClickException as bad:
        yield Finding("数据库", False, bad.message)
        return
    shown = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect() as connection:
            yield Finding("数据库", True, shown)
            yield _health(connection)
            yield from _release(connection)
    except (SQLAlchemyError, OSError) as error:
        fact = f"{shown} 没有应答（{type(error).__name__}）"
        remedy = "请检查 BUDAYANG_DATABASE_URL，以及数据库是否已启动"
        yield Finding("数据库", False, fact, remedy)
    finally:
        engine.dispose()


def _health(connection: Connection) -> Finding:
    if connection.dialect.name == "postgresql":
        number = int(connection.scalar(text("SHOW server_version_num")) or 0)
        fine, fact = number >= OLDEST_POSTGRESQL, str(number // 10000)
        return Finding("PostgreSQL 版本", fine, fact, "请升级到 15 以上")
    sound = str(connection.scalar(text("PRAGMA quick_check")))
    return Finding("数据库完整性", sound == "ok", sound, "请从备份恢复数据库文件")


def _release(connection: Connection) -> Iterator[Finding]:
    """Whether there is a release, and whether this version of the program can serve it."""
    from app.manifest.load import load_files
    from app.release.releases import live_release, release_files
    from app.schema.revisions import NewerDatabase, pending

    live = live_release(connection)
    if not live:
        yield Finding("发布", False, "还没有应用过配置", NOT_APPLIED.partition("。")[2])
        return
    try:
        lacking = len(pending(connection))
    except NewerDatabase:
        remedy = "这个数据库已被更新的版本使用过，请升级本程序"
        yield Finding("平台表", False, "比本程序新", remedy)
        return
    fact = f"还差 {lacking} 步" if lacking else "与本程序相符"
    yield Finding("平台表", not lacking, fact, "请运行 budayang apply，它会补上")
    loaded = load_files(release_files(connection, live))
    remedy = "程序读不懂现行发布的配置，请修正后重新应用"
    yield Finding("发布", loaded.manifest is not None, f"第 {live} 次", remedy)


LOOKS: tuple[Callable[[Path], Iterator[Finding]], ...] = (
    _python,
    _configuration,
    _folders,
    _database,
)
