"""Refs are found by typing, files by whoever may read their record: neither tells more than the list does."""

from __future__ import annotations

import re

import pytest

from tests.journeys.people import Visitor
from tests.journeys.stock import Library

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def _typed(visitor: Visitor, path: str, text: str) -> list[str]:
    answer = visitor.http.get(f"{visitor.base}{path}", params={"q": text}, timeout=20)
    assert answer.status_code == 200, answer.text
    return [option["label"] for option in answer.json()["options"]]


@pytest.mark.parametrize("text", ["Encyclopaedia 007", "encyclopaedia 007", "007"])
def test_a_ref_is_found_by_typing_part_of_its_name(library: Library, text: str) -> None:
    found = _typed(library.visitor("lena"), "copy/options/title", text)
    assert found == ["Encyclopaedia 007"]
    answer = library.lena.get("copy/related/title", q=f"(search:'{text}')")
    assert [one["title"] for one in answer.json["result"]] == ["Encyclopaedia 007"]


@pytest.mark.parametrize("text", ["bkqs", "百科", "全书"])
def test_chinese_names_are_found_by_initials_too(library: Library, text: str) -> None:
    if not _typed(library.visitor("lena"), "copy/options/title", "中国大百科全书"):
        library.lena.add("title", name="中国大百科全书", language="zh")
    assert _typed(library.visitor("lena"), "copy/options/title", text) == ["中国大百科全书"]


def test_a_few_are_offered_before_anything_is_typed(library: Library) -> None:
    assert 0 < len(_typed(library.visitor("lena"), "copy/options/title", "")) <= 20


@pytest.mark.parametrize("text", ["Bob", "Baker", "M-2", "", "%", "_"])
def test_who_is_out_of_scope_is_never_offered(library: Library, text: str) -> None:
    """A search that matches nothing of Ann's offers nothing at all."""
    found = _typed(library.visitor("ann"), "loan/options/member", text)
    assert found == (["Ann Archer"] if text == "" else [])
    answer = library.ann.get("loan/related/member", q=f"(search:'{text}')")
    assert "Baker" not in answer.text


def test_nor_named_by_its_id(library: Library) -> None:
    bob = library.members["bob"]
    assert "Baker" not in library.ann.get("loan/related/member", q=f"(ids:!({bob}))").text
    assert "Baker" in library.lena.get("loan/related/member", q=f"(ids:!({bob}))").text
    page = library.visitor("ann").get("/loan/add", member=bob)
    assert "Baker" not in page.html


def test_what_is_retired_is_no_longer_offered(library: Library) -> None:
    id_ = library.lena.add("title", name="Withdrawn edition")
    assert _typed(library.visitor("lena"), "copy/options/title", "Withdrawn edition")
    assert library.lena.delete(f"title/{id_}", headers={"If-Match": '"1"'}).status == 200
    assert _typed(library.visitor("lena"), "copy/options/title", "Withdrawn edition") == []


@pytest.mark.parametrize(
    "path", ["copy/options/shelf", "copy/options/nothing", "nothing/options/title"]
)
def test_what_is_no_ref_has_no_choices(library: Library, path: str) -> None:
    assert library.visitor("lena").get(path, q="x").status == 404


def test_a_ref_is_set_by_a_form(library: Library) -> None:
    lena = library.visitor("lena")
    page = lena.get("/copy/add")
    shown = lena.submit(page, page.form("code"), code="C-FORM", title=library.titles[6], shelf="F1")
    assert shown.status == 200, shown.text
    assert "Encyclopaedia 007" in shown


def test_a_file_is_kept_with_its_record_and_handed_out_safely(library: Library) -> None:
    lena = library.visitor("lena")
    page = lena.get("/copy/add")
    shown = lena.upload(
        page,
        page.form("code"),
        "伤痕 1.png",
        PNG,
        code="C-FILE",
        title=library.titles[7],
        wear="damaged",
    )
    assert shown.status == 200, shown.text
    link = next(link for link in shown.links if re.search(r"/copy/file/\d+", link))
    answer = lena.http.get(f"{lena.base}{link.lstrip('/')}", timeout=20)
    assert answer.content == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "html" not in answer.headers["Content-Type"]

    id_ = int(re.search(r"/show/(\d+)", shown.url).group(1))  # type: ignore[union-attr]
    assert library.visitor("dan").get(link).status == 200
    version = library.lena.record("copy", id_)["version"]
    assert library.lena.put(f"copy/{id_}", {"withdrawn": True, "version": version}).status == 200
    assert library.visitor("dan").get(link).status == 404, "out of sight with its record"
    assert "/login" in library.visitor().get(link).url


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.html", b"<script>alert(1)</script>"),
        ("x.svg", b"<svg onload='alert(1)'/>"),
        ("x.png", b"<html></html>"),
        ("empty.png", b""),
    ],
)
def test_a_file_that_could_harm_is_refused_and_the_form_kept(
    library: Library, name: str, content: bytes
) -> None:
    lena = library.visitor("lena")
    page = lena.get("/copy/add")
    back = lena.upload(
        page, page.form("code"), name, content, code="C-BAD", title=library.titles[8], shelf="KEPT"
    )
    assert back.status == 422, back.text[:500]
    assert back.form("code").values["shelf"] == ["KEPT"]


@pytest.mark.parametrize("file", ["0", "-1", "999999999", "x", "9" * 30, "..%2f..%2fsite.yaml"])
def test_a_file_that_is_none_is_not_found(library: Library, file: str) -> None:
    assert library.visitor("lena").get(f"/copy/file/{file}").status == 404


def test_several_rows_are_retired_at_once_and_brought_back(library: Library) -> None:
    ids = [library.lena.add("title", name=f"Pamphlet {n}") for n in range(3)]
    lena = library.visitor("lena")
    page = lena.get("/title/list", q="Pamphlet")
    token = page.form("csrf_token").values["csrf_token"][0]
    picks = {"csrf_token": token, "pick": [f"{id_}:1" for id_ in ids[:2]]}
    asked = lena.post("/title/bulk/retire", picks)
    assert "Pamphlet 0" in asked
    assert "Pamphlet 2" in lena.get("/title/list", q="Pamphlet")
    lena.post("/title/bulk/retire", picks | {"confirmed": "yes", "reason": "worn out"})
    left = lena.get("/title/list", q="Pamphlet")
    assert "Pamphlet 2" in left
    assert "Pamphlet 1" not in left
    picks["pick"] = [f"{id_}:2" for id_ in ids[:2]]
    lena.post("/title/bulk/restore", picks | {"confirmed": "yes"})
    assert "Pamphlet 1" in lena.get("/title/list", q="Pamphlet")


def test_no_bulk_action_reaches_what_one_may_not(library: Library) -> None:
    """Dan may not retire members; Ann doesn't even see Bob's loan."""
    for name, entity, id_ in (
        ("dan", "member", library.members["bob"]),
        ("ann", "loan", library.loans["bob"]),
    ):
        visitor = library.visitor(name)
        token = visitor.get(f"/{entity}/list").form("csrf_token").values["csrf_token"][0]
        page = visitor.post(
            f"/{entity}/bulk/retire", {"csrf_token": token, "pick": f"{id_}:1", "confirmed": "yes"}
        )
        assert page.status in (200, 403, 404)
        if name == "ann":
            assert "Baker" not in page.html
        assert (
            library.lena.get(f"{entity}/", q=f"(filters:!((col:id,opr:eq,value:{id_})))").json[
                "count"
            ]
            == 1
        )
