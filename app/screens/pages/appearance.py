"""Choosing language, light or dark, and how tight the rows are."""

from __future__ import annotations

from flask import abort, redirect, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from app.schema.platform import platform
from app.screens.appearance import ALLOWED
from app.screens.page import Page, expose
from app.screens.pages.sign_in import safe_target
from app.screens.visits import current, public, saving


class AppearancePage(Page):
    """`POST /appearance`: one or more of `locale`, `theme`, `density`; an empty value means as the device has it."""

    route_base = ""
    default_view = "choose"

    @public
    @expose("/appearance", methods=["POST"])
    def choose(self) -> ResponseReturnValue:
        said = {what: request.form[what] for what in ALLOWED if what in request.form}
        if not said or any(value and value not in ALLOWED[what] for what, value in said.items()):
            abort(400)
        if current().signed_in:
            own = platform.account.c.user_id == current().actor.id
            with saving() as context:
                values = {what: value or None for what, value in said.items()}
                context.session.execute(update(platform.account).where(own).values(**values))
        for what, value in said.items():
            session[what] = value
        return redirect(safe_target(request.form.get("next")))
