"""What a request must look like to be let through, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from app.screens.visits import current, is_public, public, shell
from app.settings import MEGABYTE, Network

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
A_YEAR = 31_536_000
FORM_AROUND = 4 * MEGABYTE  # what is typed beside the files of a form
SHORT_BODY = 16 * 1024  # of what is posted by those who aren't signed in

forgery = CSRFProtect()


def is_api() -> bool:
    """Whether the answer should be JSON."""
    return request.path.startswith("/api/")


def refuse_bad_characters() -> None:
    """NUL in an address, a parameter or a form field is never meant and makes databases fail."""
    parts: Iterable[str] = (request.path, *_flat(request.args))
    if request.method not in SAFE_METHODS:
        if not current().signed_in:
            request.max_content_length = SHORT_BODY
        elif getattr(current_app.view_functions.get(request.endpoint or ""), "takes_files", False):
            request.max_content_length = shell().settings.largest_upload + FORM_AROUND
        parts = (*parts, *_flat(request.form))
    if any("\0" in part for part in parts):
        abort(400)


def _flat(values: Any) -> list[str]:
    return [part for key, value in values.items(multi=True) for part in (key, value)]


def refuse_forgery() -> None:
    """Whatever changes something needs the token of its own page, unless it came with a bearer's token.

    Flask-AppBuilder exempts its REST classes; here a REST call that leans on the cookie needs the header
    `X-CSRFToken` like any other.
    """
    if request.method in SAFE_METHODS or current().bearer:
        return
    if is_api() and not current().signed_in:
        return  # leans on no cookie: it is a log-in, or will be told to log in
    forgery.protect()


def require_sign_in() -> ResponseReturnValue | None:
    """Every view is closed unless it is marked public; and whoever must change their password does that first."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or is_public(view):
        return None
    live = current().live
    if live is None:
        if is_api():
            abort(401)
        wanted = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
        return redirect(url_for("SignInPage.login", next=wanted if wanted != "/" else None))
    if live.must_change_password and request.endpoint not in MAY_WITH_OLD_PASSWORD:
        if is_api():
            abort(403)
        return redirect(url_for("AccountPage.password"))
    return None


MAY_WITH_OLD_PASSWORD = frozenset(
    {"AccountPage.password", "SignInPage.logout", "AppearancePage.choose"}
)


def add_headers(response: Response) -> Response:
    """On every answer; what was made for one person is kept by no cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault(
            "Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains"
        )
    if request.endpoint == "static" and response.status_code < 400:
        if request.args.get("v"):
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return response
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Cookie")
    if is_api():
        response.vary.add("Authorization")
    return response


class Id(BaseConverter):
    """A row's number in an address, `<id:number>`: anything that no row can have isn't found.

    (Werkzeug's `int` takes digits of every script and numbers that no database can hold.)
    """

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)


class TrustedProxies:
    """Believes `X-Forwarded-For` and `X-Forwarded-Proto` of the named proxies only."""

    def __init__(self, app: WSGIApplication, networks: tuple[Network, ...]) -> None:
        self._plain = app
        self._behind = ProxyFix(app, x_for=1, x_proto=1, x_host=0, x_port=0, x_prefix=0)
        self._networks = networks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        trusted = _is_within(environ.get("REMOTE_ADDR", ""), self._networks)
        return (self._behind if trusted else self._plain)(environ, start_response)


def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def protect(app: Flask) -> None:
    """Puts all of this before and behind every view of the app. `recognize` must already stand before it."""
    forgery.init_app(app)
    public(app.view_functions["static"])
    app.before_request(refuse_bad_characters)
    app.before_request(refuse_forgery)
    app.before_request(require_sign_in)
    app.after_request(add_headers)
