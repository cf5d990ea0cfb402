"""Every address by everybody: read off the url map, held against a table written by hand. A new one has no row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from app.screens.visits import is_public
from tests.security.ward import LEAKS, TOKEN, Walker, Ward

WHO = ("-", "nobody", "guest", "north", "south", "head", "keeper", "granter", "watcher")
NOWHERE = 999_999

# Who calls; by whom a record is told apart: one's own (north's, in the north), a colleague's in the north (north sees
# it and may not change it; south sees neither), one that doesn't exist. A row says what each of WHO gets; `.` as the
# one before; a cell with three numbers is for the three records.
READERS = "302 403 . 200 . 200 403 . ."
SEEN = "302,302,302 403,403,403 . 200,200,404 404,404,404 200,200,404 403,403,403 . ."
PAGES: dict[tuple[str, str], str] = {
    ("GET", "/"): "302 200 . . . . . . .",
    ("GET", "/account"): "302 200 . . . . . . .",
    ("GET", "/account/password"): "302 200 . . . . . . .",
    ("POST", "/account/password"): "302 403 . . . . . . .",  # the present one is wrong
    ("POST", "/account/sessions/<id:number>/end"): "302 404 . . . . . . .",
    ("GET", "/accounts"): "302 403 . . . . 200 . 403",
    ("GET", "/accounts/new"): "302 403 . . . . 200 403 .",
    ("POST", "/accounts/new"): "302 403 . . . . 422 403 .",
    ("GET", "/accounts/<id:number>"): "302 403 . . . . 404 . 403",
    ("GET", "/accounts/<id:number>/edit"): "302 403 . . . . 404 403 .",
    ("POST", "/accounts/<id:number>/edit"): "302 403 . . . . 404 403 .",
    ("GET", "/accounts/<id:number>/roles"): "302 403 . . . . 403 404 403",
    ("POST", "/accounts/<id:number>/roles"): "302 403 . . . . 403 404 403",
    ("POST", "/accounts/<id:number>/password"): "302 403 . . . . 404 403 .",
    ("POST", "/accounts/<id:number>/<any(disable, enable, unlock):what>"): (
        "302 403 . . . . 404 403 ."
    ),
    ("GET", "/audit"): "302 403 . . . . . . 200",
    ("POST", "/audit/export"): "302 403 . . . . . . 200",
    ("POST", "/appearance"): "302 . . . . . . . .",
    ("GET", "/login"): "200 302 . . . . . . .",
    ("POST", "/login"): "401 302 . . . . . . .",
    ("GET", "/login/"): "200 302 . . . . . . .",
    ("POST", "/login/"): "401 302 . . . . . . .",
    ("GET", "/static/<path:filename>"): "200 . . . . . . . .",
    ("GET", "/<entity:entity>/list"): READERS,
    ("GET", "/<entity:entity>/add"): READERS,
    ("POST", "/<entity:entity>/add"): "302 403 . 422 . . 403 . .",
    ("POST", "/<entity:entity>/ask"): READERS,
    ("GET", "/<entity:entity>/options/<key>"): READERS,
    ("POST", "/<entity:entity>/condition/<key>"): READERS,
    (
        "POST",
        "/<entity:entity>/views",
    ): "302 403 . 302 . . 403 . .",  # without a name nothing is kept
    ("POST", "/<entity:entity>/views/<id:view>/drop"): "302 403 . 404 . . 403 . .",
    ("GET", "/<entity:entity>/show/<record:record>"): SEEN,
    ("GET", "/<entity:entity>/history/<record:record>"): SEEN,
    ("GET", "/<entity:entity>/file/<record:file>"): "302 403 . 404 . . 403 . .",
    ("GET", "/<entity:entity>/edit/<record:record>"): (
        "302,302,302 403,403,403 . 200,403,404 404,404,404 200,200,404 403,403,403 . ."
    ),
    ("POST", "/<entity:entity>/edit/<record:record>"): (
        "302,302,302 403,403,403 . 302,403,404 404,404,404 302,302,404 403,403,403 . ."
    ),
    ("POST", "/<entity:entity>/attach/<record:record>"): (
        "302,302,302 403,403,403 . 302,403,404 404,404,404 302,302,404 403,403,403 . ."
    ),
    ("POST", "/<entity:entity>/detach/<record:record>/<record:file>"): (
        "302,302,302 403,403,403 . 404,403,404 404,404,404 404,404,404 403,403,403 . ."
    ),
    ("POST", "/<entity:entity>/bulk/<action>"): (
        "302,302,302 403,403,403 . . . 200,200,404 403,403,403 . ."
    ),
}
REST: dict[tuple[str, str], str] = {
    ("GET", "_openapi"): "401 200 . . . . . . .",
    ("POST", "security/login"): "401 . . . . . . . .",
    ("POST", "security/refresh"): "401 . . . . . . . .",  # an access token doesn't refresh
    ("GET", "<e>/"): "401 403 . 200 . 200 403 . .",
    ("POST", "<e>/"): "401 403 . 422 . . 403 . .",
    ("GET", "<e>/_info"): "401 403 . 200 . 200 403 . .",
    ("GET", "<e>/related/<field>"): "401 403 . 200 . 200 403 . .",
    ("GET", "<e>/<pk>"): (
        "401,401,401 403,403,403 . 200,200,404 404,404,404 200,200,404 403,403,403 . ."
    ),
    ("GET", "<e>/<pk>/timeline"): (
        "401,401,401 403,403,403 . 200,200,404 404,404,404 200,200,404 403,403,403 . ."
    ),
    ("PUT", "<e>/<pk>"): (
        "401,401,401 403,403,403 . 200,403,404 404,404,404 200,200,404 403,403,403 . ."
    ),
    ("DELETE", "<e>/<pk>"): "401,401,401 403,403,403 . . . 412,412,404 403,403,403 . .",
    ("POST", "<e>/<pk>/restore"): "401,401,401 403,403,403 . . . 412,412,404 403,403,403 . .",
}
ENDING = {
    ("POST", "/logout"),
    ("POST", "/api/v1/security/logout"),
}  # tried by the tests of sessions
FORMS = {
    "/appearance": {"theme": "dark"},
    "/<entity:entity>/condition/<key>": {"text": "vip is yes"},
    "/<entity:entity>/edit/<record:record>": {"version": "1"},
    "/<entity:entity>/bulk/<action>": {"pick": "{}:1"},
}
PARTS = {
    "<entity:entity>": "member",
    "<id:number>": str(NOWHERE),
    "<id:view>": str(NOWHERE),
    "<record:file>": str(NOWHERE),
    "<any(disable, enable, unlock):what>": "unlock",
    "<path:filename>": "theme.css",
    "<action>": "retire",
    "<record:record>": "{}",
}


def addresses(ward: Ward) -> Iterator[tuple[str, str]]:
    """Method and rule of everything the site answers; REST of every entity is one set of rows."""
    entities = ward.house.schema.manifest.entities
    for rule in ward.house.app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            name = rule.rule
            for key in entities:
                name = name.replace(f"/api/v1/{key}/", "/api/v1/<e>/")
            yield method, name


def test_every_address_has_a_row(ward: Ward) -> None:
    rest = {(method, f"/api/v1/{path}") for method, path in REST}
    assert set(addresses(ward)) == {*PAGES, *rest, *ENDING}


def test_who_needs_no_log_in_stands_in_the_table(ward: Ward) -> None:
    """Whatever a stranger gets that isn't the log-in page or 401 is marked public, and nothing else is."""
    views = ward.house.app.view_functions
    rules = ward.house.app.url_map.iter_rules()
    marked = {rule.rule for rule in rules if is_public(views[rule.endpoint])}
    assert marked == {
        "/login",
        "/login/",
        "/appearance",
        "/static/<path:filename>",
        "/api/v1/security/login",
        "/api/v1/security/refresh",
    }


@pytest.fixture(scope="module")
def records(ward: Ward) -> tuple[int, int, int]:
    """North's own, a colleague's in the north, none."""
    north = {"branch": ward.house.places["north"], "name": "甲"}
    made: Any = ward.walker("north").rest("POST", "member/", json=north)
    other: Any = ward.walker("head").rest("POST", "member/", json=north | {"name": "乙"})
    return made.json["id"], other.json["id"], NOWHERE


def expected(row: str) -> Iterator[tuple[str | None, list[int]]]:
    before = ""
    for who, cell in zip(WHO, row.split(), strict=True):
        before = before if cell == "." else cell
        yield (None if who == "-" else who), [int(one) for one in before.split(",")]


def hold(
    ward: Ward, row: str, records: tuple[int, ...], call: Callable[[Walker, int], object]
) -> None:
    for who, statuses in expected(row):
        for record, status in zip(records, statuses, strict=False):
            before = ward.refusals()
            answer = call(ward.walker(who), record)
            got = answer.status_code  # type: ignore[attr-defined]
            assert got == status, (who, record, got)
            if status >= 400:
                assert not LEAKS.search(answer.text), answer.text  # type: ignore[attr-defined]
            if status == 403 and who is not None:
                assert ward.refusals() == before + 1, (who, "a refusal leaves one row")


def filled(rule: str) -> str:
    for part, said in PARTS.items():
        rule = rule.replace(part, said)
    return rule.replace("<key>", "where" if "condition" in rule else "branch")


@pytest.mark.parametrize(("method", "rule"), PAGES)
def test_a_page_opens_for_those_in_its_row(
    ward: Ward, records: tuple[int, ...], method: str, rule: str
) -> None:
    path, form = filled(rule), FORMS.get(rule, {})

    def call(walker: Walker, record: int) -> object:
        if method == "GET":
            return walker.get(path.format(record))
        return walker.post(path.format(record), {k: v.format(record) for k, v in form.items()})

    hold(ward, PAGES[method, rule], records, call)


BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "<e>/"): {"name": ""},
    ("POST", "security/login"): {"username": "{}", "password": "y"},
    ("PUT", "<e>/<pk>"): {"version": 1},
}


@pytest.mark.parametrize(("method", "rule"), REST)
def test_rest_answers_those_in_its_row(
    ward: Ward, records: tuple[int, ...], method: str, rule: str
) -> None:
    path = (
        rule.replace("<e>", "member")
        .replace("<pk>", "{}")
        .replace("member/related/<field>", "loan/related/member")
    )
    stale = {"If-Match": '"99"'} if "restore" in rule or method == "DELETE" else {}

    names = count()  # a name that is tried too often is locked

    def call(walker: Walker, record: int) -> object:
        body = dict(BODIES.get((method, rule), {}))
        if "username" in body:
            body["username"] = f"stranger{next(names)}"
        return walker.rest(method, path.format(record), json=body or None, headers=stale)

    hold(ward, REST[method, rule], records, call)


def plain(page: str, record: int) -> str:
    """The page without what differs at each call: its token, and the address that was asked for."""
    return re.sub(TOKEN, "", page).replace(f"/{record}", "/#")


def test_a_record_of_others_answers_just_as_one_that_is_none(
    ward: Ward, records: tuple[int, ...]
) -> None:
    """Body and all: nothing says that there is something."""
    south, (own, _other, missing) = ward.walker("south"), records
    for path in ("/member/show/{}", "/member/edit/{}", "/member/history/{}"):
        there, nowhere = south.get(path.format(own)), south.get(path.format(missing))
        assert there.status_code == nowhere.status_code == 404
        assert plain(there.text, own) == plain(nowhere.text, missing)
    for path in ("member/{}", "member/{}/timeline"):
        there, nowhere = (south.rest("GET", path.format(one)) for one in (own, missing))
        assert (there.status_code, there.data) == (nowhere.status_code, nowhere.data)
