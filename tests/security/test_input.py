"""What nobody means to send: answered with a message at the field, never by a failure, and nothing is changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.security.ward import LEAKS, Ward, is_clean

ODD_IDS = [
    "0",
    "-1",
    "1.5",
    "1e3",
    "0x1",
    "９",
    "²",
    "1%0a",
    "%00",
    "99999999999999999999",
    "1 ",
    "+1",
]
FAR = "999999999999999999"  # more than an id of the platform's own tables can be
ODD = [
    *[
        "99999999999999999999",
        "1e309",
        "1e308",
        "NaN",
        "Infinity",
        "-0.0",
        "１２",
        "²",
        "٣",
        "1_000",
    ],
    *["0000-00-00", "2026-02-30", "9999-12-31", "0001-01-01", "10000-01-01", "25:00", "24:00:00"],
    *["%", "_", "\\", "'", '"', ";--", "') OR 1=1--", "\x00", "x" * 10_000, "0" * 20 + "9" * 30],
    *["<script>", "{{7*7}}", "%(x)s", "{0.__class__}", "\u202e", "㐂𠮷", "\ufffe", "a\r\nb: c"],
    *[
        "true",
        "null",
        "[]",
        "{}",
        "((((",
        "not " * 500,
        "me",
        "my.department",
        "empty",
        "..",
        "a..b",
    ],
]
PAPER = [
    *[
        "t_text",
        "t_note",
        "t_lines",
        "t_integer",
        "t_decimal",
        "t_money",
        "t_percent",
        "t_yes",
        "t_date",
    ],
    *["t_datetime", "t_time", "t_duration", "t_choice", "t_choices", "t_ref", "t_refs", "t_files"],
    *["t_phone", "t_email", "t_url", "t_card", "t_credit", "t_code", "t_condition"],
]


@pytest.mark.parametrize("field", PAPER)
def test_a_form_takes_no_harm_from_any_value(ward: Ward, field: str) -> None:
    """Something else is wrong as well, so nothing is ever stored."""
    head, before = ward.walker("head"), ward.state()
    for odd in ODD:
        form = {"t_text": "", "t_integer": "x", field: odd, f"{field}~unit": odd}
        if field in ("t_ref", "t_refs"):
            form |= {f"{field}~typed": odd, f"{field}~pick": odd}
        if field == "t_integer":
            form["t_date"] = "x"
        answer = head.post("/paper/add", form)
        assert answer.status_code in (400, 422), (odd, answer.status_code)
        assert is_clean(answer), odd
        assert "<script>" not in answer.text
    assert ward.state() == before


@pytest.mark.parametrize("field", PAPER)
def test_rest_takes_no_harm_from_any_value(ward: Ward, field: str) -> None:
    head, before = ward.walker("head"), ward.state()
    shapes: list[Any] = [10**30, -(10**18), 1.5, 1e308, True, [], {}, [[1]], [None], {"id": "x"}]
    shapes += [{"id": 10**30}, [{"id": 1}, "²"], list(range(600)), "\ud800", [10**30]]
    for odd in [*ODD, *shapes]:
        body = json.dumps({"t_integer": "x", "t_text": "x", field: odd, "t_no_such": 1})
        answer = head.rest("POST", "paper/", data=body, content_type="application/json")
        assert answer.status_code in (400, 422), (odd, answer.text)
        assert is_clean(answer), odd
    assert ward.state() == before


@pytest.mark.parametrize("odd", ODD_IDS)
def test_an_id_that_is_none_is_not_found(ward: Ward, odd: str) -> None:
    head = ward.walker("head")
    paths = ("show/{}", "edit/{}", "history/{}", "file/{}", "show/{}/", "add/{}")
    for path in paths:
        answer = head.get(f"/member/{path.format(odd)}")
        assert answer.status_code in ((400,) if odd == "%00" else (404,)), (
            path,
            answer.status_code,
        )
    for method, path in (("GET", "{}"), ("PUT", "{}"), ("DELETE", "{}"), ("GET", "{}/timeline")):
        answer = head.rest(method, f"member/{path.format(odd)}", json={"version": 1})
        assert answer.status_code in ((400,) if odd == "%00" else (404,)), (path, answer.text)


def test_ids_beyond_a_table_s_own_size_are_as_ones_of_no_row(ward: Ward) -> None:
    """PostgreSQL fails on them where SQLite finds nothing."""
    head = ward.walker("head")
    for path in (
        f"/member/list?branch={FAR}",
        f"/member/list?created_by={FAR}",
    ):
        answer = head.get(path)
        assert answer.status_code == 200 and "没有符合条件" in answer.text, path
    for q in (f"(filters:!((col:branch,opr:rel_o_m,value:{FAR})))",):
        found: Any = head.rest("GET", "member/", query_string={"q": q})
        assert found.status_code == 200 and found.json["count"] == 0, found.text
    asked: Any = head.rest("GET", "member/related/branch", query_string={"q": f"(ids:!({FAR}))"})
    assert asked.json == {"result": []}
    for path in (f"/member/views/{FAR}/drop", f"/member/detach/1/{FAR}", f"/member/attach/{FAR}"):
        assert head.post(path).status_code == 404, path
    sent: Any = head.rest("POST", "member/", json={"name": "甲", "branch": FAR})
    assert sent.status_code == 422 and set(sent.json["error"]["fields"]) == {"branch"}
    form = head.post("/member/add", {"name": "甲", "branch": FAR})
    assert form.status_code == 422 and "没有这条记录" in form.text


@pytest.mark.parametrize("odd", ODD)
def test_any_question_of_a_list_is_answered(ward: Ward, odd: str) -> None:
    """By rows, or by 400 that names the parameter; never by all rows for a filter that was not understood."""
    head = ward.walker("head")
    names = (
        "q",
        "where",
        "order",
        "size",
        "after",
        "before",
        "last",
        "retired",
        "branch",
        "vip",
        "born",
    )
    for name in (*names, "score", "tags", "name", "id", "created_at", "created_by", "no_such", odd):
        answer = head.get("/member/list", query_string={name: odd})
        assert answer.status_code in (200, 302, 400), (name, answer.status_code)
        assert is_clean(answer), name
    for path in (
        "/loan/options/member",
        "/loan/add",
        "/member/history/1",
        "/accounts",
        "/login",
        "/",
    ):
        assert is_clean(
            head.get(path, query_string={"q": odd, "member": odd, "before": odd, "next": odd})
        )
    for asked in (
        odd,
        f"(where:'{odd}')",
        f"(search:'{odd}')",
        f"(filters:!((col:{odd},opr:eq,value:1)))",
    ):
        assert is_clean(head.rest("GET", "member/", query_string={"q": asked})), asked


HIDDEN = [
    "phone",
    "created_by.password",
    "branch.key",
    "member.phone",
    "password",
    "version",
    "updated_at",
]


@pytest.mark.parametrize("field", HIDDEN)
def test_nothing_hidden_is_filtered_sorted_or_asked_by(ward: Ward, field: str) -> None:
    """A list that could be sorted by a password would tell it letter by letter."""
    north = ward.walker("north")
    for query in ({field: "1"}, {"order": field}, {"order": f"-{field}"}):
        if "order" in query or field != "version":
            assert north.get("/member/list", query_string=query).status_code == 400, query
    for q in (f"(filters:!((col:{field},opr:eq,value:'1')))", f"(order_column:{field})"):
        assert north.rest("GET", "member/", query_string={"q": q}).status_code == 400, q
    asked = north.get("/member/list", query_string={"where": f"{field} is set"})
    assert asked.status_code == 400 or field in ("branch.key", "version")


@pytest.mark.parametrize(
    "target",
    ["//[", "//℀.com", "//[::1", "http://[", "/[", "\\\\evil", "/\\evil", "//evil", "javascript:x"],
)
def test_wherever_one_wants_to_go_on_one_stays_here(ward: Ward, target: str) -> None:
    """Some addresses can't even be taken apart."""
    outside = ward.walker(None).get("/login", query_string={"next": target})
    assert outside.status_code == 200
    inside = ward.walker("head").get("/login", query_string={"next": target})
    assert inside.status_code == 302
    assert inside.location in ("/", "/%5B")
    chosen = ward.walker("head").post("/appearance", {"theme": "dark", "next": target})
    assert chosen.location in ("/", "/%5B")


def test_a_filter_that_would_begin_a_header_of_its_own_is_not_kept(ward: Ward) -> None:
    head, before = ward.walker("head"), ward.state()
    for query in ("a\r\nSet-Cookie: x=1", "a\nb", "x" * 5_000, "\u2028"):
        for name in ("", "我的"):
            answer = head.post("/book/views", {"name": name, "query": query})
            assert (answer.status_code, answer.location) == (302, "/book/list")
            assert "x=1" not in str(answer.headers.getlist("Set-Cookie"))
    assert ward.state() == before
    for back in ("//evil", "/book/\r\nX: y", "/book/\\evil", "https://evil"):
        answer = head.post("/book/views/1/drop", {"back": back})
        assert answer.status_code == 404 or answer.location == "/book/list"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_looking_or_another_method_changes_nothing(ward: Ward, method: str) -> None:
    """C1: what a link, an image or a prefetching browser sends does nothing."""
    head, before = ward.walker("head"), ward.state()
    for path in (
        "delete/1",
        "retire/1",
        "bulk/retire",
        "views",
        "views/1/drop",
        "attach/1",
        "detach/1/1",
        "ask",
    ):
        answer = head.client.open(f"/member/{path}?pick=1:1&confirmed=yes", method=method)
        assert answer.status_code in (200, 400, 404, 405) and (
            answer.status_code != 200 or method == "OPTIONS"
        )
    assert ward.state() == before


def test_bodies_of_another_kind_are_refused(ward: Ward) -> None:
    head, before = ward.walker("head"), ward.state()
    for kind in (
        "text/plain",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "",
        "application/json; charset=gbk",
    ):
        answer = head.rest("POST", "book/", data='{"name":"x"}', content_type=kind)
        assert answer.status_code == 415, kind
    for body in (
        b"\xff\xfe",
        b'{"name":"a","name":"b"}',
        b"[1]",
        b'{"name":NaN}',
        b"[" * 5_000,
        b'{"a":' * 5_000,
        b"",
    ):
        answer = head.rest("POST", "book/", data=body, content_type="application/json")
        assert answer.status_code == 400 and not LEAKS.search(answer.text), body[:20]
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "text/plain",
        "application/json",
    ):
        answer = head.client.post("/book/add", data=b"--x\r\n\r\nname=1", content_type=kind)
        assert answer.status_code == 400, kind
    assert ward.state() == before


def test_nobody_fills_in_what_the_site_keeps(ward: Ward) -> None:
    """M3, G9: who made it, its number, its state and version are no inputs."""
    head, before = ward.walker("head"), ward.state()
    for key in (
        "id",
        "number",
        "created_by",
        "created_by_id",
        "created_at",
        "changed_by",
        "retired_at",
        "state",
        "round",
    ):
        answer: Any = head.rest("POST", "paper/", json={"t_text": "x", key: 1})
        assert answer.status_code == 422 and list(answer.json["error"]["fields"]) == [key], key
    assert ward.state() == before


def test_names_are_kept_exactly_but_for_what_nobody_sees(small: Ward) -> None:
    head = small.walker("head")
    for given, kept in (
        ("㐂𠮷👩‍👩‍👧é", "㐂𠮷👩‍👩‍👧é"),
        ("good\u202egpj.exe", "goodgpj.exe"),
        ("a\u0007b\u200bc\u2066d", "abcd"),
    ):
        made: Any = head.rest("POST", "book/", json={"name": given})
        assert made.json["result"]["name"] == kept
        by_form = head.post(
            "/book/add", {"name": given, "isbn": given[::-1] if kept == given else ""}
        )
        assert kept in head.get(by_form.location).text
    assert head.rest("POST", "book/", json={"name": "\u202e\u200b"}).status_code == 422
