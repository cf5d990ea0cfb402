"""Deadlines on the calendars of the two sites, reckoned by hand: summer time, make-up days, nights over midnight."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main

SITES = Path(__file__).parent
LIBRARY = [
    ("always", "2026-03-28 12:00", "24h", "2026-03-29 13:00"),  # the clocks go forward in between
    ("always", "2026-03-28 12:00", "1 day", "2026-03-29 12:00"),  # … and a day is a day
    ("always", "2026-03-03 11:00", "60 days", "2026-05-02 11:00"),
    (
        "lending_hours",
        "2026-04-11 15:00",
        "4h",
        "2026-04-12 13:00",
    ),  # the book fair's Sunday has a Tuesday's hours
    (
        "lending_hours",
        "2026-04-02 18:00",
        "2h",
        "2026-04-07 11:00",
    ),  # Easter, and closed on Mondays
    ("lending_hours", "2026-04-01 18:00", "3 workdays", "2026-04-08 19:00"),
    ("lending_hours", "2026-05-31 12:00", "0 workdays", "2026-06-02 19:00"),
    ("reading", "2026-03-03 09:00", "1 workday", "2026-03-04 19:00"),  # hours that it inherits
]
REPAIR = [
    ("nights", "2026-03-06 16:30", "8h", "2026-03-07 06:00"),
    ("nights", "2026-03-07 03:00", "4h", "2026-03-07 23:00"),
    (
        "nights",
        "2026-03-07 03:00",
        "1 workday",
        "2026-03-08 06:00",
    ),  # three in the morning is still Friday's night
    ("nights", "2026-03-07 12:00", "0 workdays", "2026-03-08 06:00"),
    ("office", "2026-02-13 16:00", "2 workdays", "2026-02-24 17:00"),
    ("office", "2026-02-27 16:00", "2h", "2026-02-28 09:00"),  # a Saturday that is worked
    ("on_call", "2026-03-06 16:00", "2h", "2026-03-09 09:00"),
]


@pytest.mark.parametrize(("calendar", "start", "target", "due"), LIBRARY)
def test_a_deadline_at_the_library(calendar: str, start: str, target: str, due: str) -> None:
    assert _deadline("library", calendar, start, target) == due


@pytest.mark.parametrize(("calendar", "start", "target", "due"), REPAIR)
def test_a_deadline_at_the_repair_desk(calendar: str, start: str, target: str, due: str) -> None:
    assert _deadline("repair", calendar, start, target) == due


def test_a_pause_at_night_moves_it_into_the_next_night() -> None:
    paused = ("--pause", "2026-03-06 23:00..2026-03-07 01:00")
    assert _deadline("repair", "nights", "2026-03-06 22:00", "8h", *paused) == "2026-03-08 00:00"


@pytest.mark.parametrize(
    "words",
    [
        ("nowhere", "2026-03-06 16:30", "8h"),
        ("nights", "2026-02-30 16:30", "8h"),
        ("nights", "2026-03-06 16:30", "1.5h"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(words: tuple[str, str, str]) -> None:
    done = CliRunner().invoke(main, ["deadline", *words, "--site", str(SITES / "repair")])
    assert done.exit_code == 1
    assert done.stderr.strip()


def _deadline(site: str, *words: str) -> str:
    done = CliRunner().invoke(main, ["deadline", *words, "--site", str(SITES / site)])
    assert done.exit_code == 0, done.output
    return done.output.strip()
