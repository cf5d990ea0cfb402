"""Forms: every field type has a control, what is wrong comes back at its field, and nothing typed is lost."""

from __future__ import annotations

import io
import re

import pytest

from app.domain.queries import find
from tests.screens.records.conftest import post, token, words
from tests.screens.records.house import House

GOOD = {
    "t_text": "一张表 <b>㐂𠮷</b>",
    "t_note": "第一行\r\n第二行",
    "t_lines": "甲\n乙",
    "t_integer": "12",
    "t_decimal": "1.5",
    "t_money": "12345.60",
    "t_percent": "60",
    "t_yes": "yes",
    "t_date": "2026-03-02",
    "t_datetime": "2026-03-02 09:00",
    "t_time": "08:30",
    "t_duration": "3",
    "t_duration~unit": "workdays",
    "t_choice": "low",
    "t_long_choice": "c6",
    "t_choices": ["", "art", "law"],
    "t_ref": "2",
    "t_ref~typed": "",
    "t_refs": ["", "1", "3"],
    "t_phone": "13800001234",
    "t_email": "a@example.org",
    "t_url": "https://example.org/?a=1&b=2",
    "t_code": "A-1",
    "t_condition": "price > 3",
}
SHOWN = (
    "一张表 <b>㐂𠮷</b>", "第二行", "12 人", "12,345.60 万元", "60%", "2026-03-02 09:00", "08:30", "3 个工作日",
    "低", "六", "艺术", "法律", "图书2", "图书1、图书3", "13800001234", "price > 3",
)  # fmt: skip


def test_every_field_type_is_filled_in_stored_and_shown(fresh: House) -> None:
    head = fresh.browser("head")
    page = head.get("/paper/add").text
    for key in GOOD:
        assert f'name="{key}"' in page, key
    answer = head.post("/paper/add", data={"csrf_token": token(head, "/paper/add"), **GOOD})
    assert answer.status_code == 302, words(answer.text)
    assert re.fullmatch(r"/paper/show/\d+", answer.location)
    shown = head.get(answer.location)
    text = words(shown.text)
    for each in SHOWN:
        assert each in text, each
    assert "<b>㐂" not in shown.text
    again = head.get(answer.location.replace("show", "edit")).text
    for value in ('value="12345.60"', 'value="2026-03-02 09:00"', 'value="60"', 'value="图书2"'):
        assert value in again, value


def test_saving_a_form_untouched_changes_nothing(fresh: House) -> None:
    head = fresh.browser("head")
    made = head.post("/paper/add", data={"csrf_token": token(head, "/paper/add"), **GOOD})
    path = made.location.replace("show", "edit")
    sent = filled(head.get(path).text)
    answer = head.post(path, data=sent)
    assert answer.status_code == 302
    record = int(path.rpartition("/")[2])
    with fresh.writing() as context:
        row = find(context, "paper", record)
    assert (row.version, row.values["t_refs"]) == (1, (1, 3))


def filled(html: str) -> dict[str, list[str]]:
    """What a browser sends of the page's record form as it stands."""
    from tests.journeys.pages import Page

    return Page(200, "", html, {}).form("version").filled()


def test_what_is_wrong_comes_back_filled_in_with_messages_at_the_fields(house: House) -> None:
    head = house.browser("head")
    before = house_count(house)
    answer = post(
        head, "/paper/add", t_text="", t_integer="MCM", t_date="2026-02-30", t_email="nonsense", t_note="留着",
        t_choice="no_such", t_money="1.234", t_refs=["", "1"],
    )  # fmt: skip
    assert answer.status_code == 422
    text = words(answer.text)
    assert "有 6 处需要改正" in text
    for message in (
        "请填写“文本”",
        "“MCM”不是整数",
        "不是有效日期",
        "电子邮箱不对",
        "最多 2 位小数",
    ):
        assert message in text, message
    for kept in ('value="MCM"', 'value="2026-02-30"', "留着", 'value="1" checked'):
        assert kept in answer.text, kept
    assert 'id="err-t_integer"' in answer.text
    assert 'aria-describedby="err-t_integer' in answer.text
    assert 'href="#in-t_integer"' in answer.text
    assert house_count(house) == before


def house_count(house: House) -> int:
    from sqlalchemy import func, select

    with house.writing() as context:
        return int(
            context.session.scalar(select(func.count()).select_from(house.schema.tables["paper"]))
            or 0
        )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("t_integer", "99999999999999999999"), ("t_money", "1e309"), ("t_decimal", "NaN"), ("t_date", "0000-00-00"),
        ("t_date", "9999-99-99"), ("t_datetime", "2026-13-01T00:00"), ("t_ref", "999999"), ("t_ref", "x"),
        ("t_refs", "９"), ("t_choices", "nothing"), ("t_duration", "-1"), ("t_condition", "price >"),
        ("t_card", "110105194912310021"), ("t_credit", "91350100M000100Y44"), ("t_url", "javascript:alert(1)"),
        ("t_files", "12345"), ("t_text", "长" * 21),
    ],
)  # fmt: skip
def test_a_bad_value_is_a_message_never_a_failure(house: House, key: str, value: str) -> None:
    answer = post(house.browser("head"), "/paper/add", **{"t_text": "x", key: value})
    assert answer.status_code == 422, key
    assert f'id="err-{key}"' in answer.text


def test_a_full_width_number_is_a_number(fresh: House) -> None:
    answer = post(fresh.browser("head"), "/paper/add", t_text="x", t_integer="１２")
    assert answer.status_code == 302


def test_a_ref_typed_without_a_script_is_taken_if_it_fits_one_record(fresh: House) -> None:
    head = fresh.browser("head")
    answer = post(head, "/paper/add", t_text="x", t_ref="", t_ref__typed="图书4", t_ref__shown="")
    assert answer.status_code == 302
    assert "图书4" in words(head.get(answer.location).text)


def test_a_ref_that_fits_several_comes_back_to_be_chosen(fresh: House) -> None:
    head = fresh.browser("head")
    back = post(head, "/paper/add", t_text="x", t_ref="", t_ref__typed="图书", t_ref__shown="")
    assert back.status_code == 422
    assert "对应多条记录" in words(back.text)
    assert back.text.count('name="t_ref~pick"') == 5
    sent = post(
        head,
        "/paper/add",
        t_text="x",
        t_ref="",
        t_ref__typed="图书",
        t_ref__shown="",
        t_ref__pick="3",
    )
    assert sent.status_code == 302
    assert "图书3" in words(head.get(sent.location).text)


def test_a_ref_that_fits_nothing_says_so(house: House) -> None:
    back = post(
        house.browser("head"),
        "/paper/add",
        t_text="x",
        t_ref="",
        t_ref__typed="没有的书",
        t_ref__shown="",
    )
    assert back.status_code == 422
    assert "没有找到“没有的书”" in words(back.text)


def test_the_address_presets_a_ref(fresh: House) -> None:
    head = fresh.browser("head")
    paper = fresh.add("paper", t_text="母表")
    page = head.get(f"/slip/add?paper={paper}").text
    assert f'name="paper" value="{paper}"' in page
    assert 'value="母表"' in page
    assert head.get("/slip/add?paper=x").status_code == 400
    assert head.get("/slip/add?paper=99999").status_code == 400
    assert head.get("/slip/add?nothing=1").status_code == 400


def test_a_form_holds_no_whole_table(house: House) -> None:
    page = house.browser("head").get("/paper/add").text
    assert "图书5" not in page
    assert len(page.encode()) < 80_000


def test_options_are_found_by_chinese_and_by_initials(house: House) -> None:
    head = house.browser("head")
    found = head.get("/paper/options/t_ref?q=图书3").json
    assert [one["label"] for one in found["options"]] == ["图书3"]
    assert len(head.get("/paper/options/t_ref?q=ts").json["options"]) == 5
    assert head.get("/paper/options/t_ref?q=zz").json["options"] == []
    assert head.get("/paper/options/t_text").status_code == 404
    assert head.get("/paper/options/nothing").status_code == 404
    assert house.browser("nobody").get("/paper/options/t_ref").status_code == 403


def test_options_keep_to_the_rows_that_one_sees(house: House) -> None:
    north = house.browser("north").get("/loan/options/member?q=").json["options"]
    assert {one["label"] for one in north} == {"张三", "王五"}


def test_a_field_shows_when_its_condition_holds(house: House) -> None:
    head = house.browser("head")
    page = head.get("/paper/add").text
    assert re.search(r'data-field="t_when" data-visible="no"', page)
    told = post(head, "/paper/ask", "/paper/add", t_choice="high").json["fields"]
    assert told["t_when"] == {"visible": True, "required": True}
    told = post(head, "/paper/ask", "/paper/add", t_choice="low").json["fields"]
    assert told["t_when"] == {"visible": False, "required": False}


def test_a_condition_may_follow_a_ref(house: House) -> None:
    head = house.browser("head")
    dear = post(head, "/paper/ask", "/paper/add", t_ref="5", t_ref__typed="", t_ref__shown="").json[
        "fields"
    ]
    cheap = post(
        head, "/paper/ask", "/paper/add", t_ref="1", t_ref__typed="", t_ref__shown=""
    ).json["fields"]
    assert (dear["t_price"]["visible"], cheap["t_price"]["visible"]) == (True, False)


def test_what_its_condition_requires_is_asked_for(house: House) -> None:
    back = post(house.browser("head"), "/paper/add", t_text="x", t_choice="high", t_when="")
    assert back.status_code == 422
    assert "请填写“理由”" in words(back.text)
    assert 'data-field="t_when" data-visible="no"' not in back.text


def test_a_condition_is_read_back_in_words(house: House) -> None:
    head = house.browser("head")
    said = post(head, "/paper/condition/t_condition", "/paper/add", text="price > 3").json
    assert said["fault"] == ""
    assert "定价" in said["sentence"]
    assert post(head, "/paper/condition/t_condition", "/paper/add", text="prise > 3").json["fault"]
    assert head.get("/paper/condition/t_condition").status_code == 405


def test_a_masked_field_sent_back_untouched_changes_nothing(fresh: House) -> None:
    record = fresh.add("paper", t_text="隐", t_phone="13800001234")
    north = fresh.browser("north")
    page = north.get(f"/paper/edit/{record}")
    assert "13800001234" not in page.text
    assert "138****34" in page.text
    sent = filled(page.text) | {"t_text": ["改了"]}
    assert north.post(f"/paper/edit/{record}", data=sent).status_code == 302
    with fresh.writing() as context:
        row = find(context, "paper", record)
    assert (row.values["t_text"], row.values["t_phone"]) == ("改了", "13800001234")


def test_what_is_read_only_is_shown_and_never_taken(fresh: House) -> None:
    head = fresh.browser("head")
    record = fresh.add("paper", t_text="x")
    page = head.get(f"/paper/edit/{record}").text
    assert "不可改" in page
    assert 'name="t_fixed"' not in page
    post(head, f"/paper/edit/{record}", version="1", t_fixed="别的")
    with fresh.writing() as context:
        assert find(context, "paper", record).values["t_fixed"] == "不可改"


def test_who_may_not_create_or_edit_is_told_so(house: House) -> None:
    assert house.browser("north").get("/paper/add").status_code == 403
    assert house.browser("nobody").get("/book/list").status_code == 403
    assert house.browser("north").get("/book/edit/1").status_code == 403


def test_a_record_out_of_scope_is_as_if_there_were_none(house: House) -> None:
    north = house.browser("north")
    hidden, missing = north.get("/member/show/2"), north.get("/member/show/999")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert words(hidden.text) == words(missing.text)
    assert north.get("/member/edit/2").status_code == 404


def test_two_people_edit_at_once_and_nothing_is_lost(fresh: House) -> None:
    head, other = fresh.browser("head"), fresh.browser("head")
    record = fresh.add("paper", t_text="原文", t_integer="1", t_code="C")
    path = f"/paper/edit/{record}"
    mine, theirs = filled(head.get(path).text), filled(other.get(path).text)
    done = other.post(path, data=theirs | {"t_text": ["对方的"], "t_code": ["D"]})
    assert done.status_code == 302
    late = head.post(path, data=mine | {"t_text": ["我的"], "t_integer": ["2"]})
    assert late.status_code == 409
    text = words(late.text)
    for each in ("原文", "对方的", "我的", "馆长甲"):
        assert each in text, each
    again = filled(late.text)
    assert (again["t_text"], again["t_integer"], again["t_code"]) == (["我的"], ["2"], ["D"])
    assert head.post(path, data=again).status_code == 302
    with fresh.writing() as context:
        values = find(context, "paper", record).values
    assert (values["t_text"], values["t_integer"], values["t_code"]) == ("我的", 2, "D")


def test_of_two_versions_theirs_may_be_kept(fresh: House) -> None:
    head, other = fresh.browser("head"), fresh.browser("head")
    record = fresh.add("paper", t_text="原文")
    path = f"/paper/edit/{record}"
    mine, theirs = filled(head.get(path).text), filled(other.get(path).text)
    other.post(path, data=theirs | {"t_text": ["对方的"]})
    late = head.post(path, data=mine | {"t_text": ["我的"], "t_note": ["我的注"]})
    again = filled(late.text) | {"t_text~choose": ["theirs"]}
    assert head.post(path, data=again).status_code == 302
    with fresh.writing() as context:
        values = find(context, "paper", record).values
    assert (values["t_text"], values["t_note"]) == ("对方的", "我的注")


def test_a_form_without_its_version_is_refused(house: House) -> None:
    head = house.browser("head")
    for version in ("", "x", "-1", "9" * 20):
        assert post(head, "/book/edit/1", version=version, name="x").status_code == 400


def test_files_come_with_a_form_and_stay_when_it_comes_back(fresh: House) -> None:
    head = fresh.browser("head")
    file = (io.BytesIO(b"%PDF-1.7 x"), "合同.pdf")
    back = post(head, "/paper/add", t_text="", t_files__upload=file)
    assert back.status_code == 422
    kept = re.search(r'name="t_files" value="(\d+)" checked', back.text)
    assert kept
    assert "合同.pdf" in back.text
    done = post(head, "/paper/add", t_text="有材料", t_files=["", kept[1]])
    assert done.status_code == 302
    assert "合同.pdf" in head.get(done.location).text
    sent = head.get(f"/paper/file/{kept[1]}")
    assert sent.data == b"%PDF-1.7 x"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    sent.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.html", b"<script>"), ("x.svg", b"<svg>"), ("a.pdf", b"MZ"), ("a.jpg.php", b"\xff\xd8\xff"),
        ("a.pdf", b""), ("CON", b"x"), ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x27\x10\x00\x00\x27\x10"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_refused(
    house: House, name: str, content: bytes
) -> None:
    back = post(
        house.browser("head"), "/paper/add", t_text="x", t_files__upload=(io.BytesIO(content), name)
    )
    assert back.status_code == 422
    assert 'id="err-t_files"' in back.text


def test_a_file_is_read_only_through_its_record(fresh: House) -> None:
    head = fresh.browser("head")
    file = (io.BytesIO(b"%PDF-1.7 x"), "a.pdf")
    done = post(head, "/paper/add", t_text="x", t_files__upload=file)
    assert done.status_code == 302
    with head.get("/paper/file/1") as sent:
        assert sent.status_code == 200
    assert head.get("/book/file/1").status_code == 404
    assert fresh.browser("nobody").get("/paper/file/1").status_code == 403
    assert fresh.browser().get("/paper/file/1").status_code == 302
