"""A person at a browser: log in, find a record, add one, change it, see who changed what, meet a colleague's change."""

from __future__ import annotations

import re

import pytest

from tests.journeys.stage import PASSWORD
from tests.journeys.stock import SHELF, Library

ENTITY_PAGES = ("/title/list", "/title/add", "/title/show/{id}", "/title/edit/{id}")


@pytest.mark.parametrize("path", ["/", *ENTITY_PAGES])
def test_without_logging_in_every_page_leads_to_the_log_in(library: Library, path: str) -> None:
    page = library.visitor().get(path.format(id=library.titles[0]))
    assert "/login" in page.url
    assert page.form("username", "password")
    assert "Encyclopaedia" not in page


def test_logging_in_opens_the_house_and_logging_out_closes_it(library: Library) -> None:
    dora = library.visitor()
    dora.log_in("dora", PASSWORD)
    assert dora.get("/title/list").status == 200
    cookies = dora.http.cookies.copy()
    page = dora.get("/title/list")
    out = next(form for form in page.forms if "logout" in form.action)
    dora.submit(page, out)
    dora.http.cookies = cookies
    assert "/login" in dora.get("/title/list").url, "the old cookie is worth nothing"


def test_a_wrong_password_keeps_one_out(library: Library) -> None:
    visitor = library.visitor()
    page = visitor.log_in("lena", "wrong")
    assert page.form("username", "password")
    assert "/login" in visitor.get("/title/list").url


def test_a_form_without_its_token_is_refused(library: Library) -> None:
    visitor = library.visitor()
    assert visitor.post("/login/", {"username": "lena", "password": PASSWORD}).status in (400, 403)
    assert "/login" in visitor.get("/title/list").url
    lena = library.visitor("lena")
    assert lena.post("/title/add", {"name": "Forged"}).status in (400, 403)
    assert lena.post("/title/add", {"name": "Forged", "csrf_token": "x"}).status in (400, 403)
    assert "Forged" not in lena.get("/title/list", q="Forged").links


def test_the_menu_is_what_one_may_read(library: Library) -> None:
    links = library.visitor("ann").get("/").links
    assert any(link.startswith("/loan/list") for link in links)
    assert library.visitor("ann").get("/title/add").status == 403
    assert not any(
        link.startswith("/title/add") for link in library.visitor("ann").get("/title/list").links
    )
    assert any(
        link.startswith("/title/add") for link in library.visitor("lena").get("/title/list").links
    )


def test_a_record_is_added_and_shown(library: Library) -> None:
    lena = library.visitor("lena")
    page = lena.get("/title/add")
    shown = lena.submit(
        page, page.form("name"), name="<b>Bold</b> & Sons 㐂𠮷", authors="One\nTwo", year=1999,
        subjects=["fiction", "history"], price="12.5", homepage="https://example.org/a?b=1&c=2",
    )  # fmt: skip
    assert shown.status == 200, shown.text
    assert re.search(r"/title/show/\d+", shown.url), shown.url
    for words in (
        "<b>Bold</b> & Sons 㐂𠮷",
        "One",
        "Two",
        "1999",
        "Fiction",
        "History",
        "12.50",
        "English",
    ):
        assert words in shown, words
    assert "<b>Bold" not in shown.html


def test_a_wrong_form_comes_back_filled_in_with_messages(library: Library) -> None:
    lena = library.visitor("lena")
    page = lena.get("/title/add")
    back = lena.submit(
        page, page.form("name"), name="", isbn="978-002", year="MCMXC", summary="Kept words"
    )
    assert back.status == 422, back.text
    form = back.form("name")
    assert form.values["summary"] == ["Kept words"]
    assert form.values["year"] == ["MCMXC"]
    assert form.values["isbn"] == ["978-002"]
    assert "MCMXC" in back, "the message names what was written"
    assert lena.get("/title/list", q="Kept words").status == 200


def test_what_is_changed_stands_in_the_history(library: Library) -> None:
    lena = library.visitor("lena")
    id_ = library.lena.add("title", name="Old name", year=1900)
    page = lena.get(f"/title/edit/{id_}")
    assert page.form("name").values["name"] == ["Old name"]
    shown = lena.submit(page, page.form("name"), name="New name")
    assert shown.url.endswith(f"/title/show/{id_}"), shown.text
    for words in ("Old name", "New name", "lena"):
        assert words in shown, words


def test_two_people_edit_at_once_and_nothing_is_lost(library: Library) -> None:
    id_ = library.lena.add("title", name="Contested", year=1950)
    lena, other = library.visitor("lena"), library.visitor("lena")
    page, others = lena.get(f"/title/edit/{id_}"), other.get(f"/title/edit/{id_}")
    assert other.submit(others, others.form("name"), name="Theirs").status == 200
    late = lena.submit(page, page.form("name"), name="Mine", year=1951)
    assert late.status == 409, late.text
    assert "Theirs" in late, "what the other one saved is shown"
    form = late.form("name")
    assert (form.values["name"], form.values["year"]) == (["Mine"], ["1951"]), (
        "and what I typed is kept"
    )
    assert library.lena.record("title", id_)["name"] == "Theirs"
    again = lena.submit(late, form)
    assert again.status == 200, again.text
    assert library.lena.record("title", id_)["name"] == "Mine"


def test_a_list_is_searched_filtered_and_sorted(library: Library) -> None:
    lena = library.visitor("lena")
    found = lena.get("/title/list", q="Encyclopaedia 017")
    assert "Encyclopaedia 017" in found
    assert "Encyclopaedia 018" not in found
    some = lena.get("/title/list?year=1940..1942&q=Encyclopaedia&order=-year")
    numbers = re.findall(r"Encyclopaedia (\d{3})", some.text)
    assert list(dict.fromkeys(numbers)) == ["042", "041", "040"]
    none = lena.get("/title/list", q="no such title at all")
    assert none.status == 200
    assert "Encyclopaedia" not in none


@pytest.mark.parametrize("search", ["%", "_", "\\", "'", '"', ";--", "') OR 1=1--", "*", "x" * 100])
def test_a_search_is_taken_literally(library: Library, search: str) -> None:
    page = library.visitor("lena").get("/title/list", q=search)
    assert page.status == 200
    assert "Encyclopaedia" not in page


def test_turning_the_pages_shows_each_row_once(library: Library) -> None:
    lena = library.visitor("lena")
    page = lena.get("/title/list?q=Encyclopaedia&order=name&size=20")
    seen: list[str] = []
    for _ in range(10):
        rows = list(dict.fromkeys(re.findall(r"Encyclopaedia (\d{3})", page.text)))
        assert len(rows) <= 20
        seen += rows
        after = next(
            (link for link in page.links if "after=" in link and "last=" not in link), None
        )
        if after is None:
            break
        page = lena.get(after if after.startswith("/") else f"/title/list{after}")
    assert seen == [f"{n:03}" for n in range(1, SHELF + 1)]


def test_labels_and_choices_are_never_raw_keys(library: Library) -> None:
    page = library.visitor("lena").get(f"/loan/show/{library.loans['ann']}")
    assert "Reserved" in page
    assert "Ann Archer" in page
    assert "C-1" not in page or "C-0" in page


@pytest.mark.parametrize(
    "path",
    ["/", "/title/list?language=en,fr&q=Encyclopaedia", "/title/list?q=zzz", "/title/add", *ENTITY_PAGES[2:], "/title/history/{id}", "/loan/list",
     "/loan/show/{loan}", "/member/list?retired=yes", "/account", "/title/show/999999"],
)  # fmt: skip
def test_an_english_site_speaks_english(library: Library, path: str) -> None:
    """All of it: labels, hints, buttons, what scripts say. Chinese is only the name of the other language."""
    address = path.format(id=library.titles[0], loan=library.loans["ann"])
    page = library.visitor("lena").get(address)
    assert sorted(set(re.findall(r"[\u3400-\u9fff]+", page.html)) - {"中文"}) == []


def test_no_page_of_a_form_holds_a_whole_table(library: Library) -> None:
    page = library.visitor("lena").get("/copy/add")
    options = page.form("code").options.get("title", [])
    assert len(options) <= 2, "titles are found by typing"


def test_a_link_cannot_do_what_a_button_does(library: Library) -> None:
    lena = library.visitor("lena")
    id_ = library.lena.add("title", name="Stays")
    for path in (f"/title/delete/{id_}", f"/title/retire/{id_}", f"/title/action/retire/{id_}"):
        assert lena.get(path).status in (404, 405), path
    assert id_ in [
        row["id"]
        for row in library.lena.rows("title", "(filters:!((col:name,opr:eq,value:Stays)))")
    ]


def test_authenticated_pages_are_kept_by_no_cache(library: Library) -> None:
    page = library.visitor("lena").get("/title/list")
    assert "no-store" in page.headers.get("Cache-Control", "")
    assert "Cookie" in page.headers.get("Vary", "")
    assert page.headers.get("X-Content-Type-Options") == "nosniff"
