"""How the screens look for whom: language, light or dark, rows wide or narrow. And what every template may use."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, g, request, session
from flask_babel import get_locale
from markupsafe import Markup

from app import __version__
from app.screens.icons import drawing
from app.screens.menu import menu
from app.screens.visits import Visit, shell

LOCALES = ("zh", "en")
THEMES = ("light", "dark")
DENSITIES = ("compact",)
ALLOWED = {"locale": LOCALES, "theme": THEMES, "density": DENSITIES}
STATIC = Path(__file__).parent / "static"


def chosen(what: str) -> str | None:
    """What this caller chose: kept with the log-in, before that in the cookie. None: as the device has it."""
    visit = g.get("visit")
    kept = (
        getattr(visit.live, what) if isinstance(visit, Visit) and visit.live is not None else None
    )
    said = kept or session.get(what)
    return said if said in ALLOWED[what] else None


def locale() -> str:
    """The reader's language: chosen, else the site's. A REST caller may say `Accept-Language`."""
    usual = shell().manifest.site.locale
    if request.path.startswith("/api/") and request.headers.get("Accept-Language"):
        return request.accept_languages.best_match(LOCALES) or usual
    return chosen("locale") or usual


def set_up(app: Flask) -> None:
    """Language and the words that every template knows."""
    babel = app.extensions["babel"]
    babel.locale_selector = (
        locale  # Flask-AppBuilder's own writes a cookie for everyone who only looks
    )
    babel.timezone_selector = lambda: shell().manifest.site.timezone
    app.context_processor(_facts)
    app.jinja_env.globals.update(icon=icon, asset=asset, chosen=chosen)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _facts() -> dict[str, Any]:
    visit = g.get("visit")
    known = visit if isinstance(visit, Visit) else None
    site = shell().manifest.site
    return {
        "site": site,
        "visit": known,
        "actor": known.actor if known else None,
        "menu": menu(known.context) if known and known.signed_in else (),
        "clock_set": shell().settings.clock is not None,
        "notice": shell().notice(),
        "release": shell().release,
        "program_version": __version__,
        "language": "zh-CN" if str(get_locale()).startswith("zh") else "en",
    }


def icon(name: str, label: str = "") -> Markup:
    """A drawing of the sprite. Without a label it is decoration; with one it is read aloud."""
    told = (
        Markup('role="img" aria-label="{}"').format(label)
        if label
        else Markup('aria-hidden="true"')
    )
    return Markup('<svg class="icon" {} focusable="false"><use href="{}"></use></svg>').format(
        told, _place(name, request.script_root)
    )


@cache
def _place(name: str, root: str) -> str:
    """Where a drawing is; a page has dozens of them."""
    return f"{_address('vendor/lucide/sprite.svg', root)}#{drawing(name)}"


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so it may be kept for ever."""
    return _address(name, request.script_root)


@cache
def _address(name: str, root: str) -> str:
    return f"{root}/static/{quote(name)}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
