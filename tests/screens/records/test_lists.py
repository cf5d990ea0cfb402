"""Lists: columns in words, filters in the address, pages by keyset, nothing that was not asked for."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.screens.records.conftest import Statements, post, words
from tests.screens.records.house import House

LEAKS = ("Traceback", "sqlalchemy", "sqlite3", "SELECT ", "site-packages")
WRONG = [
    "order=nothing", "order=name;drop", "order=-", "size=0", "size=-5", "size=1000000", "size=x", "size=９",
    "after=abc", "before=abc", "after=" + "A" * 3000, "retired=maybe", "nothing=1", "password=x",
    "created_by.password=x", "shelf=nonsense", "created_at=2026-02-30", "created_at=9999-99-99..", "created_by=x",
    "created_by=" + "9" * 30, "where=nonsense", "where=" + quote("name is"), "where=" + "(" * 1500, "q=" + "长" * 200,
    "after=WzEsMl0x&before=x",
]  # fmt: skip


def names(html: str) -> list[str]:
    return re.findall(r'class="row-link"[^>]*>([^<]+)<', html)


def test_a_list_shows_its_columns_in_words(house: House) -> None:
    page = house.browser("head").get("/book/list")
    text = words(page.text)
    assert page.status_code == 200
    for each in ("编号", "书名", "定价", "共 5 条", "图书3", "3.50 元", "甲架", "B-2026-0003"):
        assert each in text, each
    assert names(page.text) == [f"图书{n}" for n in (5, 4, 3, 2, 1)]


def test_a_private_value_is_masked_for_whom_it_is_private(house: House) -> None:
    record = house.browser("south").get("/member/list")
    assert "13800001234" in record.text, "the clerk may ring up who isn't a VIP"
    assert "张三" not in record.text
    head = house.browser("head").get("/member/list")
    assert head.text.count("13800001234") == 3


def test_filters_narrow_and_stay_in_the_address(house: House) -> None:
    head = house.browser("head")
    page = head.get("/book/list?shelf=b")
    assert names(page.text) == []
    assert "没有符合条件的图书" in words(page.text)
    assert re.search(r'name="shelf" value="b" checked', page.text)
    some = head.get("/book/list?shelf=a&size=2")
    after = unescaped(re.findall(r'rel="next" href="([^"]+)"', some.text)[0])
    assert "shelf=a" in after
    assert "size=2" in after


def unescaped(text: str) -> str:
    return text.replace("&amp;", "&")


def test_what_the_form_sends_becomes_a_plain_address(house: House) -> None:
    head = house.browser("head")
    sent = head.get(
        "/member/list?q=&born~from=1990-01-01&born~to=&branch~typed=北馆&branch~shown=&vip=no"
    )
    assert sent.status_code == 302
    assert sent.location == f"/member/list?vip=no&born=1990-01-01..&branch={house.places['north']}"
    assert sorted(names(head.get(sent.location).text)) == ["张三", "王五"]
    nothing = head.get("/member/list?branch~typed=没有这个馆&branch~shown=")
    assert names(head.get(nothing.location).text) == []


def test_pages_are_turned_both_ways_and_show_each_row_once(house: House) -> None:
    head = house.browser("head")
    page, seen, path = head.get("/book/list?size=2"), [], "/book/list"
    for _ in range(5):
        seen.append(names(page.text))
        following = re.findall(r'rel="next" href="([^"]+)"', page.text)
        if not following:
            break
        page = head.get(path + unescaped(following[0]))
    assert seen == [["图书5", "图书4"], ["图书3", "图书2"], ["图书1"]]
    back = re.findall(r'rel="prev" href="([^"]+)"', page.text)
    assert names(head.get(path + unescaped(back[0])).text) == ["图书3", "图书2"]
    assert "图书1" in names(head.get("/book/list?size=2&last=yes").text)


def test_a_list_is_searched(house: House) -> None:
    head = house.browser("head")
    assert names(head.get("/book/list?q=图书4").text) == ["图书4"]
    for sign in ("%", "_", "\\", "'", '"', "') OR 1=1--", "*"):
        page = head.get("/book/list", query_string={"q": sign})
        assert page.status_code == 200
        assert names(page.text) == [], sign


def test_a_typed_condition_narrows_and_its_fault_stands_at_its_box(house: House) -> None:
    head = house.browser("head")
    assert names(head.get("/book/list", query_string={"where": "price > 3"}).text) == [
        "图书5",
        "图书4",
        "图书3",
    ]
    wrong = head.get("/book/list", query_string={"where": "prise > 3"})
    assert wrong.status_code == 400
    assert "prise" in wrong.text
    assert 'id="err-where"' in wrong.text
    assert names(wrong.text) == []


@pytest.mark.parametrize("query", WRONG, ids=lambda q: q[:30])
def test_a_wrong_parameter_is_refused_never_ignored(house: House, query: str) -> None:
    page = house.browser("head").get(f"/book/list?{quote(query, safe='=&%.()')}")
    assert page.status_code == 400, query
    assert not any(leak in page.text for leak in LEAKS)


@pytest.mark.parametrize(
    "record", ["0", "-1", "1.5", "1e3", "0x1", "%EF%BC%99", "9" * 20, "x", "1'--", "None", "01"]
)
@pytest.mark.parametrize("page", ["show", "edit", "history"])
def test_a_page_of_no_record_is_not_found(house: House, page: str, record: str) -> None:
    answer = house.browser("head").get(f"/book/{page}/{record}")
    assert answer.status_code == 404
    assert not any(leak in answer.text for leak in LEAKS)


@pytest.mark.parametrize(
    "path", ["/nothing/list", "/book", "/BOOK/list", "/user/list", "/book/delete/1"]
)
def test_a_page_that_is_none_is_not_found(house: House, path: str) -> None:
    assert house.browser("head").get(path).status_code == 404


def test_a_null_byte_is_a_bad_request(house: House) -> None:
    assert house.browser("head").get("/book/show/%00").status_code in (400, 404)


def test_without_signing_in_every_page_leads_to_the_log_in(house: House) -> None:
    for path in ("list", "add", "show/1", "edit/1", "history/1", "options/shelf", "file/1"):
        answer = house.browser().get(f"/book/{path}")
        assert answer.status_code == 302, path
        assert "/login" in answer.location


@pytest.mark.parametrize(
    "path",
    ["/book/list", "/book/list?shelf=a&order=-created_at", "/book/list?q=图书", "/member/list", "/paper/list", "/loan/list",
     "/member/list?branch=1&vip=no", "/book/list?where=price%20%3E%203"],
)  # fmt: skip
def test_a_list_costs_at_most_six_statements(house: House, path: str) -> None:
    head = house.browser("head")
    assert head.get(path).status_code == 200
    sent = Statements(house)
    assert head.get(path).status_code == 200
    assert len(sent) <= 6, sent


def test_a_form_costs_at_most_eight_statements(fresh: House) -> None:
    head = fresh.browser("head")
    record = fresh.add("paper", t_text="x", t_ref=1, t_refs=[1, 2])
    for path in ("/paper/add", f"/paper/edit/{record}"):
        sent = Statements(fresh)
        assert head.get(path).status_code == 200
        assert len(sent) <= 8, sent
        sent.clear()


def test_rows_are_retired_and_restored_after_a_question(fresh: House) -> None:
    head = fresh.browser("head")
    asked = post(head, "/book/bulk/retire", "/book/list", pick=["1:1", "2:1"])
    assert "停用选中的 2 条“图书”？" in words(asked.text)
    assert names(head.get("/book/list").text) == ["图书5", "图书4", "图书3", "图书2", "图书1"]
    done = post(
        head, "/book/bulk/retire", "/book/list", pick=["1:1", "2:1"], confirmed="yes", reason="旧了"
    )
    assert done.status_code == 302
    assert names(head.get("/book/list").text) == ["图书5", "图书4", "图书3"]
    assert names(head.get("/book/list?retired=yes").text) == ["图书2", "图书1"]
    history = words(head.get("/book/show/1").text)
    assert "旧了" in history
    post(head, "/book/bulk/restore", "/book/list", pick=["1:2"], confirmed="yes")
    assert "图书1" in names(head.get("/book/list").text)


def test_of_several_rows_those_that_moved_on_are_told_apart(fresh: House) -> None:
    head = fresh.browser("head")
    post(head, "/book/bulk/retire", "/book/list", pick=["1:7", "2:1"], confirmed="yes")
    text = words(head.get("/book/list").text)
    assert "已停用 1 条" in text
    assert "#1：" in text


def test_a_bulk_action_stays_within_the_rows_that_one_may_change(fresh: House) -> None:
    north = fresh.browser("north")
    assert (
        post(north, "/book/bulk/retire", "/book/list", pick="1:1", confirmed="yes").status_code
        == 403
    )
    assert post(north, "/member/bulk/retire", "/member/list", pick="2:1").status_code == 403
    assert post(north, "/book/bulk/nothing", "/book/list", pick="1:1").status_code == 404
    assert north.get("/book/bulk/retire").status_code == 405
    assert north.post("/book/bulk/retire", data={"pick": "1:1"}).status_code == 400
    assert (
        post(fresh.browser("head"), "/book/bulk/retire", "/book/list", pick="x").status_code == 400
    )
    away = post(
        fresh.browser("head"),
        "/book/bulk/retire",
        "/book/list",
        pick="1:1",
        confirmed="yes",
        back="//evil.example/",
    )
    assert away.location == "/book/list"


def test_a_filter_is_kept_under_a_name_and_shared(fresh: House) -> None:
    head, north = fresh.browser("head"), fresh.browser("north")
    post(head, "/book/views", "/book/list", name="甲架的", query="shelf=a", shared="yes")
    post(head, "/book/views", "/book/list", name="我的", query="shelf=b")
    mine, theirs = words(head.get("/book/list").text), words(north.get("/book/list").text)
    assert "甲架的" in mine
    assert "我的 共享" not in mine
    assert "甲架的" in theirs
    assert "?shelf=b" not in north.get("/book/list").text
    assert post(north, "/book/views/1/drop", "/book/list").status_code == 404
    assert post(head, "/book/views/1/drop", "/book/list").status_code == 302
    assert "甲架的" not in words(north.get("/book/list").text)


def test_an_empty_list_names_the_next_step(house: House) -> None:
    page = words(house.browser("head").get("/slip/list").text)
    assert "还没有附单" in page
    assert "新增附单" in page
