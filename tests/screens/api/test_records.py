"""A program makes, reads, changes and retires records."""

from __future__ import annotations

from tests.screens.api.served import Served


def test_a_record_is_made_and_read_back(served: Served) -> None:
    head = served.as_("head")
    north = served.desk.departments["north"]
    made = head.post("member/", {"name": "张三", "branch": north, "rate": "12.5", "tags": ["law", "art"]})
    assert made.status_code == 201, made.text
    id_ = made.json["id"]
    assert made.headers["Location"] == f"/api/v1/member/{id_}"
    read = head.get(f"member/{id_}")
    assert read.status_code == 200
    result = read.json["result"]
    assert result["branch"] == {"id": north, "title": "北馆"}
    assert (result["rate"], result["tags"], result["vip"]) == ("12.50", ["art", "law"], False)
    assert result["created_at"].endswith("Z")
    assert read.headers["ETag"] == '"1"'
