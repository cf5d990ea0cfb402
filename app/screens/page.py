"""The base of the shell's own views."""

from __future__ import annotations

from flask_appbuilder import BaseView


class Page(BaseView):  # type: ignore[misc]
    """A view of Flask-AppBuilder that doesn't bring the framework's templates along."""

    template_folder = None
