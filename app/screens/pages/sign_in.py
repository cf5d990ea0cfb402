"""Coming in by the form, and going out."""

from __future__ import annotations

from math import ceil
from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domain import sign_in
from app.domain.errors import Refusal
from app.domain.passwords import Busy
from app.domain.sessions import FORM
from app.domain.sign_in import WrongLogin
from app.domain.tries import Locked
from app.screens.appearance import ALLOWED
from app.screens.errors import of_refusal
from app.screens.page import Page, expose
from app.screens.security.identity import KEY
from app.screens.texts import _, refusal_text
from app.screens.visits import caller, current, public, shell


def safe_target(wanted: str | None) -> str:
    """Where to go on: an address of this site, whatever was asked for."""
    target = wanted or "/"
    odd = any(ord(character) <= 32 or character == "\\" for character in target)
    if odd or not target.startswith("/") or target.startswith("//"):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target


def let_in(key: str) -> None:
    """Puts the session's key into a cookie that holds nothing else of before, but how the screens should look."""
    kept = {what: session[what] for what in ALLOWED if what in session}
    session.clear()
    session.update(kept)
    session[KEY] = key


class SignInPage(Page):
    """`/login` and `/logout`."""

    route_base = ""
    default_view = "login"

    @public
    @expose("/login/", methods=["GET", "POST"])  # Flask-AppBuilder's address
    @expose("/login", methods=["GET", "POST"])
    def login(self) -> ResponseReturnValue:
        target = safe_target(request.values.get("next"))
        if current().signed_in:
            return redirect(target)
        if request.method == "GET":
            return render_template("pages/login.html", target=target, username="")
        username = request.form.get("username", "")
        try:
            opened = sign_in.sign_in(
                shell().doors,
                username,
                request.form.get("password", ""),
                caller(FORM),
                shell().now(),
            )
        except (WrongLogin, Locked, Busy) as refusal:
            return self._again(refusal, target, username)
        let_in(opened.key)
        return redirect(target)

    def _again(self, refusal: Refusal, target: str, username: str) -> ResponseReturnValue:
        fault = refusal_text(refusal.message)
        if isinstance(refusal, Locked):
            minutes = ceil(refusal.seconds / 60)
            fault = _("登录失败次数过多，请 %(n)s 分钟后再试，或请管理员解除锁定", n=minutes)
        page = render_template(
            "pages/login.html", target=target, username=username[:128], fault=fault
        )
        failure = of_refusal(refusal)
        return make_response(page, failure.status, dict(failure.headers))

    @expose("/logout", methods=["POST"])
    def logout(self) -> ResponseReturnValue:
        visit = current()
        if visit.live is not None:
            visit.context.session.rollback()
            sign_in.sign_out(
                shell().engine, visit.actor, visit.live.id, request.remote_addr or "", shell().now()
            )
        session.pop(KEY, None)
        return redirect(url_for("SignInPage.login"))
