"""How a service refuses. Each carries a Chinese message for the reader; screens and REST only choose the dress."""

from __future__ import annotations

from collections.abc import Mapping

from app.manifest.model.values import frozen
from app.place import Place


class Refusal(Exception):
    """Base of all refusals; `id` is stable, `place` the YAML line behind it where there is one."""

    id = "refused"

    def __init__(self, message: str, *, place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place


class NotFound(Refusal):
    """There is no such record, or none that the actor may know of: the same answer for both."""

    id = "not_found"

    def __init__(self) -> None:
        super().__init__("没有这条记录，或您无权查看")


class Denied(Refusal):
    """The actor may see the thing but not do this to it."""

    id = "denied"


class Invalid(Refusal):
    """Values that can't be stored: a message for each field (`""` for the record as a whole)."""

    id = "invalid"

    def __init__(self, fields: Mapping[str, str], *, place: Place | None = None) -> None:
        super().__init__("；".join(fields.values()), place=place)
        self.fields = frozen(fields)


class BadQuery(Refusal):
    """An address or query parameter that makes no sense, named in `parameter`."""

    id = "bad_query"

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class Stale(Refusal):
    """Someone else saved the record meanwhile. `theirs` are the fields that differ now, with their values."""

    id = "stale"

    def __init__(
        self, message: str, *, version: int, theirs: Mapping[str, object], by: str
    ) -> None:
        super().__init__(message)
        self.version = version
        self.theirs = frozen(theirs)
        self.by = by


class Conflict(Refusal):
    """The database refused since the state of things doesn't allow it (in use, moved on, already there)."""

    id = "conflict"
