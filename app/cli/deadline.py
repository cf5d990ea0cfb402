"""`budayang deadline`: when something is due, by a calendar of the site."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.cli.options import site_option
from app.cli.report import told
from app.domain.deadline_question import answer, read_question, written_answer
from app.domain.errors import Refusal
from app.manifest.files import site_files
from app.manifest.load import Loaded, load_files
from app.manifest.model.manifest import Manifest
from app.manifest.problems import Findings

_FILES = ("config/site.yaml", "config/calendars.yaml")
_ASKED = re.compile(r"(\S+)\s+(\S+?[ T]\S+)\s+(.+)", re.DOTALL)
_USAGE = '请写：budayang deadline 日历 起点 时限，例如 budayang deadline office_hours "2026-03-02 09:00" "3 workdays"'


@click.command()
@click.argument("words", nargs=-1, metavar="CALENDAR START TARGET")
@click.option("--pause", "pauses", multiple=True, metavar="A..B", help="暂停的起止，可写多次。")
@click.option("--back", is_flag=True, help="START 是截止时间，从它往回数 TARGET。")
@click.option("--stdin", "lines", is_flag=True, help="从标准输入逐行读 JSON，逐行回答。")
@site_option
def deadline(
    words: tuple[str, ...], pauses: tuple[str, ...], back: bool, lines: bool, site: Path
) -> None:
    """按日历推算期限，打印 2026-03-10 12:00；次年假期尚未公布的，后面加 provisional（暂定）。

    TARGET 是 30m、4h、3 workdays、3 days 或 0 workdays（当日办结）。

    --stdin 每行一个 {"calendar", "start", "target", "pauses": [[从, 到]]}，往回数写 {"calendar", "due", "back"}。
    看不懂的行原位回答 error: 原因，其余照常，最后退出码为 1。没有时限（target 为 null）的回答 none。
    """
    manifest = _calendars(site)
    if lines:
        if words or pauses or back:
            raise click.UsageError("--stdin 时不要再写其他参数")
        sys.exit(_answer_lines(manifest))
    asked = _ASKED.fullmatch(" ".join(words))
    if asked is None:
        raise click.UsageError(_USAGE)
    row: dict[str, object] = {"calendar": asked[1]}
    row |= {"due": asked[2], "back": asked[3]} if back else {"start": asked[2], "target": asked[3]}
    if pauses:
        row["pauses"] = [list(pause.split("..", 1)) for pause in pauses]
    try:
        click.echo(_answer(row, manifest))
    except Refusal as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(1)


def _calendars(site: Path) -> Manifest:
    """The site's clock and calendars; what else is wrong with the site doesn't matter here."""
    found = Findings()
    files = {path: content for path, content in site_files(site, found).items() if path in _FILES}
    loaded: Loaded = load_files(files)
    if loaded.manifest is None:
        for problem in loaded.problems:
            click.echo(told(problem, loaded.lines) + "\n", err=True)
        sys.exit(1)
    return loaded.manifest


def _answer(row: Mapping[str, object], manifest: Manifest) -> str:
    zone = ZoneInfo(manifest.site.timezone)
    return written_answer(answer(read_question(row, manifest.calendars, zone), zone))


def _answer_lines(manifest: Manifest) -> int:
    """One line for each line; 1 if one of them was an error."""
    failed = 0
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("not an object")
            said = _answer(row, manifest)
        except Refusal as refusal:
            said, failed = f"error: {refusal.message}", 1
        except (ValueError, RecursionError):
            said, failed = "error: 这一行不是 JSON 对象", 1
        click.echo(said)
    return failed
