"""Checks of the whole site, once everything is linked."""

from __future__ import annotations

from app.manifest.link import Linking
from app.manifest.model.manifest import Manifest
from app.manifest.read.renames import WAS, check_was


def check_site(manifest: Manifest, link: Linking) -> None:
    """What no section can see by itself."""
    words = ((key, said.get(WAS)) for key, said in link.drafts.entities.items())
    check_was(link.drafts.entities, words, link.found)
