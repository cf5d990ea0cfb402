"""`budayang new`: a commented file to begin with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from app.cli.options import site_option
from app.manifest.scaffold import entity_problem, entity_text


@click.group()
def new() -> None:
    """生成一个带注释的 YAML 文件，改一改就能用。"""


@new.command()
@click.argument("name")
@click.option("--label", default="", help="实体的中文名称。")
@click.option("--folder", default="", help="放在 catalogs/ 下的哪个文件夹。")
@site_option
def entity(name: str, label: str, folder: str, site: Path) -> None:
    """生成一个实体：catalogs/NAME.yaml。已有的文件不会被改动。"""
    problem = entity_problem(name)
    path = site / "catalogs" / folder / f"{name}.yaml"
    if problem is None and not path.resolve().is_relative_to((site / "catalogs").resolve()):
        problem = "--folder 只能是 catalogs/ 下面的文件夹"
    taken = sorted((site / "catalogs").rglob(f"{name}.yaml")) if problem is None else []
    if taken:
        problem = f"{taken[0]} 已经有了，没有改动它"
    if problem is not None:
        click.echo(problem, err=True)
        sys.exit(1)
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = os.path.relpath(site / "schemas" / "entity.schema.json", path.parent)
    path.write_text(entity_text(name, label, Path(schema).as_posix()), encoding="utf-8")
    click.echo(f"已生成 {path}。改好后运行 budayang check，再在 config/roles.yaml 里授权。")
