"""Reading the example files of `tests/manifests`: what each lays over the base site, and what it expects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from app.manifest.load import Loaded, load_files

FOLDER = Path(__file__).parents[1] / "manifests"
HEAD = re.compile(r"# file: (\S+)(?: +(expect|notice) (\w+) line (\d+))?\s*$")
MARK = re.compile(r"#.*\b(expect|notice) ([A-Z]{3}\d{3})\b")


@dataclass(frozen=True)
class Told:
    """A problem or notice as an example expects it."""

    kind: str  # expect or notice
    id: str
    file: str
    line: int


@dataclass
class Example:
    """The files that an example lays over the base site, those it removes, and what is to be told."""

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)
    today: date | None = None

    @property
    def id(self) -> str:
        return self.name[:6]


def base_files() -> dict[str, bytes]:
    """The base site."""
    paths = [
        FOLDER / "workflows.yaml",
        *FOLDER.glob("config/*"),
        *FOLDER.glob("catalogs/**/*.yaml"),
    ]
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(paths)}


def written_examples(kind: str) -> Iterator[Example]:
    """The examples of `good` or `bad`, by their files."""
    for path in sorted((FOLDER / kind).glob("*.yaml")):
        yield read_example(path.stem, path.read_bytes().decode("utf-8"))


def read_example(name: str, text: str) -> Example:
    """One example file, cut at its `# file:` lines."""
    example = Example(name)
    target = ""
    parts: dict[str, list[str]] = {}
    for line in text.splitlines(keepends=True):
        head = HEAD.match(line)
        if head is not None:
            target = head[1]
            parts[target] = []
            if head[2]:
                example.told.append(Told(head[2], head[3], target, int(head[4])))
        elif line.startswith("# remove: "):
            example.removed.add(line.removeprefix("# remove: ").strip())
            continue
        elif line.startswith("# today: "):
            example.today = date.fromisoformat(line.removeprefix("# today: ").strip())
            continue
        else:
            mark = MARK.search(line)
            if mark is not None:
                example.told.append(Told(mark[1], mark[2], target, len(parts[target]) + 1))
        parts[target].append(line)
    example.files = {path: "".join(lines).encode() for path, lines in parts.items()}
    return example


def loaded(example: Example) -> Loaded:
    """The base site with the example laid over it, read."""
    files = {p: c for p, c in base_files().items() if p not in example.removed}
    return load_files({**files, **example.files}, today=example.today)


def told_by(site: Loaded, *, notices: bool) -> list[Told]:
    """What was told, in the examples' words. Notices about what a version doesn't do yet are left out."""
    told = [Told("expect", p.id, p.place.file, p.place.line) for p in site.problems]
    if notices:
        told += [Told("notice", p.id, p.place.file, p.place.line) for p in site.notices]
    return [one for one in told if one.id != "NTC101"]
