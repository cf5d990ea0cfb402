"""From a release, or a manifest, to a site that answers: tables, screens and REST of one generation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from app.manifest.load import load_files
from app.manifest.model.manifest import Manifest
from app.release.releases import release_files
from app.schema.build import Schema, build_schema
from app.screens.api import register_rest
from app.screens.records import register_records
from app.screens.shell import create_app
from app.settings import Settings
from app.wsgi import Environ, StartResponse

SMOKE_PAGES = ("/login",)


class UnreadableRelease(Exception):
    """A release whose files this version of the program can't read; the message tells the first problem."""


@dataclass(frozen=True, slots=True)
class Site:
    """A built site. Callable as WSGI; `smoke_test` and `dispose` are what the switchboard needs."""

    manifest: Manifest
    schema: Schema
    app: Flask
    release: int

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body: Iterable[bytes] = self.app(environ, start_response)
        return body

    def smoke_test(self) -> None:
        """Raises unless the log-in page answers. Run before the site is shown to anybody."""
        client = self.app.test_client()
        for page in SMOKE_PAGES:
            answer = client.get(page)
            if answer.status_code != 200:
                raise RuntimeError(f"{page} answered {answer.status_code}")

    def dispose(self) -> None:
        """Gives back what the generation holds; nothing may use it any more."""
        self.schema.dispose()


def build_site(
    manifest: Manifest,
    engine: Engine,
    settings: Settings,
    *,
    release: int,
    notice: Callable[[], str] = lambda: "",
) -> Site:
    """The site of one manifest, on a database that has this release's tables."""
    schema = build_schema(manifest)
    app = create_app(
        manifest,
        schema,
        engine,
        settings,
        release=release,
        screens=(register_records, register_rest),
        notice=notice,
    )
    return Site(manifest, schema, app, release)


def build_release(engine: Engine, settings: Settings, release: int, **options: Any) -> Site:
    """The site of an applied release, from the files that it keeps. Raises UnreadableRelease."""
    loaded = load_files(release_files(engine, release))
    if loaded.manifest is None:
        first = loaded.problems[0]
        raise UnreadableRelease(f"{first.place}  {first.message}")
    return build_site(loaded.manifest, engine, settings, release=release, **options)
