"""The audit log on screen and as a file."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import insert

from app.domain import audit
from app.schema.platform import platform
from tests.conftest import Clock
from tests.screens.site import House


def rows_on(text: str) -> int:
    return text.split("<tbody>")[1].count("<tr>") if "<tbody>" in text else 0


def fill(house: House, count: int, still: Clock) -> None:
    with house.engine.begin() as connection:
        row = {"at": still(), "by_name": "wanda", "action": "login", "allowed": 1}
        connection.execute(insert(platform.audit), [dict(row) for _ in range(count)])


def test_the_log_is_read_page_by_page_without_gaps(house: House, still: Clock) -> None:
    fill(house, 120, still)
    walt = house.browser("walt")
    total, seen, path = house.count(platform.audit), 0, "/audit"
    while path:
        text = walt.get(path).text
        seen += rows_on(text)
        path = (
            text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'rel="next"' in text
            else ""
        )
    assert seen == total


def test_the_log_is_asked_by_action_outcome_and_person(house: House) -> None:
    house.browser().log_in("wanda", "wrong")
    house.browser("karl").get("/audit")
    walt = house.browser("walt")
    assert rows_on(walt.get("/audit?action=login&outcome=refused").text) == 1
    assert rows_on(walt.get("/audit?outcome=refused").text) == 2
    assert rows_on(walt.get("/audit?who=karl&outcome=allowed").text) == 1
    assert "没有符合的记录" in walt.get("/audit?who=nobody").text


@pytest.mark.parametrize(
    "question", ["action=x", "outcome=x", "before=x", "before=-1", "before=" + "9" * 20]
)
def test_a_question_that_makes_no_sense_is_refused(house: House, question: str) -> None:
    assert house.browser("walt").get(f"/audit?{question}").status_code == 400


def test_the_file_holds_what_the_screen_does_and_is_itself_noted(house: House) -> None:
    walt = house.browser("walt")
    before = house.count(platform.audit)
    walt.get("/audit")
    answer = walt.post("/audit/export")
    assert answer.headers["Content-Disposition"] == "attachment; filename=audit-20260302-0900.csv"
    table = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert table[0] == ["编号", "时间", "操作", "结果", "操作人", "来源地址", "对象", "详情"]
    assert len(table) == before + 1
    noted = house.audit("audit_export")
    assert [(row.by_name, row.details) for row in noted] == [("walt", {"rows": before})]


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "＋1", '=HYPERLINK("http://x")'],
)
def test_no_cell_of_the_file_is_a_formula(house: House, still: Clock, name: str) -> None:
    with house.engine.begin() as connection:
        connection.execute(insert(platform.audit).values(at=still(), by_name=name, action="login"))
    walt = house.browser("walt")
    walt.get("/audit")
    answer = walt.post("/audit/export")
    table = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert table[2][4] in (f"'{name}", f"'{name.strip()}")


def test_every_action_that_is_written_has_a_word(house: House) -> None:
    house.browser("karl").get("/audit")
    assert {row.action for row in house.audit()} <= set(audit.ACTION_WORDS)
