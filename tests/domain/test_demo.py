"""Demo data goes in as people's own work does: checked, in somebody's name, at its own time, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select

from app.domain import queries
from app.domain.accounts import find_account
from app.domain.context import SYSTEM, Context
from app.domain.demo import AlreadyFilled, load_demo
from app.domain.demo_rows import DemoProblem, read_rows
from app.domain.history import read_history
from app.domain.people import actor_of_user, find_person
from app.manifest.load import load_files
from app.schema.build import Schema, build_schema
from app.schema.engine import engine as make_engine
from app.schema.engine import writing
from app.schema.platform import platform
from tests.domain.desk import SITE, create_tables

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday 12:00 in Shanghai
PASSWORD = "Wind-Mill-47-North"
ORGANIZATION = """
organization:
  departments:
    north: { label: 北馆, kind: department }
  posts:
    gate: { label: 门卫, department: north }
  people:
    fields:
      member: { label: 读者, type: ref, to: member }
      night: { label: 夜班, type: yes_no }
"""
USERS = """
users:
  - { username: desk_1, name: 一号台, roles: [clerk], department: north, post: gate }
  - { username: reader_1, name: 读者甲, roles: [guest], fields: { member: "@1", night: yes } }
"""
MEMBERS: list[Mapping[str, object]] = [
    {
        "name": "甲",
        "branch": "north",
        "born": "today - 1 day",
        "tags": ["law"],
        "_at": "2025-12-31 09:30",
        "_by": "desk_1",
    },
    {"name": "乙", "branch": "north", "rate": 5.5, "_at": "today - 3 days 10:20"},
]
LOANS: list[Mapping[str, object]] = [{"member": "@2", "books": ["算经"], "from_day": "today"}]
BOOKS: list[Mapping[str, object]] = [{"name": "算经"}]


@dataclass(frozen=True)
class Hall:
    """The desk's site, empty, and a folder for its demo data."""

    engine: Engine
    schema: Schema
    folder: Path

    @contextmanager
    def context(self) -> Iterator[Context]:
        with writing(self.engine) as session:
            yield Context(self.schema.manifest, self.schema, session, SYSTEM, NOON, release=3)

    def write(self, entity: str, rows: list[Mapping[str, object]]) -> None:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (self.folder / f"{entity}.jsonl").write_text("".join(lines), encoding="utf-8")

    def load(self) -> list[tuple[str, int, int]]:
        """Loads the folder; what was told of the progress."""
        told: list[tuple[str, int, int]] = []
        with self.context() as context:
            load_demo(context, self.folder, PASSWORD, lambda *words: told.append(words))
        return told

    def refusal(self) -> str:
        """Why the folder can't be loaded; nothing may be left of it."""
        with pytest.raises(DemoProblem) as problem:
            self.load()
        assert self.count("member") == 0
        assert self.people() == 0
        return str(problem.value)

    def count(self, entity: str) -> int:
        with self.context() as context:
            found = context.session.scalar(
                select(func.count()).select_from(self.schema.tables[entity])
            )
        return int(found or 0)

    def people(self) -> int:
        with self.context() as context:
            return int(context.session.scalar(select(func.count()).select_from(platform.user)) or 0)


@pytest.fixture
def hall(any_url: str, tmp_path: Path) -> Iterator[Hall]:
    files = {**SITE, "config/organization.yaml": ORGANIZATION}
    loaded = load_files({path: text.encode() for path, text in files.items()})
    assert loaded.manifest is not None, loaded.problems
    engine, schema = make_engine(any_url), build_schema(loaded.manifest)
    create_tables(engine, schema)
    with writing(engine) as session:
        row = {"key": "north", "label": "北馆", "kind": "department", "position": 0}
        north = session.execute(
            insert(platform.department).values(row).returning(platform.department.c.id)
        ).scalar_one()
        gate = {"key": "gate", "label": "门卫", "department_id": north, "position": 0}
        session.execute(insert(platform.post).values(gate))
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "users.yaml").write_text(USERS, encoding="utf-8")
    made = Hall(engine, schema, folder)
    for entity, rows in (("member", MEMBERS), ("loan", LOANS), ("book", BOOKS)):
        made.write(entity, rows)
    yield made
    schema.dispose()
    engine.dispose()


def test_everything_is_stored_and_the_progress_told(hall: Hall) -> None:
    assert hall.load() == [
        ("user", 1, 2),
        ("user", 2, 2),
        ("book", 1, 1),  # what is referred to comes first, whatever the files are called
        ("member", 2, 2),
        ("loan", 1, 1),
    ]
    assert (hall.count("member"), hall.count("loan"), hall.people()) == (2, 1, 2)


def test_a_row_is_registered_by_whom_and_when_it_says(hall: Hall) -> None:
    hall.load()
    with hall.context() as context:
        row = queries.find(context, "member", 1)
        (entry,) = read_history(context, context.manifest.entities["member"], 1)
    assert row.values["created_at"] == datetime(2025, 12, 31, 1, 30, tzinfo=UTC)
    assert row.labels["created_by"] == "一号台"
    assert (entry.by, entry.action, entry.release) == ("一号台", "create", 3)
    assert str(row.values["born"]) == "2026-03-01"  # `today` is the day of loading


def test_a_row_without_more_is_the_program_s_own_and_of_now(hall: Hall) -> None:
    hall.load()
    with hall.context() as context:
        (entry,) = read_history(context, context.manifest.entities["book"], 1)
    assert (entry.by, entry.at) == ("系统", NOON)


def test_refs_lead_to_lines_titles_and_keys(hall: Hall) -> None:
    hall.load()
    with hall.context() as context:
        loan = queries.find(context, "loan", 1)
        member = queries.find(context, "member", 2)
    assert loan.labels["member"] == "乙"
    assert loan.labels["books"] == ("算经",)
    assert member.labels["branch"] == "北馆"
    assert str(member.values["rate"]) == "5.50"


def test_people_get_role_department_post_and_their_own_fields(hall: Hall) -> None:
    hall.load()
    with hall.context() as context:
        ids = dict(
            context.session.execute(select(platform.user.c.username, platform.user.c.id)).all()
        )
        desk = actor_of_user(context.session, context.schema, ids["desk_1"])
        reader = find_person(context.session, context.schema, ids["reader_1"])
        assert not find_account(context, ids["desk_1"]).must_change_password
    assert (desk.roles, desk.department_key) == ({"clerk"}, "north")
    assert desk.post_keys == {"gate"}
    assert dict(reader.fields) == {"member": 1, "night": True}


def test_what_was_stored_can_be_found_by_searching(hall: Hall) -> None:
    hall.load()
    with hall.context() as context:
        assert [option.label for option in queries.options(context, "book", "算")] == ["算经"]


def test_a_declared_row_may_be_edited_instead_of_made(hall: Hall) -> None:
    hall.write("book", [{"name": "算经"}, {"_edit": "算经", "price": "12.50"}])
    hall.load()
    assert hall.count("book") == 1
    with hall.context() as context:
        row = queries.find(context, "book", 1)
    assert (str(row.values["price"]), row.version) == ("12.50", 2)


def test_a_site_with_records_is_left_alone(hall: Hall) -> None:
    hall.load()
    with pytest.raises(AlreadyFilled, match="已有登记的记录"):
        hall.load()
    assert (hall.count("member"), hall.people()) == (2, 2)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"name": "丙"}, "demo/member.jsonl:1：请填写“所属馆”"),
        ({"name": "丙", "branch": "north", "born": "2026-02-30"}, "demo/member.jsonl:1：“生日”"),
        ({"name": "丙", "branch": "west"}, "demo/member.jsonl:1：“所属馆”找不到“west”"),
        ({"name": "丙", "branch": 1}, 'demo/member.jsonl:1：“所属馆”应写成 "@行号" 或名称'),
        (
            {"name": "丙", "branch": "north", "wage": 1},
            "demo/member.jsonl:1：“读者”没有“wage”这个字段",
        ),
        ({"name": "丙", "branch": "north", "_at": "soon"}, "_at 的“soon”不是时间"),
        ({"name": "丙", "branch": "north", "_at": "today - 99999 years"}, "不是时间"),
        ({"name": "丙", "branch": "north", "_at": "today 25:00"}, "不是时间"),
        ({"name": "丙", "branch": "north", "_at": 3}, "_at、_by、_edit，值是文字"),
        ({"name": "丙", "branch": "north", "_when": "today"}, "_at、_by、_edit"),
        ({"name": "丙", "branch": "north", "_by": "ghost"}, "没有演示账号“ghost”"),
        ({"name": "丙", "branch": "north", "score": 1001}, "积分不得超过一千"),
        ({"_edit": "丁", "score": 1}, "没有“丁”这个记录"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line_and_leaves_nothing(
    hall: Hall, row: Mapping[str, object], says: str
) -> None:
    hall.write("member", [row])
    assert says in hall.refusal()


def test_a_line_that_comes_later_cannot_be_referred_to(hall: Hall) -> None:
    hall.write("loan", [{"member": "@3"}])
    assert hall.refusal() == "demo/loan.jsonl:1：“读者”找不到“@3”（须恰好一条）"


@pytest.mark.parametrize("text", ["{", "[]", "7", '"x"', "{'a': 1}", "[" * 100_000])
def test_what_is_no_object_is_named_by_its_line(hall: Hall, text: str) -> None:
    (hall.folder / "member.jsonl").write_text(f"\n{text}\n", encoding="utf-8")
    assert hall.refusal() == "demo/member.jsonl:2 不是一个 JSON 对象"


def test_a_file_in_another_encoding_or_of_another_site_is_named(hall: Hall) -> None:
    (hall.folder / "member.jsonl").write_bytes('{"name": "丙"}'.encode("gbk"))
    assert "demo/member.jsonl 读不了，应为 UTF-8 文本" in hall.refusal()
    hall.write("member", [])
    hall.write("ship", [{"name": "丙"}])
    assert hall.refusal() == "demo/ship.jsonl：站点里没有“ship”这个实体"


@pytest.mark.parametrize(
    ("users", "says"),
    [
        ("users: [", "demo/users.yaml 读不懂"),
        ("people: []", "demo/users.yaml 读不懂"),
        ("users: [ { name: 无名 } ]", "demo/users.yaml 读不懂"),
        ("users: [ 甲 ]", "demo/users.yaml 读不懂"),
        ("users: [ { username: u1, name: 甲, roles: [boss] } ]", "u1：没有这个角色：boss"),
        ("users: [ { username: u1, name: 甲, department: west } ]", "u1：没有“west”这个部门"),
        ("users: [ { username: u1, name: 甲, post: king } ]", "u1：没有“king”这个岗位"),
        ("users: [ { username: 'a b', name: 甲 } ]", "用户名只能用"),
        (
            "users: [ { username: u1, name: 甲 }, { username: u1, name: 乙 } ]",
            "u1：已有账号使用这个用户名",
        ),
        ("users: [ { username: u1, name: 甲, fields: { shoe: 42 } } ]", "没有“shoe”这个人员字段"),
        ("users: [ { username: u1, name: 甲, fields: { night: 42 } } ]", "u1：“夜班”"),
        ("users: [ { username: u1, name: 甲, fields: { member: '@99' } } ]", "“读者”找不到“@99”"),
    ],
)
def test_bad_people_are_named_and_leave_nothing(hall: Hall, users: str, says: str) -> None:
    (hall.folder / "users.yaml").write_text(users, encoding="utf-8")
    hall.write("member", MEMBERS[1:])
    hall.write("loan", [])
    assert says in hall.refusal()


def test_a_folder_without_people_or_rows_does_nothing(hall: Hall) -> None:
    for file in hall.folder.iterdir():
        file.unlink()
    assert hall.load() == []


def test_refs_in_a_circle_have_an_order_all_the_same(hall: Hall) -> None:
    hall.write("loan", [{"member": "@1"}, {"member": "@2", "before": "@1"}])
    rows = read_rows(hall.folder, hall.schema.manifest)
    assert list(rows) == ["book", "member", "loan"]
    hall.load()
    with hall.context() as context:
        assert queries.find(context, "loan", 2).values["before"] == 1
