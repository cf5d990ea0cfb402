"""What plan, apply and rollback share: reading the draft, making the plan, showing it, carrying it out."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.cli.report import told
from app.manifest.load import load_site
from app.manifest.model.manifest import Manifest
from app.release.apply import Applied, Order, apply
from app.release.plan import Plan, UnreadableRelease, make_plan
from app.release.planned import Planned, planned
from app.release.problems import ApplyProblem, NotPossible
from app.release.steps import RISK_WORDS, Risk, Step
from app.release.survey import Choices
from app.schema.revisions import NewerDatabase
from app.settings import Settings

NOTHING, FAILED, CHANGES = 0, 1, 3
RISK_COLOURS = {
    Risk.SAFE: "green",
    Risk.CAREFUL: "yellow",
    Risk.DESTRUCTIVE: "red",
    Risk.REFUSED: "red",
}
MARKS = {"add": "＋", "retire": "－", "remove": "－", "destroy": "－", "keep": "＝"}

prefer_option = click.option(
    "--prefer",
    type=click.Choice(["yaml", "screen"]),
    help="预置行在 YAML 和界面上都改过时，以哪边为准。",
)
destroy_option = click.option(
    "--destroy",
    multiple=True,
    metavar="ENTITY.FIELD",
    help="彻底删除一个已从配置去掉的字段的内容，可给多次。",
)
yes_option = click.option("--yes", is_flag=True, help="不再询问，直接应用。")
why_option = click.option("-m", "--message", "why", default="", help="为什么作这次发布。")
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="输出格式，默认 text。",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to become the live release, in which database."""

    settings: Settings
    engine: Engine
    manifest: Manifest

    def order(self, choices: Choices, *, why: str = "", seen: Planned | None = None,
              back_to: int | None = None) -> Order:  # fmt: skip
        """An order on behalf of whoever sits at the terminal."""
        now = self.settings.now(ZoneInfo(self.manifest.site.timezone))
        return Order(now, who(), None, why.strip(), choices, seen, back_to)


def who() -> str:
    """The name under which the operating system knows the person."""
    try:
        return f"命令行 {getpass.getuser()}"
    except (OSError, KeyError):
        return "命令行"


def draft_manifest(site: Path) -> Manifest:
    """The manifest of the folder. Ends the command where it has problems."""
    loaded = load_site(site)
    if loaded.manifest is None:
        for problem in loaded.problems:
            click.echo(told(problem, loaded.lines) + "\n", err=True)
        raise click.ClickException(f"配置有 {len(loaded.problems)} 个问题，改正后再来。")
    return loaded.manifest


def plan_of(draft: Draft, choices: Choices) -> Plan:
    """The plan as things stand. Ends the command where it can't be made."""
    now = draft.order(choices).now
    try:
        with draft.engine.connect() as connection:
            return make_plan(connection, draft.manifest, now=now, choices=choices)
    except (SQLAlchemyError, UnreadableRelease, NewerDatabase) as error:
        raise click.ClickException(explained(error, draft.engine)) from error


def explained(error: Exception, engine: Engine) -> str:
    """A failure in the words of the reader."""
    if isinstance(error, NewerDatabase):
        return "数据库已被更新版本的程序用过，请升级程序后再来"
    if isinstance(error, SQLAlchemyError):
        address = engine.url.render_as_string(hide_password=True)
        return f"数据库没有应答（{address}）：{type(error).__name__}"
    return str(error)


def confirmed_apply(
    draft: Draft, choices: Choices, *, yes: bool, why: str,
    seen: Planned | None = None, back_to: int | None = None,
) -> None:  # fmt: skip
    """Shows the plan, asks, and applies just that plan. Ends the command with its exit code."""
    plan = plan_of(draft, choices)
    show(plan)
    if plan.refused:
        sys.exit(FAILED)
    if not plan.steps and seen is None:
        sys.exit(NOTHING)
    if not yes:
        _ask()
    applied = carried_out(
        draft, draft.order(choices, why=why, seen=seen or planned(plan), back_to=back_to)
    )
    click.echo(f"已应用，现在是第 {applied.release} 次发布。")


def carried_out(draft: Draft, order: Order) -> Applied:
    """Applies. Ends the command with a message where that isn't possible."""
    try:
        return apply(draft.engine, draft.manifest, order)
    except NotPossible as problem:
        show_steps(problem.steps)
        raise click.ClickException("有不能执行的步骤，什么也没有改变。") from problem
    except ApplyProblem as problem:
        raise click.ClickException(problem.message) from problem
    except (SQLAlchemyError, UnreadableRelease, NewerDatabase) as error:
        raise click.ClickException(explained(error, draft.engine)) from error


def _ask() -> None:
    if not sys.stdin.isatty():
        raise click.ClickException("没有人在终端前确认；看过计划后请加 --yes")
    if not click.confirm("现在应用吗？", default=False):
        click.echo("没有应用。")
        sys.exit(NOTHING)


def show(plan: Plan) -> None:
    """The plan, for a person."""
    if not plan.steps:
        click.echo(f"没有变化：与第 {plan.base} 次发布一致。")
    else:
        against = f"对照第 {plan.base} 次发布" if plan.base else "还没有发布过"
        click.echo(f"{against}，有 {len(plan.steps)} 处变化：\n")
        show_steps(plan.steps)
    for notice in plan.notices:
        click.echo(f"  ＝ {notice.sentence}")
    if plan.refused:
        click.echo(f"\n其中 {len(plan.refused)} 处不能执行，改正之前什么也不会应用。", err=True)


def show_steps(steps: Iterable[Step]) -> None:
    """Steps with their risk, numbers and lines."""
    for step in steps:
        word = click.style(f"{RISK_WORDS[step.risk]}", fg=RISK_COLOURS[step.risk])
        mark = "✗" if step.risk is Risk.REFUSED else MARKS.get(step.do.rpartition(".")[2], "～")
        rows = f"｜{step.rows} 条" if step.rows and "条" not in step.sentence else ""
        place = click.style(f"  {step.place}", dim=True) if step.place and step.place.file else ""
        click.echo(f"  {mark} [{word}] {step.sentence}{rows}{place}")
        for detail in step.details:
            click.echo(f"        {detail}")


def as_json(plan: Plan) -> str:
    """The plan's steps, for programs. What an apply is held to is written with `-o`."""
    return json.dumps([step.as_plain() for step in plan.steps], ensure_ascii=False, indent=2)
