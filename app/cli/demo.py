"""`budayang demo`: fills a freshly applied site with the demo data of its `demo/` folder."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from app.cli.opening import opened
from app.cli.options import site_option
from app.domain.demo import Told, load_demo
from app.domain.demo_rows import DemoProblem
from app.manifest.demo_users import DemoUser
from app.manifest.model.entities import Entity


@click.command()
@site_option
@click.option("--if-empty", is_flag=True, help="已有记录时什么也不做（退出码 0）。")
def demo(site: Path, if_empty: bool) -> None:
    """填入演示数据。口令取环境变量 BUDAYANG_DEMO_PASSWORD，没有就随机生成并显示一次。"""
    folder = site / "demo"
    if not folder.is_dir():
        raise click.ClickException(f"{site} 里没有 demo 文件夹")
    with opened(site) as site_:
        password = site_.settings.demo_password or secrets.token_urlsafe(9)
        try:
            with site_.writing() as context:
                users = load_demo(context, folder, password, _say(context.manifest.entities))
        except DemoProblem as problem:
            if if_empty and "已有登记的记录" in str(problem):
                click.echo("站点里已有记录，不再填入演示数据。")
                return
            click.echo(str(problem), err=True)
            sys.exit(1)
        _tell(users, password, {key: role.label for key, role in site_.manifest.roles.items()})


def _say(entities: Mapping[str, Entity]) -> Told:
    def told(key: str, done: int, of: int) -> None:
        label = entities[key].label if key in entities else "演示账号"
        end = "\n" if done == of else ""
        click.echo(f"\r{label}：{done}/{of}{end}", nl=False)

    return told


def _tell(users: tuple[DemoUser, ...], password: str, roles: dict[str, str]) -> None:
    """One log-in for each role, and the password they share."""
    click.echo("\n演示账号（口令都是 " + click.style(password, bold=True) + "）：")
    shown: set[str] = set()
    for user in users:
        new = [role for role in user.roles if role not in shown]
        if new:
            shown.update(user.roles)
            labels = "、".join(roles.get(role, role) for role in user.roles)
            click.echo(f"  {user.username:<16}{user.name}（{labels}）")
    click.echo(f"共 {len(users)} 个账号，全部见 demo/users.yaml。")
