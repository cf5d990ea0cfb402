"""Faults found in Flask-AppBuilder whose cures aren't tried by the tests of a module: see docs/security.md."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pytest
from sqlalchemy import select, text

from app.schema.engine import engine as make_engine
from app.schema.engine import reading, writing
from app.schema.platform import platform
from tests.screens.records.conftest import Statements
from tests.security.ward import Ward


def test_the_framework_s_minor_is_the_one_whose_inside_is_overridden() -> None:
    assert version("flask-appbuilder").startswith("5.3.")
    assert version("wtforms").startswith("3.3.")


def test_a_ref_is_served_by_rest_whatever_marshmallow_makes_of_foreign_keys(ward: Ward) -> None:
    """Its own REST class fails at boot on a foreign key; ours doesn't ask marshmallow."""
    head = ward.walker("head")
    found: Any = head.rest("GET", "member/1")
    assert found.json["result"]["branch"] == {"id": ward.house.places["north"], "title": "北馆"}
    api: Any = ward.house.app.view_functions["rest_member.get"]
    assert api.__self__.show_model_schema is None


def test_after_the_database_was_restarted_the_next_request_is_served(fresh: Ward) -> None:
    """All pooled connections are dead; nobody is shown an error for it."""
    head, engine = fresh.walker("head"), fresh.house.engine
    assert head.get("/book/list").status_code == 200
    if engine.dialect.name == "postgresql":
        other = make_engine(engine.url)
        with other.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        other.dispose()
    assert head.get("/book/list").status_code == 200
    assert head.rest("GET", "book/").status_code == 200


def test_a_plan_that_fails_half_way_changes_nothing(fresh: Ward) -> None:
    """SQLite's driver would have committed the table before the fault."""
    engine = fresh.house.engine

    def half_way() -> None:
        with writing(engine) as db:
            db.execute(text("CREATE TABLE half (id INTEGER)"))
            db.execute(text("INSERT INTO half VALUES (1)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_way()
    with reading(engine) as db:
        tables = "SELECT name FROM sqlite_master WHERE name = 'half'"
        if engine.dialect.name == "postgresql":
            tables = "SELECT relname FROM pg_class WHERE relname = 'half'"
        assert db.execute(text(tables)).all() == []


def test_a_row_of_others_is_on_no_page_of_what_it_hangs_on(fresh: Ward) -> None:
    """Its master pages list whatever points to the record."""
    head = fresh.walker("head")
    made: Any = head.rest("POST", "paper/", json={"t_text": "表", "t_ref": 1})
    head.rest("POST", "slip/", json={"paper": made.json["id"], "remark": "附言一"})
    page = f"/paper/show/{made.json['id']}"
    assert "附言一" in head.get(page).text
    north = fresh.walker("north").get(page)
    assert north.status_code == 200 and "附言一" not in north.text, (
        "north may read papers, not slips"
    )
    assert "/slip/" not in north.text


def test_a_count_stops_at_ten_thousand(small: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """The framework counts whole tables on every list."""
    monkeypatch.setattr("app.domain.queries.COUNT_CAP", 3)
    head = small.walker("head")
    with_all = Statements(small.house)
    found: Any = head.rest("GET", "book/")
    assert (found.json["count"], found.json["count_is_capped"]) == (3, True)
    assert all("LIMIT" in one.upper() for one in with_all if "COUNT(" in one.upper())
    assert "3+" in head.get("/book/list").text


def test_an_empty_choice_stays_empty(small: Ward) -> None:
    """Its form preselects the first of a choice that may be empty, and fails on a blank one."""
    head = small.walker("head")
    stored = head.post(
        "/paper/add", {"t_text": "表", "t_choice": "", "t_long_choice": "", "t_choices": ""}
    )
    found: Any = head.rest("GET", f"paper/{stored.location.rpartition('/')[2]}")
    assert [found.json["result"][key] for key in ("t_choice", "t_long_choice", "t_choices")] == [
        None,
        None,
        [],
    ]
    form = head.get("/paper/add").text
    assert 'name="t_choice" value="" checked' in form
    assert 'value="c1" selected' not in form


def test_a_moment_keeps_its_time(small: Ward) -> None:
    """Its picker writes the date alone."""
    head = small.walker("head")
    stored = head.post("/paper/add", {"t_text": "表", "t_datetime": "2026-03-02 14:35"})
    found: Any = head.rest("GET", f"paper/{stored.location.rpartition('/')[2]}")
    assert found.json["result"]["t_datetime"] == "2026-03-02T06:35:00Z"
    assert "2026-03-02 14:35" in head.get(stored.location).text


def test_passwords_are_hashed_with_argon2(ward: Ward) -> None:
    with reading(ward.house.engine) as db:
        hashes = db.scalars(select(platform.user.c.password)).all()
    assert hashes and all(one.startswith("$argon2id$") for one in hashes)
