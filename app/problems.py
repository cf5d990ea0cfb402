"""What can be wrong with a site, told so that an administrator can put it right."""

from __future__ import annotations

from dataclasses import dataclass

from app.place import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: a stable id, where it stands, what is wrong, and the likely correction."""

    id: str
    place: Place
    message: str
    hint: str = ""
