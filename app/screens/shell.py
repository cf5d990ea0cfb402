"""The Flask application of one built site: Flask-AppBuilder underneath, nothing of its look or its views.

    app = create_app(manifest, schema, engine, settings, release=7, screens=(register_records,))

Each of `screens` is called with the AppBuilder inside the app's context and adds its views and REST classes; after
the first request none can be added. The app belongs to its release: the next one gets an app of its own.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.globals import app_ctx
from flask_appbuilder import AppBuilder
from flask_appbuilder.const import AUTH_DB
from sqlalchemy import Engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from app.domain import sessions
from app.domain.passwords import HashingSlots
from app.domain.sign_in import Doors
from app.manifest.model.manifest import Manifest
from app.schema.build import Schema
from app.screens import appearance, errors, wording
from app.screens.pages import register_pages
from app.screens.security import identity, requests
from app.screens.security.permissions import Permissions
from app.screens.security.strict_json import StrictJson
from app.screens.visits import EXTENSION, Shell, shell
from app.settings import MEGABYTE, Settings

TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"
LARGEST_FORM = 4 * MEGABYTE
Screens = Callable[[AppBuilder], None]


def create_app(
    manifest: Manifest,
    schema: Schema,
    engine: Engine,
    settings: Settings,
    *,
    release: int = 0,
    screens: Iterable[Screens] = (),
    notice: Callable[[], str] = lambda: "",
) -> Flask:
    """A WSGI application that serves one release. `notice` is asked on every page for a word to administrators."""
    instance = settings.site / "instance"
    app = Flask("app.screens", instance_path=str(instance), static_url_path="/static")
    app.json = StrictJson(app)
    app.url_map.converters["id"] = requests.Id
    app.config.update(_config(manifest, settings))
    db: scoped_session[Session] = scoped_session(
        sessionmaker(engine, expire_on_commit=False),
        scopefunc=_context_number,
    )
    doors = Doors(engine, HashingSlots(instance), settings.sessions_per_person)
    app.extensions[EXTENSION] = Shell(
        manifest, schema, engine, settings, release, db, doors, notice=notice
    )
    app.before_request(identity.recognize)
    with app.app_context():
        builder = Builder(app, db, security_manager_class=Permissions, update_perms=False)
        register_pages(builder)
        for add in screens:
            add(builder)
    requests.protect(app)
    errors.handle_errors(app)
    appearance.set_up(app)
    wording.set_up(app)
    app.teardown_appcontext(_give_back)
    if settings.trusted_proxies:
        app.wsgi_app = requests.TrustedProxies(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


class Builder(AppBuilder):  # type: ignore[misc]
    """Flask-AppBuilder without its own views, templates, menu and static files."""

    def _add_admin_views(self) -> None:
        self._indexview = None
        self.sm.register_views()

    def _add_global_static(self) -> None:
        """Its Bootstrap, jQuery and templates aren't served: none of its pages could ever be shown."""


def _context_number() -> int:
    """Which context of the app this is: one session for each, never one for two requests."""
    return id(getattr(app_ctx, "_get_current_object")())  # noqa: B009 - the proxy's own, unknown to its type


def _give_back(_error: BaseException | None) -> None:
    shell().sessions.remove()


def _derived(secret: str, purpose: str) -> str:
    """One secret, a key of its own for each purpose."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


# The same for every site.
_USUAL: dict[str, Any] = {
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_PATH": "/",
    "MAX_CONTENT_LENGTH": LARGEST_FORM,
    "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
    "MAX_FORM_PARTS": 2000,
    # forged requests
    "WTF_CSRF_CHECK_DEFAULT": False,  # app.screens.security.requests asks, REST classes included
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_CSRF_HEADERS": ["X-CSRFToken", "X-CSRF-Token"],
    # tokens
    "JWT_ALGORITHM": "HS256",
    "JWT_DECODE_ALGORITHMS": ["HS256"],
    "JWT_TOKEN_LOCATION": ["headers"],
    "JWT_ACCESS_TOKEN_EXPIRES": sessions.IDLE,
    "JWT_REFRESH_TOKEN_EXPIRES": sessions.ABSOLUTE,
    # Flask-AppBuilder
    "AUTH_TYPE": AUTH_DB,
    "AUTH_RATE_LIMITED": False,  # counts in one process's memory; app.domain.tries counts in the database
    "RATELIMIT_ENABLED": False,
    "RATELIMIT_STORAGE_URI": "memory://",
    "FAB_UPDATE_PERMS": False,
    "FAB_CREATE_DB": False,
    "FAB_ADD_OPENAPI_VIEWS": False,
    "FAB_ADD_MENU_API": False,
    "FAB_API_SHOW_STACKTRACE": False,
    "FAB_API_MAX_PAGE_SIZE": 200,
    # languages
    "LANGUAGES": {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}},
    "BABEL_TRANSLATION_DIRECTORIES": str(TRANSLATIONS),
}


def _config(manifest: Manifest, settings: Settings) -> dict[str, Any]:
    return _USUAL | {
        "SECRET_KEY": _derived(settings.secret_key, "cookies"),
        "JWT_SECRET_KEY": _derived(settings.secret_key, "tokens"),
        "SESSION_COOKIE_NAME": "__Host-budayang" if settings.https else "budayang",
        "SESSION_COOKIE_SECURE": settings.https,
        "PREFERRED_URL_SCHEME": "https" if settings.https else "http",
        "APP_NAME": manifest.site.name,
        "BABEL_DEFAULT_LOCALE": manifest.site.locale,
        "BABEL_DEFAULT_TIMEZONE": manifest.site.timezone,
    }
