"""A row out of one's scope isn't there: 404 on every verb, absent from counts, lists and choices.

Ann has a card of her own and sees her own loans. Bob's are the same to her as none.
"""

from __future__ import annotations

import pytest

from tests.journeys.people import Program
from tests.journeys.stock import Library

MISSING = 987654321
VERBS = [
    ("GET", "loan/{id}", 404),
    ("PUT", "loan/{id}", 403),  # members don't edit loans at all
    ("DELETE", "loan/{id}", 403),
    ("GET", "loan/{id}/timeline", 404),
    ("POST", "loan/{id}/do/hand_in", 404),
    ("POST", "loan/{id}/do/no_such_button", 404),
]


def test_ones_own_rows_are_there(library: Library) -> None:
    assert library.ann.record("loan", library.loans["ann"])["remark"] == "Ann's remark"
    assert [row["id"] for row in library.ann.rows("loan")] == [library.loans["ann"]]
    assert library.ann.get("loan/").json["count"] == 1


def test_a_person_s_own_field_says_which_rows_are_theirs(library: Library) -> None:
    assert [row["name"] for row in library.ann.rows("member")] == ["Ann Archer"]


@pytest.mark.parametrize(("method", "path", "status"), VERBS)
def test_another_s_row_answers_like_a_missing_one(
    library: Library, method: str, path: str, status: int
) -> None:
    hers = library.ann.send(method, path.format(id=library.loans["bob"]), json={"version": 1})
    none = library.ann.send(method, path.format(id=MISSING), json={"version": 1})
    assert hers.status == status, hers.text
    assert (hers.status, hers.json) == (none.status, none.json)


@pytest.mark.parametrize(("path", "status"), [("/loan/show/{id}", 404), ("/loan/edit/{id}", 403)])
def test_so_do_its_pages(library: Library, path: str, status: int) -> None:
    ann = library.visitor("ann")
    page, none = ann.get(path.format(id=library.loans["bob"])), ann.get(path.format(id=MISSING))
    assert page.status == none.status == status
    assert page.text == none.text
    assert "Bob" not in page.html


@pytest.mark.parametrize("query", ["", "q=Bob", "q=quiet", "order=created_at", "size=100"])
def test_no_list_counts_or_shows_it(library: Library, query: str) -> None:
    page = library.visitor("ann").get(f"/loan/list?{query}")
    assert page.status == 200, page.text
    assert "Baker" not in page.html
    assert "Bobs quiet remark" not in page.html


@pytest.mark.parametrize(
    "q",
    [
        "(filters:!((col:member,opr:eq,value:{bob})))",
        "(filters:!((col:member,opr:rel_o_m,value:{bob})))",
        "(filters:!((col:id,opr:eq,value:{loan})))",
        "(page:0,page_size:100)",
        "(page:1,page_size:1)",
    ],
)
def test_no_filter_of_the_interface_brings_it_back(library: Library, q: str) -> None:
    q = q.format(bob=library.members["bob"], loan=library.loans["bob"])
    answer = library.ann.get("loan/", q=q)
    assert answer.status in (200, 400), answer.text
    if answer.status == 200:
        assert library.loans["bob"] not in [row["id"] for row in answer.json["result"]]
        assert answer.json["count"] <= 1


def test_it_is_no_choice_of_a_ref(library: Library) -> None:
    """Ann may make loans, for herself: nobody else's card can be found or named."""
    page = library.visitor("ann").get("/loan/add")
    assert page.status == 200
    assert "Bob" not in page.html
    answer = library.ann.post(
        "loan/", {"member": library.members["bob"], "copy": library.copies["third"]}
    )
    assert answer.status == 422, answer.text
    assert "member" in answer.error["fields"]
    assert "Bob" not in answer.text


def test_a_missing_row_and_one_out_of_scope_are_the_same_to_a_ref(library: Library) -> None:
    hers, none = (
        library.ann.post("loan/", {"member": id_, "copy": library.copies["third"]})
        for id_ in (library.members["bob"], MISSING)
    )
    assert (hers.status, hers.json) == (none.status, none.json)


def test_info_of_the_interface_lists_no_related_rows_out_of_scope(library: Library) -> None:
    answer = library.ann.get("loan/_info", q="(keys:!(add_columns,edit_columns))")
    assert answer.status in (200, 404), answer.text
    assert "Bob" not in answer.text


def test_a_row_that_leaves_one_s_scope_is_gone_at_once(library: Library) -> None:
    """Dan sees copies that aren't withdrawn."""
    id_ = library.lena.add("copy", code="C-GONE", title=library.titles[5], shelf="G")
    assert library.dan.get(f"copy/{id_}").status == 200
    assert library.lena.put(f"copy/{id_}", {"withdrawn": True, "version": 1}).status == 200
    for method in ("GET", "PUT"):  # the desk edits copies, but not those
        assert (
            library.dan.send(method, f"copy/{id_}", json={"shelf": "H", "version": 2}).status == 404
        )
    page = library.visitor("dan").get(f"/copy/edit/{id_}")
    assert page.status == 404
    assert library.lena.get(f"copy/{id_}").status == 200


def test_edit_is_narrower_than_sight(library: Library) -> None:
    """The desk edits fines until they are paid, and goes on reading them."""
    id_ = library.lena.add(
        "fine",
        loan=library.loans["bob"],
        member=library.members["bob"],
        kind="damage",
        amount="3.00",
    )
    paid = library.dan.put(f"fine/{id_}", {"paid": True, "paid_on": "2026-01-05", "version": 1})
    assert paid.status == 200, paid.text
    again = library.dan.put(f"fine/{id_}", {"amount": "0.50", "version": 2})
    assert again.status == 403, again.text
    assert again.error["id"] == "denied"
    assert library.dan.record("fine", id_)["amount"] == "3.00"


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        ("dan", "POST", "title/", 403),  # the desk reads titles
        ("dan", "GET", "title/", 200),
        ("dan", "DELETE", "member/{member}", 403),
        ("ann", "POST", "member/", 403),
        ("ann", "PUT", "member/{member}", 403),
        ("ann", "DELETE", "loan/{loan}", 403),
        ("lena", "GET", "category/", 200),
        ("lena", "POST", "room/", 422),  # she may, but says nothing
        ("guest", "GET", "title/", 403),  # no role at all
        ("guest", "POST", "title/", 403),
    ],
)
def test_each_role_may_what_its_line_says(
    library: Library, who: str, method: str, path: str, status: int
) -> None:
    program = library.stage.program(who) if who == "guest" else getattr(library, who)
    path = path.format(member=library.members["ann"], loan=library.loans["ann"])
    answer = program.send(method, path, json={"version": 1})
    assert answer.status == status, answer.text
    if status >= 400:
        assert answer.error["message"]


def test_whoever_has_no_role_still_gets_in(library: Library) -> None:
    """There is just nothing to see: no menu entry, no list."""
    guest = library.visitor("guest")
    home = guest.get("/")
    assert home.status == 200
    assert not any("/list" in link for link in home.links)
    assert guest.get("/title/list").status == 403


def test_the_program_is_one_of_the_staff_like_any_other(library: Library) -> None:
    assert isinstance(library.dan, Program)
    assert library.dan.get("member/").json["count"] == library.lena.get("member/").json["count"]
