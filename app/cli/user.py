"""`budayang user`: log-ins from the command line, where no session of the site is needed (or left)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from sqlalchemy import select

from app.cli.opening import keyed, opened
from app.cli.options import site_option
from app.domain import accounts, queries
from app.domain.context import Context
from app.domain.errors import Refusal
from app.domain.inputs import read_value
from app.domain.people import Person
from app.manifest.field_values import ValueProblem
from app.manifest.model.fields import FieldType
from app.manifest.model.values import frozen
from app.schema.platform import platform

FIELD_LABELS = {
    "username": "用户名",
    "name": "姓名",
    "password": "密码",
    "roles": "角色",
    "email": "邮箱",
}


@click.group()
def user() -> None:
    """管理登录账号。"""


@user.command()
@click.argument("name")
@site_option
@click.option(
    "--password-stdin", is_flag=True, help="从标准输入读密码；不给就生成一次性密码并显示。"
)
@click.option("--role", "roles", multiple=True, help="角色的键，可给多次。")
@click.option("--department", help="部门的键。")
@click.option("--post", "posts", multiple=True, help="岗位的键，可给多次。")
@click.option("--label", help="页面上显示的姓名，默认同用户名。")
@click.option("--email", default="", help="电子邮箱。")
@click.option(
    "--set", "settings", multiple=True, metavar="FIELD=VALUE", help="人员字段，可给多次。"
)
def create(
    name: str,
    site: Path,
    password_stdin: bool,
    roles: tuple[str, ...],
    department: str | None,
    posts: tuple[str, ...],
    label: str | None,
    email: str,
    settings: tuple[str, ...],
) -> None:
    """新建账号。"""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with opened(site) as site_:
        try:
            with site_.writing() as context:
                person = Person(
                    department=keyed(context, "department", department) if department else None,
                    posts=frozenset(keyed(context, "post", post) for post in posts),
                    fields=frozen(_fields(context, settings)),
                )
                facts = accounts.Facts(label or name, email, person)
                _, made = accounts.create_account(
                    context, name, facts, password=password, roles=frozenset(roles)
                )
        except Refusal as refusal:
            raise click.ClickException(_worded(refusal)) from refusal
    click.echo(f"已建账号 {name}" + (f"，一次性密码：{made}" if made else ""))


@user.command("reset-password")
@click.argument("name")
@site_option
def reset_password(name: str, site: Path) -> None:
    """给一次性密码，并结束这个人的全部登录。"""
    with opened(site) as site_, site_.writing() as context:
        made = accounts.reset_password(context, keyed(context, "user", name))
    click.echo(f"{name} 的一次性密码：{made}")


@user.command()
@click.argument("name")
@site_option
def disable(name: str, site: Path) -> None:
    """停用账号，并结束这个人的全部登录。"""
    _set_active(name, site, active=False)


@user.command()
@click.argument("name")
@site_option
def enable(name: str, site: Path) -> None:
    """重新启用账号。"""
    _set_active(name, site, active=True)


def _set_active(name: str, site: Path, *, active: bool) -> None:
    with opened(site) as site_, site_.writing() as context:
        accounts.set_active(context, keyed(context, "user", name), active)
    click.echo(f"{name} 已{'启用' if active else '停用'}")


@user.command("list")
@site_option
def list_(site: Path) -> None:
    """列出账号：用户名、姓名、角色，停用的注明。"""
    with opened(site) as site_, site_.reading() as context:
        ids = context.session.scalars(
            select(platform.user.c.id).order_by(platform.user.c.username)
        ).all()
        for found in (accounts.find_account(context, id_) for id_ in ids):
            state = "" if found.active else "\t已停用"
            roles = "、".join(_label(context, role) for role in sorted(found.roles)) or "无角色"
            click.echo(f"{found.username}\t{found.name}\t{roles}{state}")


def _label(context: Context, role: str) -> str:
    known = context.manifest.roles.get(role)
    return known.label if known else role


def _worded(refusal: Refusal) -> str:
    fields = getattr(refusal, "fields", None)
    if not fields:
        return refusal.message
    return "；".join(f"{FIELD_LABELS.get(key, key)}：{say}" for key, say in fields.items())


def _fields(context: Context, settings: Iterable[str]) -> dict[str, object]:
    """`FIELD=VALUE` of a person; a ref by code, title or number."""
    known = context.manifest.organization.person_fields
    values: dict[str, object] = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        field = known.get(key)
        if field is None or not equals:
            raise click.ClickException(
                f"--set {setting}：应为 字段=值，人员字段有 {'、'.join(known) or '（无）'}"
            )
        if field.type is FieldType.REF:
            found = queries.by_code(context, field.to or "", text)
            if found is None:
                raise click.ClickException(f"“{field.label}”找不到“{text}”（须恰好一条）")
            values[key] = found
            continue
        try:
            values[key] = read_value(context, field, text)
        except ValueProblem as problem:
            raise click.ClickException(f"“{field.label}”：{problem}") from problem
    return values
