"""A program makes, reads, changes, retires and restores records; who comes second changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domain.masks import HIDDEN
from tests.screens.api.served import MISSING, Served


def error(answer: TestResponse, status: int) -> dict[str, Any]:
    """The one shape of every error."""
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json["error"]
    assert set(found) == {"id", "message", "fields", "place"}
    assert found["message"] and "Traceback" not in answer.text
    return found


def test_a_record_is_made_and_read_back(served: Served) -> None:
    head, north = served.as_("head"), served.desk.departments["north"]
    given = {
        "name": "张三",
        "branch": north,
        "rate": "12.5",
        "tags": ["law", "art"],
        "reason": "新来的",
    }
    made = head.post("member/", given)
    assert made.status_code == 201, made.text
    id_ = made.json["id"]
    assert made.headers["Location"] == f"/api/v1/member/{id_}"
    assert made.json["result"]["name"] == "张三"
    read = head.get(f"member/{id_}")
    result = read.json["result"]
    assert result["branch"] == {"id": north, "title": "北馆"}
    assert (result["rate"], result["tags"], result["vip"]) == ("12.50", ["art", "law"], False)
    assert result["created_at"].endswith("Z")
    assert (read.headers["ETag"], read.json["editable"], read.json["masked"]) == ('"1"', True, [])


def test_an_answer_may_be_sent_back_as_it_was_read(served: Served) -> None:
    head, member, book = served.as_("head"), served.member("张三"), served.make("book", name="史记")
    id_ = head.post("loan/", {"member": member, "books": [book], "from_day": "2026-03-02"}).json[
        "id"
    ]
    read = head.get(f"loan/{id_}", "(columns:!(member,books,from_day,to_day,before))").json[
        "result"
    ]
    assert read["books"] == [{"id": book, "title": "史记"}]
    again = head.put(f"loan/{id_}", {**read, "version": 1})
    assert (again.status_code, again.json["version"]) == (200, 1), "nothing was changed"


def test_what_is_not_given_stays(served: Served) -> None:
    head, id_ = served.as_("head"), served.member("张三", score="5")
    changed = head.put(f"member/{id_}", {"name": "张三丰", "version": 1})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    result = changed.json["result"]
    assert (result["name"], result["score"], result["version"]) == ("张三丰", 5, 2)


@pytest.mark.parametrize(
    ("body", "header", "status"),
    [
        ({"version": 1}, None, 409),
        ({}, '"1"', 412),
        ({}, 'W/"1"', 412),
        ({"version": 1}, '"1"', 412),
    ],
)
def test_who_is_second_is_told_what_the_first_saved(
    served: Served, body: dict[str, Any], header: str | None, status: int
) -> None:
    head, id_ = served.as_("head"), served.member("张三", score="5")
    assert (
        head.put(f"member/{id_}", {"score": 6, "channel": "desk", "version": 1}).status_code == 200
    )
    headers = {"If-Match": header} if header else {}
    late = head.put(f"member/{id_}", {"score": 7, **body}, headers=headers)
    told = error(late, status)
    assert told["id"] == "stale"
    assert (told["fields"]["score"], told["fields"]["channel"]) == (
        "“积分”已改为：6",
        "“渠道”已改为：柜台",
    )
    assert late.headers["ETag"] == '"2"'
    assert head.get(f"member/{id_}").json["result"]["score"] == 6


@pytest.mark.parametrize(
    ("body", "header", "status", "field"),
    [
        ({}, None, 422, "version"),
        ({"version": "1"}, None, 422, "version"),
        ({"version": True}, None, 422, "version"),
        ({"version": 2}, '"1"', 422, "version"),
        ({}, "*", 400, "If-Match"),
        ({}, "1", 400, "If-Match"),
        ({}, '"x"', 400, "If-Match"),
        ({}, '"1", "2"', 400, "If-Match"),
        ({"version": 1, "reason": 5}, None, 422, "reason"),
        ({"version": 1, "reason": "长" * 501}, None, 422, "reason"),
    ],
)
def test_a_change_says_what_it_was_made_from(
    served: Served, body: dict[str, Any], header: str | None, status: int, field: str
) -> None:
    head, id_ = served.as_("head"), served.member("张三")
    headers = {"If-Match": header} if header else {}
    told = error(head.put(f"member/{id_}", {"score": 7, **body}, headers=headers), status)
    assert field in told["fields"]
    assert head.get(f"member/{id_}").json["result"]["score"] is None


def test_deleting_retires_and_restoring_brings_back(served: Served) -> None:
    head, id_ = served.as_("head"), served.member("张三")
    gone = head.delete(f"member/{id_}")
    assert (gone.status_code, gone.json["version"]) == (200, 2)
    assert served.count("member") == 1
    assert head.names("member/") == []
    assert head.names("member/", "(retired:!t)") == ["张三"]
    assert head.get(f"member/{id_}").json["retired_at"] is not None, "it stays readable"
    error(head.put(f"member/{id_}", {"score": 7, "version": 2}), 409)
    assert head.post(f"member/{id_}/restore", None).status_code == 200
    assert head.names("member/") == ["张三"]


def test_deleting_from_an_old_version_is_refused(served: Served) -> None:
    head, id_ = served.as_("head"), served.member("张三")
    head.put(f"member/{id_}", {"score": 7, "version": 1})
    assert error(head.delete(f"member/{id_}", headers={"If-Match": '"1"'}), 412)["id"] == "stale"
    assert head.delete(f"member/{id_}", headers={"If-Match": '"2"'}).status_code == 200


def test_history_tells_who_changed_what(served: Served) -> None:
    head, id_ = served.as_("head"), served.member("张三", who="north", score="5")
    head.put(f"member/{id_}", {"score": 6, "version": 1, "reason": "记错了"})
    found = head.get(f"member/{id_}/timeline").json
    assert [(one["action"], one["by"], one["reason"]) for one in found["result"]] == [
        ("edit", "head", "记错了"),
        ("create", "north", ""),
    ]
    assert found["result"][0]["changes"] == [
        {"field": "score", "label": "积分", "old": 5, "new": 6}
    ]
    assert found["result"][0]["place"].startswith("config/roles.yaml:")
    assert found["next"] is None
    older = head.get(f"member/{id_}/timeline", f"(before:{found['result'][0]['id']})").json[
        "result"
    ]
    assert [one["action"] for one in older] == ["create"]


def test_history_keeps_masked_what_the_record_does(served: Served) -> None:
    id_ = served.member("张三", phone="13812345678", vip="yes", reason_vip="老读者")
    clear = served.as_("head").get(f"member/{id_}/timeline").text
    masked = served.as_("north").get(f"member/{id_}/timeline").text
    assert "13812345678" in clear
    assert "13812345678" not in masked and HIDDEN in masked


def test_a_private_value_is_masked_for_whom_it_is_and_survives_being_sent_back(
    served: Served,
) -> None:
    id_ = served.member("张三", who="north", phone="13812345678", vip="yes", reason_vip="老读者")
    north = served.as_("north")
    read = north.get(f"member/{id_}").json
    assert (read["result"]["phone"], read["masked"]) == ("138****78", ["phone"])
    listed = north.get("member/").json
    assert listed["result"][0]["phone"] == "138****78"
    assert listed["masked"] == {str(id_): ["phone"]}
    saved = north.put(f"member/{id_}", {"phone": "138****78", "score": 3, "version": 1})
    assert saved.status_code == 200, saved.text
    assert served.as_("head").get(f"member/{id_}").json["result"]["phone"] == "13812345678"


def test_a_record_that_is_missing_and_one_of_others_are_the_same(served: Served) -> None:
    south, north = served.as_("south"), served.member("张三")
    for method, path, body in (
        ("GET", "member/{}", None),
        ("GET", "member/{}/timeline", None),
        ("PUT", "member/{}", {"score": 1, "version": 1}),
        ("PUT", "member/{}", {"nothing": 1, "version": 1}),
    ):
        theirs = south.send(method, path.format(north), json=body)
        missing = south.send(method, path.format(MISSING), json=body)
        error(theirs, 404)
        assert (theirs.status_code, theirs.json) == (missing.status_code, missing.json)


@pytest.mark.parametrize(
    "id_",
    [
        "0",
        "-1",
        "1.5",
        "1e3",
        "0x1",
        "９",
        "01",
        "+1",
        "9" * 20,
        str(2**63),
        "x",
        "1;drop",
        "1 ",
        "None",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_id_that_is_none_is_not_found(served: Served, method: str, id_: str) -> None:
    served.member("张三")
    error(served.as_("head").send(method, f"member/{id_}", json={"version": 1, "name": "x"}), 404)


def test_a_ref_is_chosen_by_typing_among_what_one_may_see(served: Served) -> None:
    north, south = served.member("张三"), served.member("张四", "south")
    found = served.as_("head").get("loan/related/member", "(search:'张')").json["result"]
    assert {one["id"] for one in found} == {north, south}
    assert served.as_("north").get("loan/related/member").json["result"] == [
        {"id": north, "title": "张三"}
    ]
    asked = (
        served.as_("north").get("loan/related/member", f"(ids:!({north},{south}))").json["result"]
    )
    assert [one["id"] for one in asked] == [north]


def test_an_id_too_large_for_its_table_is_no_choice(served: Served) -> None:
    head = served.as_("head")
    assert head.get("member/related/branch", f"(ids:!({2**62}))").json["result"] == []
    told = error(head.post("member/", {"name": "某人", "branch": 2**62}), 422)
    assert set(told["fields"]) == {"branch"}


@pytest.mark.parametrize("field", ["from_day", "nothing", "id", "created_by"])
def test_what_is_no_ref_has_no_choices(served: Served, field: str) -> None:
    error(served.as_("head").get(f"loan/related/{field}"), 404)


@pytest.mark.parametrize(
    "q", ["(ids:x)", "(ids:!(x))", "(ids:!(0))", "(search:!(a))", "(filter:a)", "(ids:!(1.5))"]
)
def test_asking_for_choices_wrongly_is_told(served: Served, q: str) -> None:
    error(served.as_("head").get("loan/related/member", q), 400)


def test_info_tells_what_one_may_do_and_names_no_row(served: Served) -> None:
    served.member("张三")
    told = served.as_("north").get("loan/_info").json
    assert set(told["permissions"]) == {"can_read", "can_create", "can_edit"}
    fields = {one["name"]: one for one in told["add_columns"]}
    assert fields["member"]["related"] == "/api/v1/loan/related/member"
    assert (fields["from_day"]["required"], fields["from_day"]["type"]) == (True, "date")
    assert "张三" not in str(told)
    guest = served.as_("guest").get("book/_info", "(keys:!(add_columns,permissions))").json
    assert guest == {"add_columns": [], "permissions": ["can_read"]}


def test_info_names_no_filter_on_a_field_that_is_not_seen_in_full(served: Served) -> None:
    assert "phone" in served.as_("head").get("member/_info").json["filters"]
    filters = served.as_("north").get("member/_info").json["filters"]
    assert "phone" not in filters
    assert {"operator": "eq", "name": "等于"} in filters["vip"]
