"""From a site's folder, or a release's files, to its manifest: source → shape → link → checks.

Everything found is told at once. A file that can't be read keeps the others from being linked to it, not from
being checked themselves; the manifest is given only where nothing at all is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.manifest.build import build_manifest
from app.manifest.drafts import read_drafts
from app.manifest.files import site_files
from app.manifest.link import Linking
from app.manifest.model.manifest import Manifest
from app.manifest.notices import inactive_notices
from app.manifest.problems import Findings
from app.problems import Problem


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a site: its manifest if it has no problems, and the lines of its files for showing them."""

    manifest: Manifest | None
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    lines: Mapping[str, tuple[str, ...]]


def load_site(folder: Path, *, today: date | None = None) -> Loaded:
    """Read a site's folder. `today` (the site's) lets notices look ahead; problems never depend on it."""
    found = Findings()
    return _load(site_files(folder, found), found, today)


def load_files(files: Mapping[str, bytes], *, today: date | None = None) -> Loaded:
    """The same from files by their path in the site, as a release keeps them."""
    return _load(files, Findings(), today)


def _load(files: Mapping[str, bytes], found: Findings, today: date | None) -> Loaded:
    link = Linking(found, today=today)
    sources = read_drafts(files, link)
    manifest = build_manifest(link, files)
    inactive_notices(link)
    return Loaded(
        manifest=manifest if not found.problems else None,
        problems=tuple(sorted(found.problems, key=lambda problem: (problem.place, problem.id))),
        notices=tuple(sorted(found.notices, key=lambda notice: (notice.place, notice.id))),
        lines={path: source.lines for path, source in sources.items()},
    )
