"""What can be told of a thing that isn't written: nothing, where a misspelt key may have been meant for it.

A problem is told once, where it is; what would follow from it is not told beside it.
"""

from __future__ import annotations

from typing import Any

from app.manifest.link import Linking
from app.manifest.shapes import Key, Said


def missing(said: Said, *keys: Key[Any]) -> bool:
    """Whether none of the keys is written, and no unknown key stands where one of them may have been meant."""
    return not any(said.has(key) for key in keys) and not misspelt(said)


def misspelt(said: Said) -> bool:
    """Whether some key was written that the shape doesn't have."""
    return any(name not in said.shape.names for name in said.key_places)


def lacks(entity: str, key: str, link: Linking) -> bool:
    """Whether an entity's file certainly doesn't say this key."""
    said = link.drafts.entities.get(entity)
    return said is not None and key not in said.key_places and not misspelt(said)


def refused(entity: str, key: str, link: Linking) -> bool:
    """Whether an entity's trait was written, perhaps misspelt, and couldn't be read in full."""
    said = link.drafts.entities.get(entity)
    if said is None or misspelt(said):
        return True
    trait = said.values.get(key)
    return key in said.key_places and not (isinstance(trait, Said) and trait.whole)
