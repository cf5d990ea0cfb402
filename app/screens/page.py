"""The base of the shell's own views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from flask_appbuilder import BaseView
from flask_appbuilder import expose as untyped_expose

V = TypeVar("V", bound=Callable[..., object])


class Page(BaseView):  # type: ignore[misc]
    """A view of Flask-AppBuilder that doesn't bring the framework's templates along."""

    template_folder = None


def expose(address: str, methods: Sequence[str] = ("GET",)) -> Callable[[V], V]:
    """Flask-AppBuilder's `expose` for pages and REST classes alike, with its type."""
    return cast(Callable[[V], V], untyped_expose(address, tuple(methods)))
