"""One's own log-in: who one is here, where one is signed in, the password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain import audit, sessions, sign_in
from app.domain.context import Context
from app.domain.errors import Denied, Invalid, NotFound
from app.domain.sessions import FORM
from app.schema.platform import platform
from app.screens.page import Page, expose
from app.screens.pages.sign_in import let_in
from app.screens.people_words import PersonWords, person_words
from app.screens.texts import _, refusal_text
from app.screens.visits import caller, current, saving, shell


@dataclass(frozen=True, slots=True)
class LastLogin:
    """The log-in before this one, so that one notices when it wasn't oneself."""

    at: datetime | None
    address: str
    failures: int


def last_login(context: Context) -> LastLogin | None:
    """When and from where one came in last before, in one query."""
    table, live = platform.session, current().live
    query = select(table.c.began_at, table.c.address).where(table.c.user_id == context.actor.id)
    if live is not None:
        query = query.where(table.c.id < live.id)
    row = context.session.execute(query.order_by(table.c.id.desc()).limit(1)).first()
    return LastLogin(row.began_at, row.address or "", 0) if row is not None else None


class AccountPage(Page):
    """`/account`, `/account/password`, `/account/sessions/<id>/end`."""

    route_base = "/account"
    default_view = "show"

    @expose("")
    def show(self) -> ResponseReturnValue:
        context = current().context
        words: PersonWords = person_words(context, context.actor)
        open_ones = sessions.living_sessions(context.session, context.actor.id or 0, context.now)
        return render_template(
            "pages/account.html", words=words, open_ones=open_ones, live=current().live
        )

    @expose("/password", methods=["GET", "POST"])
    def password(self) -> ResponseReturnValue:
        if request.method == "GET":
            return self._form({}, 200)
        visit, wanted = current(), request.form.get("wanted", "")
        if wanted != request.form.get("again", ""):
            return self._form({"again": _("两次输入的新密码不一致")}, 422)
        visit.context.session.rollback()
        present = request.form.get("present", "")
        try:
            opened = sign_in.change_password(
                shell().doors, visit.actor, present, wanted, caller(FORM), visit.context.now
            )
        except Denied as refusal:
            return self._form({"present": refusal_text(refusal.message)}, 403)
        except Invalid as refusal:
            return self._form(
                {name: refusal_text(said) for name, said in refusal.fields.items()}, 422
            )
        let_in(opened.key)
        flash(_("密码已修改，其他地方的登录已全部退出"), "ok")
        return redirect(url_for("AccountPage.show"))

    def _form(self, errors: dict[str, str], status: int) -> ResponseReturnValue:
        live = current().live
        forced = live is not None and live.must_change_password
        return make_response(
            render_template("pages/password.html", errors=errors, forced=forced), status
        )

    @expose("/sessions/<id:number>/end", methods=["POST"])
    def end(self, number: int) -> ResponseReturnValue:
        with saving() as context:
            if not sessions.end_session(
                context.session, number, context.now, of=context.actor.id or 0
            ):
                raise NotFound
            audit.write(context.session, audit.Entry(context.now, "session_end", context.actor))
        flash(_("该处登录已退出"), "ok")
        return redirect(url_for("AccountPage.show"))
