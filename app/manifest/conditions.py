"""Reading a condition against what is known of the site."""

from __future__ import annotations

from app.condition.tree import Condition
from app.manifest.link import Linking
from app.manifest.scalars import Word


def read_condition(
    link: Linking, word: Word, entity: str, *, counts: bool = False
) -> Condition | None:
    return None
