"""What every answer carries, whatever it is: a page, an error, a redirect, JSON, a file, a part of one."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.screens.security.requests import HEADERS
from tests.security.ward import Ward

CALLS: dict[str, tuple[str, str, int]] = {
    "page": ("GET", "/member/list", 200),
    "head": ("HEAD", "/member/list", 200),
    "options": ("OPTIONS", "/member/list", 200),
    "missing": ("GET", "/member/show/999", 404),
    "no page": ("GET", "/nowhere", 404),
    "method": ("GET", "/logout", 405),
    "denied": ("GET", "/accounts", 403),
    "bad": ("GET", "/member/list?x=1", 400),
    "nul": ("GET", "/member/list?x=%00", 400),
    "forged": ("POST", "/member/add", 400),
    "redirect": ("GET", "/member/list?q=", 302),
    "slash": ("GET", "/api/v1/member", 308),
    "rest": ("GET", "/api/v1/member/", 200),
    "rest missing": ("GET", "/api/v1/member/999", 404),
    "rest refused": ("POST", "/api/v1/member/", 400),
    "choices": ("GET", "/loan/options/member", 200),
    "file": ("GET", "/member/file/1", 200),
}


@pytest.fixture(scope="module")
def stocked(ward: Ward) -> Ward:
    head = ward.walker("head")
    data = {"csrf_token": head.forgery, "files": (io.BytesIO(b"%PDF-1"), "a.pdf")}
    assert (
        head.post("/member/attach/1", data=data, content_type="multipart/form-data").status_code
        == 302
    )
    return ward


def hardened(answer: TestResponse, *, own_policy: bool = False) -> None:
    for name, value in HEADERS.items():
        if not (own_policy and name == "Content-Security-Policy"):
            assert answer.headers[name] == value, name
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("call", CALLS)
def test_every_answer_is_hardened_and_kept_by_no_cache(stocked: Ward, call: str) -> None:
    method, path, status = CALLS[call]
    answer = stocked.walker("head").client.open(path, method=method)
    answer.close()
    assert answer.status_code == status
    hardened(answer, own_policy=call == "file")


@pytest.mark.parametrize(
    "headers", [{"Range": "bytes=0-2"}, {"Range": "bytes=9-"}, {"If-None-Match": "*"}]
)
def test_so_is_a_part_of_a_file(stocked: Ward, headers: dict[str, str]) -> None:
    answer = stocked.walker("head").get("/member/file/1", headers=headers)
    assert answer.status_code in (206, 304, 400)
    hardened(answer, own_policy=True)


def test_a_failure_is_too(small: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("SELECT secret FROM x")

    head = small.walker("head")
    monkeypatch.setattr("app.domain.queries.page", fail)
    for answer in (head.get("/member/list"), head.rest("GET", "member/")):
        assert answer.status_code == 500 and "secret" not in answer.text
        hardened(answer)


def test_what_is_missing_is_never_kept_for_a_year(small: Ward) -> None:
    """A shared cache would go on saying so after the next release has brought the file."""
    stranger = small.walker(None)
    assert "immutable" in stranger.get("/static/theme.css?v=1").headers["Cache-Control"]
    for path in ("/static/not-yet.css?v=1", "/static/../wsgi.py?v=1", "/static/..%2fwsgi.py?v=1"):
        answer = stranger.get(path)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store", path


def test_a_line_break_in_an_address_begins_no_line_of_the_log(
    small: Ward, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_given: Any, **_named: Any) -> None:
        raise RuntimeError

    head = small.walker("head")
    monkeypatch.setattr("app.screens.records.asides.options", fail)
    head.get("/loan/options/x%0aERROR%20root:%20all%20is%20lost")
    told = [record.getMessage() for record in caplog.records]
    assert any("all is lost" in one for one in told)
    assert not any("\n" in one for one in told)


def test_a_refusal_of_many_at_once_is_a_refusal(small: Ward) -> None:
    """One that is pressed without its button being there leaves its row like any other."""
    north, before = small.walker("north"), small.refusals()
    for picks in (["1:1"], ["1:1", "3:1"]):
        answer = north.post("/member/bulk/retire", {"pick": picks, "confirmed": "yes"})
        assert answer.status_code == 403
    assert small.refusals() == before + 2


def test_nobody_moves_themselves_into_another_department(small: Ward) -> None:
    """It would open that department's rows; roles nobody gives themselves either."""
    keeper, house = small.walker("keeper"), small.house
    own = house.people["keeper"]
    form = {"name": "管号员", "department": str(house.places["south"])}
    answer = keeper.post(f"/accounts/{own}/edit", form)
    assert answer.status_code == 403 and "不能修改自己的部门" in answer.text
    assert keeper.post(f"/accounts/{own}/edit", {"name": "管号员甲"}).status_code == 302
    moved = keeper.post(f"/accounts/{house.people['north']}/edit", form | {"name": "北"})
    assert moved.status_code == 302
