"""`budayang items`: declared rows out of the database as YAML, or out of Excel as YAML."""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.cli.opening import opened
from app.cli.options import site_option
from app.cli.releasing import draft_manifest
from app.manifest.model.entities import Entity
from app.manifest.model.manifest import Manifest
from app.manifest.problems import likely
from app.manifest.read.items import code_field
from app.release.item_rows import read_rows
from app.release.item_sheets import BadSheet, read_sheet
from app.release.item_yaml import as_yaml, items_yaml


@click.group()
def items() -> None:
    """把预先写好的行导出为 YAML，或由 Excel 生成。只打印，不改任何文件。"""


@items.command("export")
@click.argument("entity")
@site_option
def export_items(entity: str, site: Path) -> None:
    """把数据库里 ENTITY 的行打印为 YAML。"""
    with opened(site) as found:
        known = _entity(found.manifest, entity)
        zone = ZoneInfo(found.manifest.site.timezone)
        with found.engine.connect() as connection:
            rows = read_rows(connection, found.schema, known)
        click.echo(as_yaml(known, rows.values(), zone), nl=False)


@items.command("import")
@click.argument("entity")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@site_option
def import_items(entity: str, file: Path, site: Path) -> None:
    """由 Excel 的第一张表生成 ENTITY 的 YAML：第一行写字段名称或键。"""
    manifest = draft_manifest(site)
    known = _entity(manifest, entity)
    try:
        sheet = read_sheet(file, known, manifest)
    except BadSheet as bad:
        raise click.ClickException(str(bad)) from bad
    for problem in sheet.problems:
        click.echo(problem, err=True)
    if sheet.problems:
        click.echo(f"有 {len(sheet.problems)} 处要改正，没有生成。", err=True)
        sys.exit(1)
    click.echo(items_yaml(sheet.rows), nl=False)


def _entity(manifest: Manifest, key: str) -> Entity:
    known = manifest.entities.get(key)
    if known is None:
        hint = likely(key, manifest.entities)
        raise click.ClickException(f"没有 {key} 这个实体" + (f"；{hint}" if hint else ""))
    if code_field(known) is None:
        raise click.ClickException(f"“{known.label}”没有 code 类型的字段，没有预置的行")
    return known
