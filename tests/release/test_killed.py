"""`kill -9` in the middle of an apply leaves the old release whole or the new one; applying again converges."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.pool import NullPool

from app.release import apply as applying
from app.release.releases import live_release
from app.schema.engine import engine as make_engine
from tests.release.killed import AFTER, KILLED
from tests.release.shop import SITE, add, applied, planned, platform_rows, rows, schema_of

ROOT = Path(__file__).resolve().parents[2]


def run(url: str, which: str, at: int) -> int:
    """The exit code of an apply that is to die at this point."""
    command = [sys.executable, "-m", "tests.release.killed", url, which, str(at)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode


def dump(engine: Engine) -> dict[str, object]:
    """Everything there is: tables with columns, indexes and rows."""
    inspector = inspect(engine)
    found: dict[str, object] = {}
    with engine.connect() as connection:
        # Full-text tables themselves can't be counted; the tables beneath them are.
        hidden = {
            name.removesuffix("_data")
            for name in inspector.get_table_names()
            if name.endswith("_data")
        }
        for table in sorted({*inspector.get_table_names()} - hidden):
            columns = [column["name"] for column in inspector.get_columns(table)]
            indexes = sorted(str(index["name"]) for index in inspector.get_indexes(table))
            held = connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar()
            found[table] = (columns, indexes, held)
    return found


def points(which: str, engine: Engine, files: dict[str, str]) -> int:
    """How many points an apply passes."""
    passed: list[str] = []
    before, applying.passing = applying.passing, passed.append
    try:
        applied(engine, files)
    finally:
        applying.passing = before
    return len(passed)


def fill(engine: Engine) -> None:
    """Records that the second release changes."""
    for number, state in enumerate(("received", "fixing", "done")):
        add(
            engine,
            SITE,
            "job",
            subject="修锁",
            size=str(number),
            grade="urgent",
            state=state,
            tool_id=1,
        )


def sampled(last: int) -> list[int]:
    """Every point near the ends, and each few in between: the middle is alike for long stretches."""
    step = max(1, last // 24)
    return sorted({*range(1, 4), *range(1, last + 1, step), last - 1, last})


@pytest.mark.slow
@pytest.mark.alone
def test_a_first_apply_killed_anywhere_is_all_or_nothing(any_url: str, tmp_path: Path) -> None:
    engine = make_engine(any_url, poolclass=NullPool)
    last = points("BEFORE", make_engine(f"sqlite:///{tmp_path / 'other.db'}"), SITE)
    for at in sampled(last):
        if live_release(engine):
            break
        assert run(any_url, "BEFORE", at) == KILLED
        assert live_release(engine) in (0, 1)
        if not live_release(engine):
            assert dump(engine) == {}
    applied(engine, SITE)
    assert live_release(engine) == 1
    assert planned(engine, SITE).steps == ()
    assert rows(engine, SITE, "tool", "code") == [("T1",), ("T2",)]


@pytest.mark.slow
@pytest.mark.alone
def test_a_later_apply_killed_anywhere_is_all_or_nothing(any_url: str, tmp_path: Path) -> None:
    other = make_engine(f"sqlite:///{tmp_path / 'other.db'}", poolclass=NullPool)
    engine = make_engine(any_url, poolclass=NullPool)
    for one in (other, engine):
        applied(one, SITE)
        fill(one)
    last = points("AFTER", other, AFTER)
    whole = dump(engine)
    kills = 0
    for at in sampled(last):
        if live_release(engine) == 2:
            break
        assert run(any_url, "AFTER", at) == KILLED
        kills += 1
        if live_release(engine) == 1:
            assert dump(engine) == whole
    assert kills >= 20
    applied(engine, AFTER)
    assert live_release(engine) == 2
    assert planned(engine, AFTER).steps == ()
    found = rows(engine, AFTER, "job", "size", "grade", "state", "gear_id")
    assert found == [(0, "hot", "received", 1), (1, "hot", "working", 1), (2, "hot", "done", 1)]
    links = schema_of(AFTER).storage["van"]["tools"].links
    assert links is not None
    assert platform_rows(engine, links, "record_id", "target_id") == [(1, 1), (1, 2)]


def test_the_points_of_dying_lie_between_all_pieces_of_work(tmp_path: Path) -> None:
    """Were `passing` called nowhere, the tests above would kill nothing."""
    engine = make_engine(f"sqlite:///{tmp_path / 'site.db'}", poolclass=NullPool)
    assert points("BEFORE", engine, SITE) > 20
    fill(engine)
    assert points("AFTER", engine, AFTER) > 20
