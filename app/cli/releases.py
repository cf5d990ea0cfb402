"""`budayang releases`: who applied what, when and why."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine

from app.cli.opening import open_engine, open_settings, require_release
from app.cli.options import site_option
from app.cli.releasing import format_option
from app.manifest.load import load_files
from app.release.releases import NoSuchRelease, Release, all_releases, release_files

DEFAULT_ZONE = "Asia/Shanghai"


@click.command()
@click.argument("number", required=False, type=click.IntRange(min=1))
@site_option
@format_option
@click.option(
    "--export",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="把发布的全部文件写到这个文件夹，每次发布一个子文件夹。",
)
def releases(number: int | None, site: Path, form: str, folder: Path | None) -> None:
    """列出各次发布；给了 NUMBER，就列出那一次的每一步。"""
    engine = open_engine(open_settings(site))
    try:
        live = require_release(engine)
        found = all_releases(engine)
        chosen = [one for one in found if number in (None, one.id)]
        if not chosen:
            raise click.ClickException(f"没有第 {number} 次发布，最后一次是第 {live} 次")
        zone = _zone(engine, live)
        if folder is not None:
            for one in chosen:
                _export(engine, one.id, folder / f"{one.id:04}")
            click.echo(f"已把 {len(chosen)} 次发布写到 {folder}。")
        elif form == "json":
            rows = [_plain(one) for one in chosen]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            for one in chosen:
                _tell(one, live, zone, steps=number is not None)
    finally:
        engine.dispose()


def _zone(engine: Engine, live: int) -> ZoneInfo:
    manifest = load_files(release_files(engine, live)).manifest
    return ZoneInfo(manifest.site.timezone if manifest else DEFAULT_ZONE)


def _tell(release: Release, live: int, zone: ZoneInfo, *, steps: bool) -> None:
    mark = click.style("● 现行", fg="green") if release.id == live else "      "
    at = release.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    back = f"（退回到第 {release.back_to} 次）" if release.back_to else ""
    why = release.why or "没有写原因"
    click.echo(
        f"{mark} 第 {release.id} 次  {at}  {release.by}  {len(release.steps)} 步  {why}{back}"
    )
    for step in release.steps if steps else ():
        place = click.style(f"  {step['place']}", dim=True) if step.get("place") else ""
        click.echo(f"         {step['sentence']}{place}")


def _plain(release: Release) -> dict[str, object]:
    return {
        "release": release.id,
        "at": release.at.isoformat(),
        "by": release.by,
        "why": release.why,
        "fingerprint": release.fingerprint,
        "back_to": release.back_to,
        "steps": [dict(step) for step in release.steps],
    }


def _export(engine: Engine, number: int, folder: Path) -> None:
    try:
        files = release_files(engine, number)
    except NoSuchRelease as none:
        raise click.ClickException(f"没有第 {number} 次发布") from none
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
