"""From a site's folder, or a release's files, to its manifest: source → shape → link → checks.

Everything found is told at once. A file that can't be read keeps the others from being linked to it, not from
being checked themselves; the manifest is given only where nothing at all is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.manifest.build import build_manifest
from app.manifest.drafts import read_drafts
from app.manifest.files import SITE_FILE, site_files
from app.manifest.link import Linking
from app.manifest.model.manifest import Manifest
from app.manifest.notices import inactive_notices
from app.manifest.problems import Enough, Findings, fault
from app.manifest.source import Source
from app.place import Place
from app.problems import Problem

ENOUGH = fault("NTC103", "问题太多，只列出最先发现的 {count} 个", "改好这些以后再检查一次")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a site: its manifest if it has no problems, and the lines of its files for showing them."""

    manifest: Manifest | None
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]
    lines: Mapping[str, tuple[str, ...]]


def load_site(folder: Path, *, today: date | None = None) -> Loaded:
    """Read a site's folder. `today` (the site's) lets notices look ahead; problems never depend on it."""
    return _load(lambda found: site_files(folder, found), today)


def load_files(files: Mapping[str, bytes], *, today: date | None = None) -> Loaded:
    """The same from files by their path in the site, as a release keeps them."""
    return _load(lambda found: files, today)


def _load(read: Callable[[Findings], Mapping[str, bytes]], today: date | None) -> Loaded:
    found = Findings()
    sources: dict[str, Source] = {}
    manifest: Manifest | None = None
    try:
        manifest = _read(read(found), Linking(found, today=today), sources)
    except Enough:
        found.notice(ENOUGH(Place(SITE_FILE, 1), count=len(found.problems)))
    return Loaded(
        manifest=manifest if not found.problems else None,
        problems=tuple(sorted(found.problems, key=lambda problem: (problem.place, problem.id))),
        notices=tuple(sorted(found.notices, key=lambda notice: (notice.place, notice.id))),
        lines={path: source.lines for path, source in sources.items()},
    )


def _read(files: Mapping[str, bytes], link: Linking, sources: dict[str, Source]) -> Manifest | None:
    read_drafts(files, link, sources)
    manifest = build_manifest(link, files)
    inactive_notices(link)
    return manifest
