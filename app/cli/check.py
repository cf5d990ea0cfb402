"""`budayang check`: every problem of a site at once, each with its place and the likely correction."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from app.cli.options import site_option
from app.cli.report import as_json, told
from app.manifest.load import Loaded, load_site


@click.command()
@site_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="输出格式，默认 text。",
)
def check(site: Path, form: str) -> None:
    """检查配置。没有问题时退出码是 0，有问题是 1。"""
    loaded = load_site(site, today=datetime.now(UTC).astimezone().date())
    if form == "json":
        click.echo(as_json(loaded.problems))
    else:
        _say(loaded)
    sys.exit(1 if loaded.problems else 0)


def _say(loaded: Loaded) -> None:
    for problem in loaded.problems:
        click.echo(told(problem, loaded.lines) + "\n")
    for notice in loaded.notices:
        click.echo(told(notice, loaded.lines, notice=True) + "\n")
    if loaded.manifest is None:
        click.echo(f"发现 {len(loaded.problems)} 个问题。")
        return
    entities = len(loaded.manifest.entities)
    click.echo(f"没有问题：{len(loaded.lines)} 个文件，{entities} 个实体。")
