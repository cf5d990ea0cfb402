"""A program at the REST interface: log in, make, read, change and retire records; every error has one shape."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import validate

from tests.journeys.people import Program, ref
from tests.journeys.stage import PASSWORD
from tests.journeys.stock import SHELF, Library


def test_without_a_token_nothing_is_answered(library: Library) -> None:
    nobody = Program(library.stage.base)
    for path in (
        "title/",
        f"title/{library.titles[0]}",
        f"title/{library.titles[0]}/timeline",
    ):
        answer = nobody.get(path)
        assert answer.status == 401, (path, answer.text)
        assert answer.error["message"]
    assert nobody.post("title/", {"name": "Smuggled"}).status == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
def test_a_token_that_the_site_never_gave_is_refused(library: Library, token: str) -> None:
    assert Program(library.stage.base, token).get("title/").status == 401


def test_a_refresh_token_is_no_access_token(library: Library) -> None:
    program = Program(library.stage.base)
    refresh = program.log_in("dora", PASSWORD).json["refresh_token"]
    assert Program(library.stage.base, refresh).get("title/").status == 401
    assert program.get("title/").status == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(library: Library) -> None:
    program = Program(library.stage.base)
    wrong, unknown = program.log_in("guest", "not the password"), program.log_in("nobody", "x")
    assert wrong.status == unknown.status == 401
    assert wrong.error["message"] == unknown.error["message"]


def test_a_record_is_made_read_changed_and_retired(library: Library) -> None:
    lena = library.lena
    made = lena.post(
        "title/",
        {"name": "A Journey", "subjects": ["history"], "authors": ["A", "B"], "price": "9.90"},
    )
    assert made.status == 201, made.text
    id_ = made.json["id"]
    first = lena.record("title", id_)
    assert (first["name"], first["subjects"], first["authors"]) == (
        "A Journey",
        ["history"],
        ["A", "B"],
    )
    assert (str(first["price"]), first["language"], first["version"]) == ("9.90", "en", 1)

    changed = lena.put(f"title/{id_}", {"name": "A Longer Journey", "version": 1})
    assert changed.status == 200, changed.text
    assert lena.record("title", id_)["name"] == "A Longer Journey"
    assert lena.record("title", id_)["authors"] == ["A", "B"], "what isn't given stays"

    assert lena.delete(f"title/{id_}").status == 200
    assert id_ not in [
        row["id"] for row in lena.rows("title", "(filters:!((col:name,opr:ct,value:Journey)))")
    ]
    assert lena.record("title", id_)["name"] == "A Longer Journey", (
        "a retired record stays readable"
    )


def test_the_timeline_tells_who_changed_what_from_what(library: Library) -> None:
    id_ = library.lena.add("title", name="Before")
    library.lena.put(f"title/{id_}", {"name": "After", "version": 1})
    answer = library.lena.get(f"title/{id_}/timeline")
    assert answer.status == 200, answer.text
    told = json.dumps(answer.json, ensure_ascii=False)
    assert "Before" in told
    assert "After" in told
    assert "lena" in told


def test_who_is_second_is_told_and_changes_nothing(library: Library) -> None:
    id_ = library.lena.add("title", name="Contested")
    assert library.lena.put(f"title/{id_}", {"name": "First", "version": 1}).status == 200
    late = library.lena.put(f"title/{id_}", {"name": "Second", "version": 1})
    assert late.status == 409, late.text
    assert late.error["id"] == "stale"
    assert "name" in late.error["fields"]
    assert library.lena.record("title", id_)["name"] == "First"


def test_a_stale_etag_is_a_failed_precondition(library: Library) -> None:
    id_ = library.lena.add("title", name="Tagged")
    library.lena.put(f"title/{id_}", {"name": "Once", "version": 1})
    late = library.lena.put(f"title/{id_}", {"name": "Twice"}, headers={"If-Match": '"1"'})
    assert late.status == 412, late.text
    assert library.lena.record("title", id_)["name"] == "Once"


def test_a_change_without_a_version_is_refused(library: Library) -> None:
    id_ = library.lena.add("title", name="Careful")
    answer = library.lena.put(f"title/{id_}", {"name": "Careless"})
    assert answer.status in (400, 422, 428), answer.text
    assert library.lena.record("title", id_)["name"] == "Careful"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", None),
        ("name", "x" * 121),
        ("name", 7),
        ("year", 99999999999999999999),
        ("year", "1e309"),
        ("year", "NaN"),
        ("year", 1449),
        ("price", "1.234"),
        ("price", "Infinity"),
        ("price", -1),
        ("language", "klingon"),
        ("language", "la"),  # retired: old titles keep it, new ones can't choose it
        ("subjects", ["fiction", "nonsense"]),
        ("subjects", ["maps"]),
        ("subjects", "fiction"),
        ("homepage", "javascript:alert(1)"),
        ("related", [999999999]),
        ("related", ["x"]),
        ("shelfmark", "retired field"),
        ("state", "closed"),
        ("created_by", 1),
        ("version", "x"),
        ("no_such_field", 1),
        ("name", {"a": 1}),
    ],
)
def test_a_value_that_cannot_be_is_named(library: Library, field: str, value: object) -> None:
    before = _count(library.lena, "title")
    answer = library.lena.post("title/", {"name": "Wrong", "isbn": "WRONG", field: value})
    assert answer.status == 422, answer.text
    assert field in answer.error["fields"], answer.text
    assert _count(library.lena, "title") == before


def test_a_duplicate_is_a_message_at_its_field(library: Library) -> None:
    answer = library.lena.post("title/", {"name": "Twin", "isbn": "978-001"})
    assert answer.status == 422
    assert "isbn" in answer.error["fields"]


def test_a_rule_of_the_record_says_what_the_administrator_wrote(library: Library) -> None:
    wrong = {
        "code": "M-9",
        "name": "Z",
        "category": library.categories["adult"],
        "leaves": "1999-01-01",
    }
    answer = library.lena.post("member/", wrong)
    assert answer.status == 422
    assert "Nobody leaves before they join" in answer.text
    taken = {"code": "C-9", "title": library.titles[0], "shelf": "A0"}
    assert "already holds a copy" in library.lena.post("copy/", taken).text
    assert library.lena.post("copy/", taken | {"shelf": "Z9"}).status == 201


def test_a_rule_that_counts_sees_what_is_there(library: Library) -> None:
    child = library.lena.add(
        "category", code="one", name="One book", loan_period="7 days", max_loans=1
    )
    member = library.lena.add("member", code="M-ONE", name="Tiny", category=child)
    library.lena.add("loan", member=member, copy=library.copies["third"])
    second = library.lena.post("loan/", {"member": member, "copy": library.copies["first"]})
    assert second.status == 422
    assert "No more books on this card" in second.text


def test_a_condition_makes_a_field_required(library: Library) -> None:
    wrong = {"code": "M-B", "name": "B", "category": library.categories["adult"], "blocked": True}
    answer = library.lena.post("member/", wrong)
    assert answer.status == 422
    assert "block_note" in answer.error["fields"]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b'{"name": "A", "name": "B"}', "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b'{"name": "\\u0000"}', "application/json", 400),
        (b'{"name": "A"}', "text/plain", 415),
        (b"name=A", "application/x-www-form-urlencoded", 415),
        (b"[" * 20000, "application/json", 400),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(
    library: Library, body: bytes, content_type: str, status: int
) -> None:
    answer = library.lena.send("POST", "title/", data=body, headers={"Content-Type": content_type})
    assert answer.status == status, answer.text
    assert answer.error["id"]


def test_a_list_is_filtered_searched_sorted_and_paged(library: Library) -> None:
    lena = library.lena
    old = "(filters:!((col:year,opr:lt,value:1911),(col:name,opr:ct,value:Encyclopaedia)),page_size:100)"
    assert {row["year"] for row in lena.rows("title", old)} == set(range(1901, 1911))
    newest = "(filters:!((col:name,opr:sw,value:Encyclopaedia)),order_column:year,order_direction:desc,page_size:5)"
    years = [row["year"] for row in lena.rows("title", newest)]
    assert years == [1945, 1944, 1943, 1942, 1941]
    seen: list[int] = []
    for page in range(4):
        q = f"(filters:!((col:name,opr:sw,value:Encyclopaedia)),order_column:year,order_direction:asc,page:{page},page_size:20)"
        seen += [row["year"] for row in lena.rows("title", q)]
    assert seen == list(range(1901, 1901 + SHELF)), "each once, in order, over all pages"


def test_the_count_is_of_what_the_filter_leaves(library: Library) -> None:
    answer = library.lena.get(
        "title/", q="(filters:!((col:name,opr:sw,value:Encyclopaedia)),page_size:20)"
    )
    assert answer.json["count"] == SHELF


def test_a_ref_is_shown_with_its_name(library: Library) -> None:
    row = library.lena.record("loan", library.loans["ann"])
    assert ref(row["member"]) == library.members["ann"]
    assert "Ann Archer" in json.dumps(row)


@pytest.mark.parametrize(
    "id_", ["0", "-1", "1.5", "1e3", "0x1", "９", "%00", "9" * 20, "x", "1;drop"]
)
def test_an_id_that_is_none_is_not_found(library: Library, id_: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = library.lena.send(method, f"title/{id_}", json={"version": 1, "name": "x"})
        assert answer.status == (400 if id_ == "%00" else 404), (method, answer.text)


def test_the_document_of_the_interface_is_valid(library: Library) -> None:
    answer = library.lena.get("_openapi")
    assert answer.status == 200
    validate(answer.json)
    for entity in ("title", "loan", "member"):
        assert any(path.rstrip("/").endswith(f"/{entity}") for path in answer.json["paths"]), entity


def _count(program: Program, entity: str) -> int:
    count: int = program.get(f"{entity}/").json["count"]
    return count
