"""The shell's own pages."""

from __future__ import annotations

from flask_appbuilder import AppBuilder

from app.screens.pages.account import AccountPage
from app.screens.pages.accounts import AccountsPage
from app.screens.pages.appearance import AppearancePage
from app.screens.pages.audit import AuditPage
from app.screens.pages.home import HomePage
from app.screens.pages.sign_in import SignInPage
from app.screens.security.api import SecurityApi


def register_pages(builder: AppBuilder) -> None:
    """Adds them all."""
    for page in (HomePage, SignInPage, AccountPage, AccountsPage, AuditPage, AppearancePage):
        builder.add_view_no_menu(page)
    builder.add_api(SecurityApi)
