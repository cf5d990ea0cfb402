"""`budayang plan`: what applying the folder would change, one sentence and one risk a step."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from app.cli.opening import open_engine, open_settings
from app.cli.options import site_option
from app.cli.releasing import (
    CHANGES,
    FAILED,
    NOTHING,
    Draft,
    as_json,
    destroy_option,
    draft_manifest,
    format_option,
    plan_of,
    prefer_option,
    show,
)
from app.release.planned import write_plan
from app.release.survey import Choices


@click.command()
@site_option
@click.option(
    "-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="把计划写进这个文件。"
)
@format_option
@prefer_option
@destroy_option
def plan(
    site: Path, output: Path | None, form: str, prefer: str | None, destroy: tuple[str, ...]
) -> None:
    """说明应用后会改变什么。没有变化时退出码是 0，有变化是 3，有错误是 1。"""
    manifest = draft_manifest(site)
    settings = open_settings(site)
    engine = open_engine(settings)
    try:
        made = plan_of(Draft(settings, engine, manifest), Choices(prefer, frozenset(destroy)))
    finally:
        engine.dispose()
    if output is not None:
        write_plan(made, output)
    if form == "json":
        click.echo(as_json(made))
    else:
        show(made)
    sys.exit(FAILED if made.refused else CHANGES if made.steps else NOTHING)
