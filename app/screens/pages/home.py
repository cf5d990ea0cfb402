"""Where one comes in: what one may do here, and what was done with one's log-in lately."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.screens.page import Page, expose
from app.screens.pages.account import last_login
from app.screens.visits import current


class HomePage(Page):
    """`/`."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> ResponseReturnValue:
        return render_template("pages/home.html", last=last_login(current().context))
