"""What commands that work on an applied site need: its settings, database, live manifest and tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from app.domain.context import SYSTEM, Actor, Context
from app.manifest.load import load_files
from app.manifest.model.manifest import Manifest
from app.release.releases import live_release, release_files
from app.schema.build import Schema, build_schema
from app.schema.engine import engine as make_engine
from app.schema.engine import writing
from app.schema.platform import platform
from app.settings import BadSetting, Settings, read_settings


@dataclass(frozen=True, slots=True)
class OpenSite:
    """A site's live release, for one command."""

    settings: Settings
    engine: Engine
    manifest: Manifest
    schema: Schema
    release: int

    @contextmanager
    def writing(self, actor: Actor = SYSTEM) -> Iterator[Context]:
        """A context in one writing transaction, by default on the program's own behalf."""
        with writing(self.engine) as session:
            now = self.settings.now(ZoneInfo(self.manifest.site.timezone))
            yield Context(self.manifest, self.schema, session, actor, now, self.release)


def open_settings(site: Path) -> Settings:
    """The settings of a folder. Ends the command with a message where they can't be used."""
    try:
        return read_settings(site)
    except BadSetting as bad:
        raise click.ClickException(str(bad)) from bad


@contextmanager
def opened(site: Path) -> Iterator[OpenSite]:
    """The live release. Ends the command with a message where there is none, or the database doesn't answer."""
    settings = open_settings(site)
    engine = make_engine(settings.database_url)
    try:
        release = live_release(engine)
        files = release_files(engine, release) if release else None
    except SQLAlchemyError as error:
        address = engine.url.render_as_string(hide_password=True)
        raise click.ClickException(
            f"数据库没有应答（{address}）：{type(error).__name__}"
        ) from error
    if files is None:
        raise click.ClickException(
            '这个站点还没有应用过配置。请先运行：budayang apply --yes -m "首次发布"'
        )
    loaded = load_files(files)
    if loaded.manifest is None:
        first = loaded.problems[0]
        raise click.ClickException(
            f"第 {release} 次发布的配置读不懂：{first.place}  {first.message}"
        )
    schema = build_schema(loaded.manifest)
    try:
        yield OpenSite(settings, engine, loaded.manifest, schema, release)
    finally:
        schema.dispose()
        engine.dispose()


def keyed(context: Context, noun: str, key: str) -> int:
    """The id of a department, post or user by key or username. Ends the command where there is none."""
    tables = {"department": (platform.department, "key"), "post": (platform.post, "key")}
    table, column = tables.get(noun, (platform.user, "username"))
    found = context.session.scalar(select(table.c.id).where(table.c[column] == key))
    if found is None:
        words = {"department": "部门", "post": "岗位"}
        raise click.ClickException(f"没有“{key}”这个{words.get(noun, '账号')}")
    return int(found)
