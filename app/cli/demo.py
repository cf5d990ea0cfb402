"""`budayang demo`: fills a freshly applied site with the demo data of its `demo/` folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli.opening import OpenSite, opened
from app.cli.options import site_option
from app.domain.demo import AlreadyFilled, Told, load_demo
from app.domain.demo_rows import DemoProblem
from app.domain.passwords import one_time_password, weakness
from app.manifest.demo_users import DemoUser
from app.manifest.model.manifest import Manifest


@click.command()
@site_option
@click.option("--if-empty", is_flag=True, help="已有记录时什么也不做（退出码 0）。")
def demo(site: Path, if_empty: bool) -> None:
    """填入演示数据。密码取环境变量 BUDAYANG_DEMO_PASSWORD，没有就随机生成并显示一次。"""
    folder = site / "demo"
    if not folder.is_dir():
        raise click.ClickException(f"{site} 里没有 demo 文件夹")
    with opened(site) as site_:
        password = _password(site_)
        try:
            with site_.writing() as context:
                users = load_demo(context, folder, password, _say(context.manifest))
        except AlreadyFilled as full:
            if if_empty:
                click.echo("站点里已有记录，不再填入演示数据；账号和密码还是第一次填入时显示的。")
                click.echo("忘了密码，可运行：budayang user reset-password 用户名")
                return
            raise click.ClickException(str(full)) from full
        except DemoProblem as problem:
            raise click.ClickException(f"{problem}（什么也没有填入）") from problem
        _tell(users, password, site_.manifest)


def _password(site: OpenSite) -> str:
    given = site.settings.demo_password
    if given is not None and (weak := weakness(given, "")):
        raise click.ClickException(f"BUDAYANG_DEMO_PASSWORD：{weak}")
    return given or one_time_password()


def _say(manifest: Manifest) -> Told:
    """Progress on one line of a terminal; elsewhere one line when all is done."""
    live = sys.stdout.isatty()

    def told(key: str, done: int, of: int) -> None:
        label = manifest.entities[key].label if key in manifest.entities else "演示账号"
        if live or done == of:
            start = "\r" if live else ""
            click.echo(f"{start}{label}：{done}/{of}", nl=done == of)

    return told


def _tell(users: tuple[DemoUser, ...], password: str, manifest: Manifest) -> None:
    """One log-in for each role, and the password they share."""
    click.echo(f"\n演示账号，密码都是 {click.style(password, bold=True)}")
    shown = tuple(_one_for_each_role(users))
    width = max((len(user.username) for user in shown), default=0)
    for user in shown:
        roles = manifest.roles
        labels = "、".join(roles[role].label for role in user.roles if role in roles)
        click.echo(f"  {user.username:<{width}}  {user.name}（{labels}）")
    click.echo(f"共 {len(users)} 个账号，全部见 demo/users.yaml。")


def _one_for_each_role(users: tuple[DemoUser, ...]) -> Iterator[DemoUser]:
    shown: set[str] = set()
    for user in users:
        if not shown.issuperset(user.roles):
            shown.update(user.roles)
            yield user
