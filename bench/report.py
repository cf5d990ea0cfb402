"""The figures as tables: on the screen and in docs/bench.md."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bench.facts import WORDS
from bench.measure import Measured

NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
LABELS = {
    "ours": "Budayang",
    "django": "Django admin",
    "flask_admin": "Flask-Admin",
    "stock_fab": "stock FAB",
    "directus": "Directus",
}
PAGES = {
    "list": "list, newest first",
    "deep": "list, page 10,000",
    "filter": "filter by state and officer, sorted by due date",
    **{f"search {name}": f"search “{word}” ({name} characters)" for name, word in WORDS.items()},
    "edit": "edit form (a ref of 5,000)",
    "save": "save, with history and audit",
    "rest": "REST list with its count",
}
# What the medians must not exceed: a share of which program's, on SQLite and PostgreSQL.
GOALS: Mapping[str, tuple[str, float, float]] = {
    "list": ("django", 0.5, 0.2),
    "filter": ("django", 0.12, 0.15),
    **{f"search {name}": ("django", 0.2, 0.2) for name in WORDS},
    "edit": ("django", 0.1, 0.1),
    "save": ("django", 1.2, 1.2),
    "rest": ("directus", 1.0, 0.5),
}
DEEP_GOAL = 1.3
SCALE_GOAL = 1.5
STATEMENTS_GOAL = 6
FORM_GOAL = 80
START_GOAL = 2.0
MEMORY_GOAL = 130


@dataclass
class Figures:
    """Everything that one run found."""

    rows: int
    measured: dict[str, list[Measured]] = field(default_factory=dict)  # by kind of database
    statements: dict[str, dict[str, int]] = field(default_factory=dict)
    memory: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)
    starts: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    scales: dict[str, dict[int, dict[str, float]]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def median(self, kind: str, program: str, page: str, clients: int = 1) -> float:
        """Milliseconds; not a number where it wasn't measured."""
        for one in self.measured.get(kind, ()):
            if (one.program, one.page, one.clients) == (program, page, clients):
                return one.samples.median
        return float("nan")

    def wrong(self, kind: str, program: str, page: str, clients: int) -> tuple[int, int]:
        """Wrong answers, and all."""
        for one in self.measured.get(kind, ()):
            if (one.program, one.page, one.clients) == (program, page, clients):
                return len(one.samples.wrong), len(one.samples.taken) + len(one.samples.wrong)
        return 0, 0


def write(figures: Figures, path: Path) -> None:
    """docs/bench.md: what stands between its marks is replaced, the words around it stay."""
    made = "\n".join(["<!-- made by bench/run -->", *report(figures), "<!-- end -->"])
    text = path.read_text() if path.exists() else f"# Speed and size\n\n{made}\n"
    pattern = r"<!-- made by bench/run -->.*<!-- end -->"
    path.write_text(re.sub(pattern, lambda _: made, text, flags=re.DOTALL))


def report(figures: Figures) -> Iterable[str]:
    """All tables, as Markdown."""
    yield f"Measured on {datetime.now().astimezone():%Y-%m-%d}, {figures.rows:,} rows, {_machine()}."
    for kind in figures.measured:
        for clients in (1, 8):
            people = "one client" if clients == 1 else "eight clients at once"
            yield from ("", f"## {NAMES[kind]}, {people}", "", *_pages(figures, kind, clients))
    yield from ("", "## Everything else", "", *_others(figures))
    if figures.scales:
        yield from ("", "## As the table grows", "", *_scales(figures))
    if figures.missing:
        yield from ("", "## Not measured, or answered wrongly", "")
        yield from (f"- {one}" for one in figures.missing)
    yield ""


def _machine() -> str:
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    cores = Path("/proc/cpuinfo").read_text().count("processor\t")
    return f"Python {platform.python_version()}, {cores} cores of {model or platform.machine()}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _pages(figures: Figures, kind: str, clients: int) -> Iterable[str]:
    programs = [key for key in LABELS if any(one.program == key for one in figures.measured[kind])]
    head = ["median, ms", *(LABELS[key] for key in programs), "ours to theirs", "goal", ""]
    rows = []
    for page, label in PAGES.items():
        found = {key: figures.median(kind, key, page, clients) for key in programs}
        if any(value == value for value in found.values()):
            cells = [_cell(figures, kind, key, page, clients) for key in programs]
            rows.append([label, *cells, *_verdict(figures, kind, page, clients)])
    yield from _table(head, rows)


def _cell(figures: Figures, kind: str, program: str, page: str, clients: int) -> str:
    value = figures.median(kind, program, page, clients)
    wrong, every = figures.wrong(kind, program, page, clients)
    text = f"{value:.1f}" if value < 10 else f"{value:.0f}" if value == value else "–"
    return f"{text} ({wrong} of {every} failed)" if wrong else text


def _verdict(figures: Figures, kind: str, page: str, clients: int) -> list[str]:
    ours = figures.median(kind, "ours", page, clients)
    if page == "deep":
        first = figures.median(kind, "ours", "list", clients)
        return [
            f"{ours / first:.2f} × own first page",
            f"≤ {DEEP_GOAL} ×",
            _mark(ours <= DEEP_GOAL * first),
        ]
    peer, *goals = GOALS[page]
    theirs = figures.median(kind, peer, page, clients)
    if theirs != theirs:
        return ["–", "", ""]
    goal = goals[0 if kind == "sqlite" else 1]
    wrong, _ = figures.wrong(kind, "ours", page, clients)
    name = f" {LABELS[peer]}" if peer != "django" else ""
    return [f"{ours / theirs:.2f}{name}", f"≤ {goal}", _mark(ours <= goal * theirs and not wrong)]


def _mark(met: bool) -> str:
    return "✓" if met else "✗"


def _others(figures: Figures) -> Iterable[str]:
    rows: list[list[str]] = []
    for kind, found in figures.statements.items():
        for page, sent in found.items():
            goal = STATEMENTS_GOAL if page in ("list", "filter", "search") else None
            met = [f"≤ {goal}", _mark(sent <= goal)] if goal else ["", ""]
            rows.append([f"SQL statements, {page}, {NAMES[kind]}", str(sent), *met])
    for kind in figures.measured:
        size = max(
            (
                m.samples.size
                for m in figures.measured[kind]
                if (m.program, m.page) == ("ours", "edit")
            ),
            default=0,
        )
        if size:
            rows.append(
                [
                    f"edit form, {NAMES[kind]}",
                    f"{size / 1024:.0f} KB",
                    f"< {FORM_GOAL} KB",
                    _mark(size < FORM_GOAL * 1024),
                ]
            )
        wrong, every = figures.wrong(kind, "ours", "save", 8)
        if every:
            rows.append(
                [
                    f"eight people saving, {NAMES[kind]}",
                    f"{wrong} of {every} failed",
                    "none",
                    _mark(not wrong),
                ]
            )
        theirs = figures.wrong(kind, "django", "save", 8)
        if theirs[1]:
            rows.append(
                [
                    f"the same in Django admin, {NAMES[kind]}",
                    f"{theirs[0]} of {theirs[1]} failed",
                    "",
                    "",
                ]
            )
    for name, (seconds, pss, rss) in figures.starts.items():
        rows.append(
            [
                f"start to first answer, {name}",
                f"{seconds:.2f} s",
                f"≤ {START_GOAL:g} s",
                _mark(seconds <= START_GOAL),
            ]
        )
        rows.append(
            [
                f"memory of a worker, {name}",
                f"{pss:.0f} MB PSS, {rss:.0f} MB RSS",
                f"≤ {MEMORY_GOAL} MB",
                _mark(rss <= MEMORY_GOAL),
            ]
        )
    for kind, programs in figures.memory.items():
        for program, (pss, rss) in programs.items():
            met = (
                [f"≤ {MEMORY_GOAL} MB", _mark(rss <= MEMORY_GOAL)]
                if program == "ours"
                else ["", ""]
            )
            rows.append(
                [
                    f"memory of a worker after the run, {LABELS[program]}, {NAMES[kind]}",
                    f"{pss:.0f} MB PSS, {rss:.0f} MB RSS",
                    *met,
                ]
            )
    yield from _table(["", "found", "goal", ""], rows)


def _scales(figures: Figures) -> Iterable[str]:
    for kind, sizes in figures.scales.items():
        pages = list(next(iter(sizes.values())))
        least = min(sizes)
        rows = []
        for page in pages:
            base = sizes[least][page]
            cells = [f"{sizes[size][page]:.1f}" for size in sizes]
            worst = max(sizes[size][page] for size in sizes) / base
            rows.append(
                [
                    f"{page}, {NAMES[kind]}",
                    *cells,
                    f"{worst:.2f} ×",
                    f"≤ {SCALE_GOAL} ×",
                    _mark(worst <= SCALE_GOAL),
                ]
            )
        head = ["median, ms", *(f"{size:,} rows" for size in sizes), "largest to least", "goal", ""]
        yield from (*_table(head, rows), "")
