"""A record's page: facts in words, what hangs on it, and all that was ever done to it."""

from __future__ import annotations

import io
import re

from tests.screens.records.conftest import post, words
from tests.screens.records.house import House


def test_a_page_shows_facts_children_and_where_to_go_on(fresh: House) -> None:
    head = fresh.browser("head")
    paper = fresh.add("paper", t_text="母表", t_ref=2, t_choice="low")
    fresh.add("slip", paper=paper, remark="第一张附单")
    page = head.get(f"/paper/show/{paper}")
    text = words(page.text)
    for each in (
        "基本",
        "时间",
        "母表",
        "待办",
        "P-2026-001",
        "第一张附单",
        "图书2",
        "历史",
        "登记",
        "系统",
    ):
        assert each in text, each
    assert '<a href="/book/show/2">图书2</a>' in page.text
    assert f'href="/slip/add?paper={paper}"' in page.text
    assert f'href="/slip/list?paper={paper}"' in page.text
    assert head.get(f"/slip/list?paper={paper}").status_code == 200
    assert "理由" not in text, "a field that doesn't apply isn't shown empty"


def test_a_change_stands_in_the_history_with_old_and_new(fresh: House) -> None:
    head = fresh.browser("head")
    post(
        head,
        "/book/edit/1",
        version="1",
        name="新书名",
        price="9.90",
        shelf="b",
        reason__="换了封面",
    )
    page = head.get("/book/show/1")
    text = words(page.text)
    for each in (
        "图书1",
        "新书名",
        "9.90 元",
        "甲架",
        "乙架",
        "馆长甲",
        "换了封面",
        "config/roles.yaml",
        "第 1 版配置",
    ):
        assert each in text, each
    assert re.search(r"<del>甲架</del>\s*<ins>乙架</ins>", page.text)


def test_a_private_value_is_masked_in_the_history_too(fresh: House) -> None:
    head = fresh.browser("head")
    paper = fresh.add("paper", t_text="x", t_phone="13800001234")
    post(head, f"/paper/edit/{paper}", version="1", t_phone="13911112222")
    assert "13911112222" in head.get(f"/paper/history/{paper}").text
    masked = fresh.browser("north").get(f"/paper/history/{paper}").text
    assert "13911112222" not in masked
    assert "13800001234" not in masked


def test_older_history_is_turned_to(fresh: House) -> None:
    head = fresh.browser("head")
    for version in range(1, 56):
        with fresh.writing() as context:
            from app.domain import records

            records.save(context, "book", 1, version, {"price": str(version)})
    page = head.get("/book/history/1")
    older = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert older
    assert "登记" in words(head.get(older[1]).text)
    assert head.get("/book/history/1?before=x").status_code == 400


def test_buttons_are_there_for_those_who_may_and_why_not_for_the_others(house: House) -> None:
    head, north = (
        house.browser("head").get("/book/show/1").text,
        house.browser("north").get("/book/show/1").text,
    )
    assert 'href="/book/edit/1"' in head
    assert 'href="/book/edit/1"' not in north
    assert "您的角色（馆员）没有修改“图书”的权限" in words(north)
    mine = words(house.browser("north").get("/member/show/1").text)
    assert "这条记录不在您可以修改的范围内" in mine
    assert "config/roles.yaml:" in mine


def test_attachments_hang_on_the_record_and_leave_their_mark(fresh: House) -> None:
    head = fresh.browser("head")
    paper = fresh.add("paper", t_text="x")
    file = (io.BytesIO(b"%PDF-1.7 x"), "附件 甲.pdf")
    assert (
        post(head, f"/paper/attach/{paper}", f"/paper/show/{paper}", files=file).status_code == 302
    )
    page = head.get(f"/paper/show/{paper}")
    assert "附件 甲.pdf" in words(page.text)
    assert "添加附件" in words(page.text)
    bad = (io.BytesIO(b"<script>"), "x.html")
    post(head, f"/paper/attach/{paper}", f"/paper/show/{paper}", files=bad)
    assert "不收 .html 文件" in words(head.get(f"/paper/show/{paper}").text)
    assert post(head, f"/paper/detach/{paper}/1", f"/paper/show/{paper}").status_code == 302
    assert "移除附件" in words(head.get(f"/paper/show/{paper}").text)
    assert head.get("/paper/file/1").status_code == 404


def test_who_sees_the_record_sees_its_files_and_nobody_else(fresh: House) -> None:
    head = fresh.browser("head")
    assert (
        post(
            head, "/book/attach/1", "/book/show/1", files=(io.BytesIO(b"%PDF-1.7"), "a.pdf")
        ).status_code
        == 404
    )


def test_a_retired_record_is_read_but_not_edited(fresh: House) -> None:
    head = fresh.browser("head")
    post(head, "/book/bulk/retire", "/book/list", pick="1:1", confirmed="yes")
    page = words(head.get("/book/show/1").text)
    assert "已停用" in page
    assert "恢复后才能修改" in page
    assert head.get("/book/edit/1").status_code == 409
