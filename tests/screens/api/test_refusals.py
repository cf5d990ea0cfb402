"""Who may do what by REST, and how everything else is refused: one shape, no trace, nothing changed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import update

from app.domain import sessions
from app.schema.engine import writing
from app.schema.platform import platform
from tests.screens.api.served import MISSING, Program, Served
from tests.screens.api.test_records import error

CALLERS = ("head", "north", "south", "guest", "nobody", None)
CALLS: dict[str, tuple[str, str, Any]] = {
    "list": ("GET", "member/", None),
    "info": ("GET", "member/_info", None),
    "related": ("GET", "loan/related/member", None),
    "create": ("POST", "member/", {"name": "新人"}),
    "get": ("GET", "member/{}", None),
    "timeline": ("GET", "member/{}/timeline", None),
    "edit": ("PUT", "member/{}", {"score": 3, "version": 1}),
    "retire": ("DELETE", "member/{}", None),
    "restore": ("POST", "member/{}/restore", None),
}
# What each caller gets for (own record, other's record, missing record); one number where no record is named.
# "own" was made by north in the north; "other" by head in the north, which north sees but may not change.
EXPECTED: dict[str, dict[str | None, tuple[int, ...]]] = {
    "list": {"head": (200,), "north": (200,), "south": (200,)},
    "info": {"head": (200,), "north": (200,), "south": (200,)},
    "related": {"head": (200,), "north": (200,), "south": (200,)},
    "create": {"head": (422,), "north": (422,), "south": (422,)},
    "get": {"head": (200, 200, 404), "north": (200, 200, 404), "south": (404, 404, 404)},
    "timeline": {"head": (200, 200, 404), "north": (200, 200, 404), "south": (404, 404, 404)},
    "edit": {"head": (200, 200, 404), "north": (200, 403, 404), "south": (404, 404, 404)},
    "retire": {"head": (200, 200, 404)},
    "restore": {"head": (200, 200, 404)},
}


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize("call", CALLS)
def test_each_role_gets_what_its_lines_say(served: Served, call: str, who: str | None) -> None:
    """Whoever has no line gets 403 everywhere, whoever isn't signed in 401; a refusal leaves one audit row."""
    own, other = served.member("甲", who="north"), served.member("乙")
    method, path, body = CALLS[call]
    expected = EXPECTED[call].get(who, (401 if who is None else 403,) * (3 if "{}" in path else 1))
    for id_, status in zip((own, other, MISSING), expected, strict=False):
        before = served.refusals()
        answer = served.as_(who).send(method, path.format(id_), json=body)
        assert answer.status_code == status, (id_, answer.text)
        if status >= 400:
            error(answer, status)
        assert served.refusals() - before == (status == 403)
    assert served.count("member") == 2


def test_every_address_of_an_entity_is_tried_above(served: Served) -> None:
    """A new one without a row in the matrix is told here."""
    tried = {
        path.replace("{}", "<pk>").replace("related/member", "related/<field>")
        for _, path, _ in CALLS.values()
    }
    tried = {path.partition("/")[2] for path in tried}
    addresses = {
        rule.rule
        for rule in served.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/member/")
    }
    assert {address.removeprefix("/api/v1/member/") for address in addresses} == tried
    every = {
        rule.rule.split("/")[3]
        for rule in served.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert every == {"book", "member", "loan", "security", "_openapi"}


def test_nobody_without_a_log_in_learns_what_there_is(served: Served) -> None:
    id_, stranger = served.member("甲"), served.as_(None)
    for path in (
        "member/",
        f"member/{id_}",
        f"member/{MISSING}",
        "member/_info",
        "_openapi",
        f"member/{id_}/timeline",
    ):
        assert error(stranger.get(path), 401)["id"] == "not_signed_in"


def _claims(served: Served) -> dict[str, Any]:
    return dict(jwt.decode(served.as_("head").token or "", options={"verify_signature": False}))


def _signed(claims: dict[str, Any], key: str, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key or None, algorithm=algorithm)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_token_that_was_not_given_here_opens_nothing(served: Served) -> None:
    claims, key = _claims(served), served.app.config["JWT_SECRET_KEY"]
    good = served.as_("head").token or ""
    forged = {
        "nothing": "",
        "a word": "x",
        "no signature": _signed(claims, "", "none"),
        "another key": _signed(claims, "another" * 8),
        "a cut one": good[:-2],
        "another algorithm": _signed(claims, key, "HS384"),
        "expired": _signed(claims | {"exp": 1}, key),
        "refresh": _signed(claims | {"type": "refresh"}, key),
        "another person's": _signed(claims | {"sub": "1" if claims["sub"] != "1" else "2"}, key),
        "no session": _signed({k: v for k, v in claims.items() if k != "session"}, key),
    }
    for what, token in forged.items():
        answer = Program(served.app, token).get("book/")
        assert answer.status_code == 401, what
    assert Program(served.app, _signed(claims, key)).get("book/").status_code == 200


def test_a_token_ends_with_the_person_and_the_password(served: Served) -> None:
    north, south = served.as_("north"), served.as_("south")
    with writing(served.desk.engine) as db:
        user = platform.user
        db.execute(update(user).where(user.c.username == "north").values(active=False))
        sessions.end_all(db, served.desk.people["south"].id or 0, served.clock())
    error(north.get("member/"), 401)
    error(south.get("member/"), 401)


def test_a_token_ends_when_it_is_long_unused(served: Served) -> None:
    head = served.as_("head")
    assert head.get("book/").status_code == 200
    served.clock.advance(seconds=(sessions.IDLE + timedelta(minutes=1)).total_seconds())
    error(head.get("book/"), 401)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", None),
        ("name", 7),
        ("name", True),
        ("name", ["a"]),
        ("name", {"a": 1}),
        ("name", "长" * 201),
        ("branch", "x"),
        ("branch", -1),
        ("branch", 1.5),
        ("branch", True),
        ("branch", 99999),
        ("branch", {"title": "北馆", "id": "x"}),
        ("branch", [1]),
        ("score", "1e3"),
        ("score", 1.5),
        ("score", "NaN"),
        ("score", 99999999999999999999),
        ("score", 1001),
        ("rate", "Infinity"),
        ("rate", "1.234"),
        ("rate", 1e300),
        ("born", "2026-02-30"),
        ("born", "0000-00-00"),
        ("born", 20260101),
        ("vip", "maybe"),
        ("vip", 3),
        ("tags", "art"),
        ("tags", ["opera"]),
        ("tags", [["art"]]),
        ("tags", [None]),
        ("channel", "klingon"),
        ("channel", "fax"),
        ("channel", ["desk"]),
        ("phone", "12"),
        ("no_such_field", 1),
        ("id", 5),
        ("version", 1),
        ("created_by", 1),
        ("created_at", "2026-01-01"),
        ("retired_at", None),
        ("__class__", 1),
        ("", 1),
    ],
)
def test_a_value_that_cannot_be_is_named_and_nothing_stored(
    stocked: Served, field: str, value: object
) -> None:
    before = stocked.count("member")
    given = {"name": "某人", "branch": stocked.desk.departments["north"], field: value}
    told = error(stocked.as_("head").post("member/", given), 422)
    assert field in told["fields"]
    assert stocked.count("member") == before


def test_the_second_who_takes_a_unique_value_is_told_at_the_field(stocked: Served) -> None:
    told = error(stocked.as_("head").post("book/", {"name": "另一本", "isbn": "0010"}), 422)
    assert set(told["fields"]) == {"isbn"}
    assert "100%" not in told["message"]


def test_a_ref_to_a_record_of_others_is_as_one_to_none(served: Served) -> None:
    hers = served.member("南馆的", "south")
    theirs = served.as_("north").post("loan/", {"member": hers, "from_day": "2026-03-02"})
    missing = served.as_("north").post("loan/", {"member": MISSING, "from_day": "2026-03-02"})
    assert error(theirs, 422)["fields"].keys() == {"member"}
    assert theirs.json == missing.json


def test_nobody_makes_a_record_beyond_their_rows(served: Served) -> None:
    error(
        served.as_("north").post(
            "member/", {"name": "某人", "branch": served.desk.departments["south"]}
        ),
        422,
    )
    assert served.count("member") == 0


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"null", "application/json", 400),
        (b'{"name": "A", "name": "B"}', "application/json", 400),
        (b'{"name": {"a": 1, "a": 2}}', "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": -Infinity}', "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b'{"name": "a\\u0000b"}', "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        ("{}".encode("utf-16"), "application/json", 400),
        (b"\xef\xbb\xbf{}", "application/json", 400),
        (b'{"score": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"[" * 20000, "application/json", 400),
        (b'{"a":' * 20000, "application/json", 400),
        (b'{"name": "' + b"a" * 1_100_000 + b'"}', "application/json", 413),
        ('{"name": "甲"}'.encode("gbk"), "application/json; charset=gbk", 415),
        (b'{"name": "A"}', "text/plain", 415),
        (b'{"name": "A"}', "", 415),
        (b"name=A", "application/x-www-form-urlencoded", 415),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
        (b'{"name": "A"}', "application/merge-patch+json", 415),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_that_is_no_json_object_is_refused(
    stocked: Served, method: str, body: bytes, content_type: str, status: int
) -> None:
    path = "book/" if method == "POST" else "book/1"
    answer = stocked.as_("head").send(method, path, data=body, content_type=content_type)
    error(answer, status)


def test_a_body_in_utf_8_may_say_so(stocked: Served) -> None:
    given = json.dumps({"name": "", "shelf": "z"}).encode()
    answer = stocked.as_("head").send(
        "POST", "book/", data=given, content_type="application/json; charset=UTF-8"
    )
    error(answer, 422)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "book/"),
        ("PUT", "book/"),
        ("PATCH", "book/1"),
        ("POST", "book/1"),
        ("POST", "book/_info"),
        ("GET", "book/1/restore"),
    ],
)
def test_a_method_that_an_address_has_not_is_told(stocked: Served, method: str, path: str) -> None:
    error(stocked.as_("head").send(method, path, json={}), 405)


@pytest.mark.parametrize(
    "path", ["books/", "book/1/nothing", "user/", "department/", "Book/1", "book/1/2/3"]
)
def test_an_address_that_is_none_is_not_found(stocked: Served, path: str) -> None:
    error(stocked.as_("head").get(path), 404)


def test_a_browser_that_is_signed_in_changes_nothing_without_its_token(served: Served) -> None:
    """Its cookie alone, which another site could make it send, opens reading only."""
    person = served.desk.people["head"].id or 0
    with writing(served.desk.engine) as db:
        opened = sessions.open_session(
            db, person, sessions.FORM, served.clock(), address="", agent="", at_most=0
        )
    client = served.app.test_client()
    with client.session_transaction() as cookie:
        cookie["key"] = opened.key
    assert client.get("/api/v1/book/").status_code == 200
    for method, path in (
        ("POST", "book/"),
        ("PUT", "book/1"),
        ("DELETE", "book/1"),
        ("POST", "book/1/restore"),
    ):
        error(client.open(f"/api/v1/{path}", method=method, json={"name": "史记"}), 400)
    assert served.count("book") == 0


def test_no_answer_is_kept_by_anybody(stocked: Served) -> None:
    for answer in (
        stocked.as_("head").get("book/"),
        stocked.as_("nobody").get("book/"),
        stocked.as_(None).get("book/"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype == "application/json"
