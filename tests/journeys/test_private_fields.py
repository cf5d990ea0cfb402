"""A private field is masked wherever it could show: list, page, form, search, sort, filter, API, history.

Lena the librarian sees everything. Dan at the desk sees the phones of members who aren't blocked, and nobody's e-mail.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.journeys.people import Program
from tests.journeys.stock import ANN_EMAIL, ANN_IDENTITY, ANN_PHONE, BOB_EMAIL, BOB_PHONE, Library

NEVER_FOR_DAN = (BOB_PHONE, ANN_EMAIL, BOB_EMAIL, ANN_IDENTITY)


def test_who_may_see_it_sees_it(library: Library) -> None:
    ann = library.lena.record("member", library.members["ann"])
    assert (ann["phone"], ann["email"], ann["identity"]) == (ANN_PHONE, ANN_EMAIL, ANN_IDENTITY)
    page = library.visitor("lena").get(f"/member/show/{library.members['ann']}")
    assert ANN_EMAIL in page
    assert ANN_PHONE in page


def test_a_record_is_masked_field_by_field_and_row_by_row(library: Library) -> None:
    ann = library.dan.record("member", library.members["ann"])
    bob = library.dan.record("member", library.members["bob"])
    assert ann["phone"] == ANN_PHONE, "she isn't blocked: the desk may ring her up"
    assert bob["phone"] not in (None, BOB_PHONE)
    assert ann["email"] not in (None, ANN_EMAIL)


@pytest.mark.parametrize("path", ["list", "show", "edit"])
def test_no_page_gives_it_away(library: Library, path: str) -> None:
    dan = library.visitor("dan")
    paths = (
        ["/member/list"]
        if path == "list"
        else [f"/member/{path}/{id_}" for id_ in library.members.values()]
    )
    for each in paths:
        page = dan.get(each)
        assert page.status == 200, page.text
        for secret in NEVER_FOR_DAN:
            assert secret not in page.html, (each, secret)


def test_no_list_of_the_interface_gives_it_away(library: Library) -> None:
    for q in ("", "(columns:!(name,phone,email,identity))", "(keys:!(result,list_columns))"):
        answer = library.dan.get("member/", **({"q": q} if q else {}))
        assert answer.status in (200, 400), answer.text
        for secret in NEVER_FOR_DAN:
            assert secret not in answer.text, (q, secret)


@pytest.mark.parametrize(
    "query", ["order=phone", "order=-email", f"phone={BOB_PHONE}", "email=set", "identity=1..9"]
)
def test_a_list_cannot_be_sorted_or_filtered_by_it(library: Library, query: str) -> None:
    page = library.visitor("dan").get(f"/member/list?{query}")
    assert page.status == 400, page.text


@pytest.mark.parametrize(
    "q",
    [
        f"(filters:!((col:phone,opr:eq,value:'{BOB_PHONE}')))",
        "(filters:!((col:email,opr:sw,value:b)))",
        "(order_column:email,order_direction:asc)",
        "(order_column:phone,order_direction:desc)",
        "(order_column:created_by.password,order_direction:desc)",
        "(filters:!((col:created_by.username,opr:sw,value:l)))",
        "(columns:!(created_by.password))",
    ],
)
def test_nor_can_the_interface_s(library: Library, q: str) -> None:
    answer = library.dan.get("member/", q=q)
    assert answer.status == 400, answer.text
    assert answer.error["message"]


@pytest.mark.parametrize("word", [BOB_PHONE, BOB_PHONE[-4:], ANN_PHONE, ANN_EMAIL])
def test_a_search_never_finds_by_it(library: Library, word: str) -> None:
    """Ann's phone neither: who may see some rows' phones in clear could guess the others by searching."""
    page = library.visitor("dan").get("/member/list", q=word)
    assert page.status == 200
    assert "Bob Baker" not in page
    assert "Ann Archer" not in page


def test_a_search_finds_by_it_for_who_sees_it(library: Library) -> None:
    page = library.visitor("lena").get("/member/list", q=BOB_PHONE)
    assert "Bob Baker" in page


@pytest.mark.parametrize(
    "where", [f'phone is "{BOB_PHONE}"', 'email starts with "b"', "identity is set"]
)
def test_a_typed_condition_may_not_read_it(library: Library, where: str) -> None:
    page = library.visitor("dan").get(f"/member/list?where={quote(where)}")
    assert page.status == 400, page.text


@pytest.mark.parametrize("where", ['member.phone starts with "139"', 'member.email contains "bob"'])
def test_not_even_through_a_ref(library: Library, where: str) -> None:
    assert library.visitor("dan").get(f"/loan/list?where={quote(where)}").status == 400


def test_history_keeps_it_masked(library: Library) -> None:
    id_ = library.lena.add(
        "member",
        code="M-HIST",
        name="Hilda",
        category=library.categories["adult"],
        email="old@example.org",
    )
    library.lena.put(f"member/{id_}", {"email": "new@example.org", "version": 1})
    seen, masked = _timeline(library.lena, id_), _timeline(library.dan, id_)
    assert "old@example.org" in seen
    assert "new@example.org" in seen
    assert "example.org" not in masked
    page = library.visitor("dan").get(f"/member/show/{id_}")
    assert "example.org" not in page.html


def test_a_masked_field_sent_back_changes_nothing(library: Library) -> None:
    dan = library.visitor("dan")
    id_ = library.members["bob"]
    page = dan.get(f"/member/edit/{id_}")
    saved = dan.submit(page, page.form("name"), name="Bob B. Baker")
    assert saved.status == 200, saved.text
    bob = library.lena.record("member", id_)
    assert (bob["name"], bob["phone"], bob["email"]) == ("Bob B. Baker", BOB_PHONE, BOB_EMAIL)
    library.lena.put(f"member/{id_}", {"name": "Bob Baker", "version": bob["version"]})


def test_a_unique_private_value_is_not_told_to_be_taken_by_whom(library: Library) -> None:
    answer = library.dan.post(
        "member/",
        {
            "code": "M-SPY",
            "name": "Spy",
            "category": library.categories["adult"],
            "identity": ANN_IDENTITY,
        },
    )
    assert answer.status == 422
    assert "Ann" not in answer.text


def test_an_export_masks_it_or_is_refused(library: Library) -> None:
    """The desk has no right to export; the librarian has, and sees what she sees on screen."""
    assert library.visitor("dan").get("/member/export").status in (403, 404)


def _timeline(program: Program, id_: int) -> str:
    answer = program.get(f"member/{id_}/timeline")
    assert answer.status == 200, answer.text
    return json.dumps(answer.json, ensure_ascii=False)
