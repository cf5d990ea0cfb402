"""`budayang explain`: why somebody may or may not see and do each thing with a record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from app.cli.opening import keyed, opened
from app.cli.options import site_option
from app.domain import queries
from app.domain.accounts import find_account
from app.domain.context import Context
from app.domain.explain import Answer
from app.domain.explain import explain as explained
from app.domain.people import actor_of_user
from app.manifest.model.entities import Entity


@click.command()
@click.argument("entity")
@click.argument("number")
@click.option("--as", "who", required=True, metavar="USER", help="以谁的身份：用户名。")
@site_option
def explain(entity: str, number: str, who: str, site: Path) -> None:
    """说明某人为什么能或不能看、做某件事，各条都带 文件:行。NUMBER 是编号、编码或名称。"""
    with opened(site) as site_, site_.reading() as context:
        known = _entity(context, entity)
        record = queries.by_code(context, entity, number)
        if record is None:
            raise click.ClickException(f"“{known.label}”没有恰好一条叫“{number}”的记录")
        user = keyed(context, "user", who)
        actor = actor_of_user(context.session, context.schema, user)
        click.echo(f"{actor.name}（{who}）与“{known.label}” {number}：")
        if not find_account(context, user).active:
            click.echo("  账号已停用，现在不能登录；启用后：")
        for answer in explained(replace(context, actor=actor), known, record):
            _tell(answer)


def _entity(context: Context, key: str) -> Entity:
    known = context.manifest.entities.get(key)
    if known is None:
        keys = "、".join(context.manifest.entities) or "（无）"
        raise click.ClickException(f"没有“{key}”这个实体，有：{keys}")
    return known


def _tell(answer: Answer) -> None:
    mark = click.style("能", fg="green") if answer.allowed else click.style("不能", fg="red")
    click.echo(f"  {mark}{answer.deed}")
    for reason in answer.reasons:
        click.echo(f"      {reason.words}" + (f"  {reason.place}" if reason.place else ""))
