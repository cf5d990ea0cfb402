"""`docs/security.md` names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(r"`(app/[\w/]+\.py)`")


def test_every_test_that_is_named_is_there() -> None:
    told = (ROOT / "docs/security.md").read_text("utf-8")
    named = TEST.findall(told)
    assert len(named) > 40
    gone = [f"{file}::{test}" for file, test in named if f"def {test}(" not in _text(file)]
    assert gone == []


def test_every_row_of_the_faults_has_a_cure_and_a_test() -> None:
    told = (ROOT / "docs/security.md").read_text("utf-8")
    faults = told.partition("## Faults of the framework")[2].partition("\n## ")[0]
    rows = [row for row in faults.splitlines() if row.startswith("| ")][1:]
    assert rows and all(TEST.search(row) for row in rows)
    assert all((ROOT / file).is_file() for file in FILE.findall(told))


def _text(file: str) -> str:
    path = ROOT / file
    return path.read_text("utf-8") if path.is_file() else ""
