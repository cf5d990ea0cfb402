"""Two administrators apply at once: one wins, the other is told, and releases stay one line."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.pool import NullPool

from app.release import apply as applying
from app.release.planned import planned as seen
from app.release.problems import ApplyProblem, Busy, Stale
from app.release.releases import all_releases, live_release
from app.schema.engine import engine as make_engine
from app.schema.engine import writing_engine
from tests.release.shop import SITE, Files, add, applied, edited, planned, rows

JOB = "catalogs/job.yaml"


def labelled(label: str) -> Files:
    return edited(SITE, (JOB, "label: 维修单", f"label: {label}"))


def test_whoever_comes_second_is_told(engine: Engine) -> None:
    applied(engine, SITE)
    plans = {label: seen(planned(engine, labelled(label))) for label in ("甲", "乙")}
    outcomes: list[object] = []
    start = threading.Barrier(2)

    def go(label: str) -> None:
        start.wait()
        try:
            outcomes.append(applied(engine, labelled(label), planned=plans[label]).release)
        except ApplyProblem as problem:
            outcomes.append(problem)

    threads = [threading.Thread(target=go, args=(label,)) for label in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(2) == 1
    loser = next(one for one in outcomes if one != 2)
    assert isinstance(loser, Busy | Stale)
    assert "budayang plan" in loser.message
    assert [release.id for release in all_releases(engine)] == [2, 1]


def during(engine: Engine, point: str, do: Callable[[], None]) -> None:
    """Applies a change and does something at one point of it."""
    done = False

    def passing(name: str) -> None:
        nonlocal done
        if name == point and not done:
            done = True
            do()

    before, applying.passing = applying.passing, passing
    try:
        applied(
            engine, edited(SITE, (JOB, "  size:", "  fee: { label: 费用, type: money }\n  size:"))
        )
    finally:
        applying.passing = before
    assert done


def test_an_apply_while_another_runs_is_refused_at_once(engine: Engine) -> None:
    applied(engine, SITE)

    def second() -> None:
        with pytest.raises(Busy):
            applied(impatient(engine), labelled("乙"))

    during(engine, "plan made", second)
    assert live_release(engine) == 2


def impatient(engine: Engine) -> Engine:
    """SQLite waits five seconds for another writer; a test needn't."""
    other = make_engine(engine.url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(
            other, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 50")
        )
    return other


def test_readers_go_on_reading_the_old_release_meanwhile(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁")
    seen_rows: list[object] = []
    during(engine, "locked", lambda: seen_rows.extend(rows(engine, SITE, "job", "subject")))
    assert seen_rows == [("修锁",)]


def test_an_apply_gives_way_to_a_long_request_and_tries_again(
    pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(pg_url, poolclass=NullPool)
    applied(engine, SITE)
    begun, over = threading.Event(), threading.Event()

    def long_request() -> None:
        with engine.begin() as connection:
            connection.execute(text("SELECT count(*) FROM job"))
            begun.set()
            over.wait(10)

    reader = threading.Thread(target=long_request)
    reader.start()
    begun.wait(10)
    tries: list[str] = []
    monkeypatch.setattr(applying, "passing", lambda name: name == "begin" and tries.append(name))
    threading.Timer(2.5, over.set).start()
    more = edited(SITE, (JOB, "  size:", "  fee: { label: 费用, type: money }\n  size:"))
    assert applied(engine, more).release == 2
    assert len(tries) > 1
    reader.join()
    engine.dispose()


def test_an_apply_that_never_gets_its_turn_says_so(
    pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(pg_url, poolclass=NullPool)
    applied(engine, SITE)
    monkeypatch.setattr(applying, "TRIES", 1)
    more = edited(SITE, (JOB, "  size:", "  fee: { label: 费用, type: money }\n  size:"))
    with engine.begin() as connection:
        connection.execute(text("SELECT count(*) FROM job"))
        with pytest.raises(Busy):
            applied(engine, more)
    assert live_release(engine) == 1
    engine.dispose()


def test_a_writer_s_lock_is_released_after_a_refusal(engine: Engine) -> None:
    applied(engine, SITE)
    agreed = seen(planned(engine, labelled("甲")))
    applied(engine, labelled("乙"))
    with pytest.raises(Stale):
        applied(engine, labelled("甲"), planned=agreed)
    with writing_engine(engine).begin() as connection:
        connection.execute(text("UPDATE job SET subject = subject"))
