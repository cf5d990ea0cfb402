"""`budayang explain`: why somebody may or may not see and do each thing with a record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from app.cli.opening import keyed, opened
from app.cli.options import site_option
from app.domain import queries
from app.domain.explain import explain as explained
from app.domain.people import actor_of_user


@click.command()
@click.argument("entity")
@click.argument("number")
@click.option("--as", "who", required=True, metavar="USER", help="以谁的身份：用户名。")
@site_option
def explain(entity: str, number: str, who: str, site: Path) -> None:
    """说明某人为什么能或不能看、做某件事，各条都带 文件:行。NUMBER 是编号、编码或名称。"""
    with opened(site) as site_, site_.writing() as context:
        known = context.manifest.entities.get(entity)
        if known is None:
            raise click.ClickException(f"没有“{entity}”这个实体，有：{'、'.join(context.manifest.entities)}")
        record = queries.by_code(context, entity, number)
        if record is None:
            raise click.ClickException(f"“{known.label}”没有恰好一条叫“{number}”的记录")
        actor = actor_of_user(context.session, context.schema, keyed(context, "user", who))
        click.echo(f"{actor.name}（{who}）与“{known.label}” {number}：")
        for answer in explained(replace(context, actor=actor), known, record):
            mark = click.style("能", fg="green") if answer.allowed else click.style("不能", fg="red")
            click.echo(f"  {mark}{answer.deed}")
            for reason, place in answer.reasons:
                click.echo(f"      {reason}" + (f"  {place}" if place else ""))
