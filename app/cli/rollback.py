"""`budayang rollback N`: the files of an earlier release become the live release again."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import Engine

from app.cli.opening import open_engine, open_settings, require_release
from app.cli.options import site_option
from app.cli.releasing import Draft, confirmed_apply, prefer_option, why_option, yes_option
from app.manifest.load import load_files
from app.manifest.model.manifest import Manifest
from app.release.releases import NoSuchRelease, release_files
from app.release.survey import Choices


@click.command()
@click.argument("number", type=click.IntRange(min=1))
@site_option
@yes_option
@why_option
@prefer_option
def rollback(number: int, site: Path, yes: bool, why: str, prefer: str | None) -> None:
    """退回到第 NUMBER 次发布的配置。这本身是一次新的发布，先看计划；之后写入的数据保留。文件夹里的文件不动。"""
    settings = open_settings(site)
    engine = open_engine(settings)
    try:
        live = require_release(engine)
        if number == live:
            raise click.ClickException(f"现在就是第 {number} 次发布")
        draft = Draft(settings, engine, _manifest(engine, number))
        reason = why or f"退回到第 {number} 次发布"
        confirmed_apply(draft, Choices(prefer), yes=yes, why=reason, back_to=number)
    finally:
        engine.dispose()


def _manifest(engine: Engine, number: int) -> Manifest:
    try:
        files = release_files(engine, number)
    except NoSuchRelease as none:
        raise click.ClickException(
            f"没有第 {number} 次发布；各次发布见 budayang releases"
        ) from none
    loaded = load_files(files)
    if loaded.manifest is None:
        first = loaded.problems[0]
        raise click.ClickException(
            f"第 {number} 次发布的配置，这个版本的程序读不懂：{first.place}  {first.message}"
        )
    return loaded.manifest
