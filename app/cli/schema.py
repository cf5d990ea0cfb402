"""`budayang schema`: JSON Schemas for editors."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.options import site_option
from app.manifest.json_schema import as_files


@click.command()
@site_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="写到哪个文件夹，默认是站点里的 schemas/。",
)
def schema(site: Path, output: Path | None) -> None:
    """生成 JSON Schema，编辑器据此补全和提示。

    在 YAML 文件第一行写上 # yaml-language-server: $schema=…/entity.schema.json 即可。
    """
    folder = output or site / "schemas"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in as_files().items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"已写入 {folder}/：{len(as_files())} 个文件。")
