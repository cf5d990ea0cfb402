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
from sqlalchemy.orm import Session

from app.domain.context import SYSTEM, Context
from app.manifest.load import load_files
from app.manifest.model.manifest import Manifest
from app.release.releases import live_release, release_files
from app.schema.build import Schema, build_schema
from app.schema.engine import engine as make_engine
from app.schema.engine import reading, writing
from app.schema.platform import platform
from app.settings import BadSetting, Settings, read_settings

DATABASES = ("sqlite", "postgresql")
NOT_APPLIED = '这个站点还没有应用过配置。请先运行：budayang apply --yes -m "首次发布"'


@dataclass(frozen=True, slots=True)
class OpenSite:
    """A site's live release, for one command that works on the program's own behalf."""

    settings: Settings
    engine: Engine
    manifest: Manifest
    schema: Schema
    release: int

    @contextmanager
    def writing(self) -> Iterator[Context]:
        """A context in one writing transaction, rolled back by an exception."""
        with writing(self.engine) as session:
            yield self._context(session)

    @contextmanager
    def reading(self) -> Iterator[Context]:
        """A context for looking only."""
        with reading(self.engine) as session:
            yield self._context(session)

    def _context(self, session: Session) -> Context:
        now = self.settings.now(ZoneInfo(self.manifest.site.timezone))
        return Context(self.manifest, self.schema, session, SYSTEM, now, self.release)


def open_settings(site: Path) -> Settings:
    """The settings of a folder. Ends the command with a message where they can't be used."""
    if not site.is_dir():
        raise click.ClickException(f"没有这个文件夹：{site}")
    try:
        return read_settings(site)
    except BadSetting as bad:
        raise click.ClickException(str(bad)) from bad
    except OSError as error:
        raise click.ClickException(f"站点文件夹不能写入：{error}") from error


def open_engine(settings: Settings) -> Engine:
    """The engine of a site's database. Ends the command with a message where its address can't be used."""
    try:
        engine = make_engine(settings.database_url)
    except (SQLAlchemyError, ImportError, ValueError) as error:
        raise click.ClickException(
            "BUDAYANG_DATABASE_URL：不是可用的数据库地址，"
            "请写成 sqlite:///文件 或 postgresql+psycopg://用户:密码@主机/库"
        ) from error
    if engine.dialect.name not in DATABASES:
        raise click.ClickException(
            f"BUDAYANG_DATABASE_URL：不支持 {engine.dialect.name}，可用 SQLite 或 PostgreSQL"
        )
    return engine


@contextmanager
def opened(site: Path) -> Iterator[OpenSite]:
    """The live release. Ends the command with a message where there is none, or the database doesn't answer."""
    settings = open_settings(site)
    engine = open_engine(settings)
    try:
        release, manifest = _live(engine)
        schema = build_schema(manifest)
        try:
            yield OpenSite(settings, engine, manifest, schema, release)
        finally:
            schema.dispose()
    finally:
        engine.dispose()


def _live(engine: Engine) -> tuple[int, Manifest]:
    release = require_release(engine)
    loaded = load_files(release_files(engine, release))
    if loaded.manifest is None:
        first = loaded.problems[0]
        raise click.ClickException(
            f"第 {release} 次发布的配置读不懂：{first.place}  {first.message}"
        )
    return release, loaded.manifest


def require_release(engine: Engine) -> int:
    """The number of the live release. Ends the command where there is none, or no answer."""
    try:
        release = live_release(engine)
    except SQLAlchemyError as error:
        address = engine.url.render_as_string(hide_password=True)
        raise click.ClickException(
            f"数据库没有应答（{address}）：{type(error).__name__}"
        ) from error
    if not release:
        raise click.ClickException(NOT_APPLIED)
    return release


def keyed(context: Context, noun: str, key: str) -> int:
    """The id of a department, post or user by key or username. Ends the command where there is none."""
    tables = {"department": (platform.department, "key"), "post": (platform.post, "key")}
    table, column = tables.get(noun, (platform.user, "username"))
    found = context.session.scalar(select(table.c.id).where(table.c[column] == key))
    if found is None:
        words = {"department": "部门", "post": "岗位"}
        raise click.ClickException(f"没有“{key}”这个{words.get(noun, '账号')}")
    return int(found)
