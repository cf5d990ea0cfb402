"""Flask-AppBuilder's security manager, with the manifest as its only source of permissions.

Flask-AppBuilder asks `has_access("can_read", "book")`; views name their entity as `class_permission_name` and
their verbs in `method_permission_name`. The answer is looked up by exact entity and verb. Its permission tables stay
empty, its views for users, roles and permissions aren't there, nor is its log-in.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, g
from flask_appbuilder.const import PERMISSION_PREFIX
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import LoginManager, UserMixin

from app.domain.access import may
from app.domain.context import Actor
from app.domain.platform_rights import granted
from app.manifest.model.roles import PLATFORM_NOUNS
from app.screens.visits import current


class SignedIn(UserMixin):  # type: ignore[misc]
    """The actor, as Flask-Login and Flask-AppBuilder know a user."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = actor.id
        self.username = actor.username
        self.roles: list[Any] = []
        self.groups: list[Any] = []

    def get_full_name(self) -> str:
        return self.actor.name


class Permissions(SecurityManager):  # type: ignore[misc]
    """No permission is stored: each is looked up in the manifest at the moment it is asked for."""

    def create_db(self) -> None:
        """The tables are the release's business."""

    def register_views(self) -> None:
        """None of its views: the shell has its own."""

    def create_login_manager(self, app: Flask) -> LoginManager:
        login = LoginManager(app)
        login.session_protection = None  # the session in the database is what counts
        login.request_loader(_user_of_request)
        return login

    def load_user(self, pk: int) -> SignedIn | None:
        """Whoever the request was recognized as, and nobody else."""
        user = _user_of_request(None)
        return user if user is not None and str(user.id) == str(pk) else None

    def load_user_jwt(self, _jwt_header: Any, jwt_data: Any) -> SignedIn | None:
        user = self.load_user(jwt_data["sub"])
        if user is not None:
            g.user = user
        return user

    @property
    def current_user(self) -> SignedIn | None:
        return _user_of_request(None)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Exact: `can_read` on `order` says nothing of `orders`."""
        visit = current()
        if not visit.signed_in or not permission_name.startswith(PERMISSION_PREFIX):
            return False
        verb = permission_name.removeprefix(PERMISSION_PREFIX)
        if view_name in PLATFORM_NOUNS:
            return bool(granted(visit.context, view_name, verb))
        if view_name not in visit.context.manifest.entities:
            return False
        return bool(may(visit.context, view_name, verb))

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public by permission."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """The menu isn't Flask-AppBuilder's."""
        return set()

    def add_permissions_view(self, base_permissions: list[str], view_menu: str) -> None:
        """No permission rows."""

    def add_permissions_menu(self, view_menu_name: str) -> None:
        """No permission rows."""


def _user_of_request(_request: object) -> SignedIn | None:
    visit = g.get("visit")
    return SignedIn(visit.actor) if visit is not None and visit.signed_in else None
