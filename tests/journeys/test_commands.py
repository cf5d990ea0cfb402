"""An operator at the command line of an applied site: what is live, what would change, who may what and why."""

from __future__ import annotations

import json
import time

import pytest

from tests.journeys.stock import Library, Repair

pytestmark = pytest.mark.slow  # each command takes a second or two to start


def test_what_was_applied_needs_no_second_apply(library: Library, repair: Repair) -> None:
    for stage in (library.stage, repair.stage):
        assert json.loads(stage.run("plan", "--format", "json")) == []
        before = stage.run("releases")
        stage.run("apply", "--yes", "-m", "again")
        assert stage.run("releases") == before


def test_a_release_tells_who_and_why(library: Library) -> None:
    assert "first release" in library.stage.run("releases")


def test_a_change_is_planned_applied_and_seen_by_who_is_logged_in(library: Library) -> None:
    stage = library.stage
    path = stage.folder / "catalogs" / "room.yaml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("label: Reading room\n", "label: Study room\n"), "utf-8")
    steps = json.loads(stage.run("plan", "--format", "json", code=3))
    assert steps
    stage.run("apply", "--yes", "-m", "a better word")
    _wait_for(library, "Study room")
    path.write_text(before, "utf-8")
    stage.run("apply", "--yes", "-m", "and back")
    _wait_for(library, "Reading room")


def test_a_mistake_is_told_with_its_line_and_changes_nothing(library: Library) -> None:
    stage = library.stage
    path = stage.folder / "config" / "roles.yaml"
    before = path.read_text("utf-8")
    path.write_text(before.replace("member is my.member", "membre is my.member"), "utf-8")
    try:
        problems = json.loads(stage.run("check", "--format", "json", code=1))
        assert {problem["file"] for problem in problems} == {"config/roles.yaml"}
        assert all("member" in problem["hint"] for problem in problems)
        stage.run("apply", "--yes", "-m", "wrong", code=1)
    finally:
        path.write_text(before, "utf-8")
    assert [row["id"] for row in library.ann.rows("loan")] == [library.loans["ann"]]


def test_explain_names_the_line_that_keeps_a_row_out_of_sight(library: Library) -> None:
    number = library.lena.record("loan", library.loans["bob"])["number"]
    told = library.stage.run("explain", "loan", number, "--as", "ann")
    assert "config/roles.yaml:" in told
    own = library.lena.record("loan", library.loans["ann"])["number"]
    assert library.stage.run("explain", "loan", own, "--as", "ann") != told.replace(number, own)


def test_the_doctor_finds_nothing(library: Library, repair: Repair) -> None:
    library.stage.run("doctor")
    repair.stage.run("doctor")


def _wait_for(library: Library, words: str) -> None:
    """The serving process swaps within three seconds."""
    limit = time.monotonic() + 3
    while words not in library.visitor("lena").get("/"):
        assert time.monotonic() < limit, f"{words} isn't there"
        time.sleep(0.1)
