"""`budayang apply`: the folder becomes the live release."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.opening import open_engine, open_settings
from app.cli.options import site_option
from app.cli.releasing import (
    Draft,
    confirmed_apply,
    destroy_option,
    draft_manifest,
    prefer_option,
    why_option,
    yes_option,
)
from app.release.planned import BadPlan, read_plan
from app.release.survey import Choices


@click.command()
@click.argument(
    "plan_file",
    required=False,
    metavar="[PLAN.YAML]",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@site_option
@yes_option
@why_option
@prefer_option
@destroy_option
def apply(
    plan_file: Path | None,
    site: Path,
    yes: bool,
    why: str,
    prefer: str | None,
    destroy: tuple[str, ...],
) -> None:
    """应用配置，成为一次新的发布。给了计划文件，就只应用那个计划；情况有变则拒绝。"""
    choices = Choices(prefer, frozenset(destroy))
    try:
        seen = read_plan(plan_file) if plan_file is not None else None
    except BadPlan as bad:
        raise click.ClickException(str(bad)) from bad
    if seen is not None:
        if prefer or destroy:
            raise click.ClickException("--prefer 和 --destroy 已写在计划里，请不要再给")
        choices = seen.choices
    manifest = draft_manifest(site)
    settings = open_settings(site)
    engine = open_engine(settings)
    try:
        confirmed_apply(Draft(settings, engine, manifest), choices, yes=yes, why=why, seen=seen)
    finally:
        engine.dispose()
