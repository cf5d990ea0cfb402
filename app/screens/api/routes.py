"""Flask-AppBuilder's own marks of a REST method, with types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask_appbuilder.api import expose
from flask_appbuilder.security.decorators import permission_name

M = TypeVar("M", bound=Callable[..., object])


def route(url: str, method: str, verb: str) -> Callable[[M], M]:
    """The address and verb of a REST method. The method itself asks the gate; the mark is what the framework lists."""

    def mark(view: M) -> M:
        return cast(M, expose(url, methods=[method])(permission_name(verb)(view)))

    return mark
