"""Searching by parts of words: just the right rows, whatever is typed, however often it occurs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert, select, update

from app.schema import search_index
from app.schema.build import Schema, build_schema
from app.schema.engine import writing_engine
from app.schema.grams import normal, terms
from app.schema.pinyin import initials
from app.schema.pinyin_letters import FIRST, LETTERS
from app.schema.search_index import capped_count, search
from app.schema.search_write import rebuild_search, write_search, write_searches
from tests.factory import create_tables, entity, field, manifest

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SITE = manifest(
    entity(
        "firm",
        field("name", search=True),
        field("note", "note", search=True),
        field("tags", "lines", search=True),
        field("phone", "phone", search=True, private=True),
        field("secret", private=True),
        title="name",
        number="F",
    )
)


@dataclass
class Desk:
    connection: Connection
    schema: Schema

    def add(self, **values: object) -> int:
        table = self.schema.tables["firm"]
        row = insert(table).values(created_at=NOW, changed_at=NOW, **values).returning(table.c.id)
        record = int(self.connection.execute(row).scalar_one())
        write_search(self.connection, self.schema, "firm", record)
        return record

    def change(self, record: int, **values: object) -> None:
        table = self.schema.tables["firm"]
        self.connection.execute(update(table).where(table.c.id == record).values(values))
        write_search(self.connection, self.schema, "firm", record)

    def found(self, typed: str, **how: object) -> list[int]:
        table = self.schema.tables["firm"]
        clause = search(self.connection, self.schema, "firm", typed, **how).clause  # type: ignore[arg-type]
        return list(self.connection.scalars(select(table.c.id).where(clause).order_by(table.c.id)))


@pytest.fixture
def desk(engine: Engine) -> Iterator[Desk]:
    schema = build_schema(SITE)
    create_tables(engine, schema)
    with writing_engine(engine).begin() as connection:
        yield Desk(connection, schema)


@pytest.fixture(params=["fetched", "walked"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few matches are fetched from the index; of many, the rows are walked."""
    if request.param == "walked":
        monkeypatch.setattr(search_index, "FEW", -1)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("服务", [1, 2]),
        ("企业服务", [1]),
        ("业服", [1]),
        ("务中", [1, 2]),
        ("服", [1, 2]),
        ("心", [1, 2]),
        ("企业 中心", [1]),
        ("abc", [3]),
        ("ＡＢＣ", [3]),
        ("Ab", [3]),
        ("c公", [3]),
        ("F-2026-0001", [1]),
        ("0003", [3]),
        ("100%", [4]),
        ("a_b", [4]),
        ("'; --", []),
        ("\\", [4]),
        ("㐂𠮷", [5]),
        ("𠮷", [5]),
        ("节水", [5]),
        ("企心", []),
        ("业服 心", [1]),
        ("AND", []),
        ('"', []),
        ("*", []),
    ],
)
def test_rows_hold_what_was_typed(desk: Desk, typed: str, wanted: list[int]) -> None:
    desk.add(name="企业服务中心", number="F-2026-0001")
    desk.add(name="政务服务中心", number="F-2026-0002")
    desk.add(name="ABC公司", number="F-2026-0003")
    desk.add(name="100% a_b \\ x", number=None)
    desk.add(name="㐂𠮷", tags=("节水", "节能"))
    assert desk.found(typed) == wanted


def test_what_is_typed_in_two_fields_must_not_run_together(desk: Desk) -> None:
    desk.add(name="企业", note="服务")
    assert desk.found("业服") == []
    assert desk.found("企业 服务") == [1]


def test_the_index_follows_the_record(desk: Desk) -> None:
    record = desk.add(name="企业服务")
    desk.change(record, name="政务大厅")
    assert desk.found("企业") == []
    assert desk.found("大厅") == [record]
    desk.change(record, retired_at=NOW)
    assert desk.found("大厅") == []
    desk.change(record, retired_at=None, name=None)
    assert desk.found("大厅") == []
    desk.change(record, name="大厅")
    assert desk.found("大厅") == [record]


def test_an_index_filled_anew_finds_the_same(desk: Desk) -> None:
    table = desk.schema.tables["firm"]
    names = [f"企业{number}" for number in range(20)]
    rows = [{"name": name, "created_at": NOW, "changed_at": NOW} for name in names]
    desk.connection.execute(insert(table), rows)
    assert desk.found("企业") == []
    index = desk.schema.searches["firm"][0]
    for _ in range(2):
        assert rebuild_search(desk.connection, desk.schema, index) == 20
        assert len(desk.found("企业")) == 20
    write_searches(desk.connection, desk.schema, "firm", list(range(1, 21)))
    assert len(desk.found("企业1")) == 11


def test_a_private_field_is_found_only_by_who_may_ask_it(desk: Desk) -> None:
    record = desk.add(name="企业", phone="13800001234")
    assert desk.found("0001") == []
    assert desk.found("13800001234") == []
    assert desk.found("0001", parts=("phone",)) == [record]
    assert desk.found("企业", parts=("phone",)) == []
    assert desk.found("0001", parts=("", "phone")) == [record]


def test_a_field_that_isn_t_searched_is_not_found(desk: Desk) -> None:
    desk.add(name="企业", secret="绝密文件")
    assert desk.found("绝密") == []
    assert desk.found("绝密", parts=("", "phone", "secret")) == []


@pytest.mark.usefixtures("either_way")
def test_initials_find_a_title_where_they_are_asked_for(desk: Desk) -> None:
    desk.add(name="重庆长安公司")
    desk.add(name="qy配件")
    assert desk.found("cqca") == []
    assert desk.found("cqca", initials=True) == [1]
    assert desk.found("zqza", initials=True) == [1]
    assert desk.found("qy", initials=True) == [2]
    assert desk.found("cag", initials=True) == [1]


def test_nothing_typed_finds_everything(desk: Desk) -> None:
    desk.add(name="企业")
    assert desk.found("   ") == [1]


def test_counts_stop_at_the_cap(desk: Desk) -> None:
    for number in range(12):
        desk.add(name=f"企业{number}")
    table = desk.schema.tables["firm"]
    found = search(desk.connection, desk.schema, "firm", "企业")
    live = [table.c.retired_at.is_(None)]
    assert capped_count(desk.connection, found, table, live, cap=100) == 12
    assert capped_count(desk.connection, found, table, live, cap=10) == 11
    some = [*live, table.c.id > 7]
    assert capped_count(desk.connection, found, table, some, cap=100) == 5


WORDS = st.text(alphabet="企业服务aB1- %_𠮷", min_size=0, max_size=6)


@settings(max_examples=60)
@given(texts=st.lists(WORDS, min_size=1, max_size=4), typed=WORDS, few=st.booleans())
def test_search_is_containment_of_every_word(texts: list[str], typed: str, few: bool) -> None:
    """The law, on SQLite in memory: a row is found exactly when its text holds each word typed."""
    from app.schema.engine import engine as make_engine

    engine = make_engine("sqlite://")
    schema = build_schema(SITE, mapped=False)
    create_tables(engine, schema)
    before, search_index.FEW = search_index.FEW, (search_index.FEW if few else -1)
    try:
        with engine.begin() as connection:
            desk = Desk(connection, schema)
            ids = {desk.add(name=text): text for text in texts}
            wanted = [
                id_
                for id_, text in ids.items()
                if all(term in normal(text) for term in terms(typed))
            ]
            assert desk.found(typed) == wanted
    finally:
        search_index.FEW = before
        engine.dispose()


def test_letters_are_those_of_pypinyin() -> None:
    from pypinyin import Style, lazy_pinyin

    for text in ("企业服务中心", "高新技术产业开发区", "水电气联合处置", "龘靐齉"):
        letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
        assert letters in initials(text).split()
    assert len(LETTERS) == 0x9FFF - FIRST + 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("重庆", "zq cq"),
        ("银行", "yh yx"),
        ("ABC公司3号", "abcgs3h"),
        ("（）—", ""),
        ("", ""),
    ],
)
def test_initials_of_characters_with_two_readings(text: str, wanted: str) -> None:
    assert set(initials(text).split()) == set(wanted.split())


def test_many_characters_with_two_readings_have_a_bounded_number_of_initials() -> None:
    assert len(initials("重行长乐单曾" * 3).split()) <= 8
