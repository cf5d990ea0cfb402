"""A site is read as a whole: what is wrong is told at once, once, and nothing stands in the way of the rest."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.manifest.load import Loaded, load_files, load_site
from app.manifest.model.calendars import Segment
from app.manifest.model.manifest import Manifest
from app.manifest.model.values import Duration, Unit
from tests.manifest.examples import FOLDER, base_files

MINIMAL = {
    "config/site.yaml": "site: { format: 1, name: 小站 }\n".encode(),
    "catalogs/book.yaml": "entity: book\nlabel: 书\nfields: { name: { label: 书名, type: text } }\n".encode(),
}


def read(**files: str) -> Loaded:
    """The base site with files laid over it; `__` stands for a slash."""
    laid = {name.replace("__", "/") + ".yaml": text.encode() for name, text in files.items()}
    return load_files({**base_files(), **laid})


def good(**files: str) -> Manifest:
    site = read(**files)
    assert site.problems == ()
    assert site.manifest is not None
    return site.manifest


def ids(site: Loaded) -> list[str]:
    return [problem.id for problem in site.problems]


def asset(fields: str, more: str = "") -> str:
    return f"entity: asset\nlabel: 设备\nfields:\n{fields}{more}"


def test_a_site_and_one_entity_are_enough() -> None:
    manifest = load_files(MINIMAL).manifest
    assert manifest is not None
    assert list(manifest.entities) == ["book"]
    assert manifest.site.timezone == "Asia/Shanghai"


def test_a_folder_and_its_files_give_the_same(tmp_path: Path) -> None:
    for path, content in base_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert load_site(tmp_path).manifest == load_files(base_files()).manifest


def test_a_release_can_be_read_from_the_files_that_a_manifest_keeps() -> None:
    first = good()
    assert load_files(first.files).manifest == first


def test_a_manifest_is_frozen() -> None:
    manifest = good()
    with pytest.raises(FrozenInstanceError):
        manifest.site.name = "别名"  # type: ignore[misc]
    with pytest.raises(TypeError):
        manifest.entities["x"] = manifest.entities["request"]  # type: ignore[index]


def test_problems_of_all_files_are_told_at_once_in_order_of_their_places() -> None:
    site = read(
        config__site="site: { format: 1, name: 站, calendar: ofice }\n",
        config__dictionaries="dictionaries: { channel: { label: 渠道, choices: {} } }\n",
        catalogs__asset=asset("  name: { label: 名称, type: texts }\n  size: { label: 数 }\n"),
        catalogs__broken="entity: broken\nlabel: [\n",
    )
    assert ids(site) == ["VAL119", "VAL104", "SRC136", "DIC101", "LNK101"]
    assert [p.place for p in site.problems] == sorted(p.place for p in site.problems)


def test_what_a_broken_file_would_have_said_is_not_missed_elsewhere() -> None:
    site = read(catalogs__customer="entity: customer\nlabel: 客户: x\n")
    assert ids(site) == ["SRC133"]
    site = read(config__organization="organization: [\n")
    assert ids(site) == ["SRC136"]
    site = read(workflows="workflows:\n\thandling: {}\n")
    assert ids(site) == ["SRC107"]


def test_a_field_that_was_refused_is_not_unknown_elsewhere() -> None:
    fields = "  name: { label: 名称, type: texts }\n  size: { label: 数量, type: integer }\n"
    site = read(catalogs__asset=asset(fields, "list: [name, size]\ntitle: name\n"))
    assert ids(site) == ["VAL119"]
    site = read(catalogs__asset=asset(fields, "list: [nmae, size]\n"))
    assert ids(site) == ["VAL119", "LNK110"]


def test_a_condition_is_faulted_at_its_own_column() -> None:
    head = "roles:\n  chief: { label: 主管 }\n  clerk:\n    label: 经办人\n    can: { request: [read] }\n"
    site = read(config__roles=head + "    sees: { request: grade is urgent and grde is normal }\n")
    assert [(str(p.place), p.id) for p in site.problems] == [("config/roles.yaml:6:42", "CON201")]
    assert "grade" in site.problems[0].hint


def test_conditions_are_checked_against_field_types() -> None:
    head = "roles:\n  chief: { label: 主管 }\n  clerk:\n    label: 经办人\n    can: { request: [read] }\n"
    for condition, right in (("grade is urgent", True), ("grade is 3", False), ("begins > today", True),
                             ("begins > 3", False), ("customer.owner is my.department", True)):  # fmt: skip
        site = read(config__roles=f'{head}    sees: {{ request: "{condition}" }}\n')
        assert (site.manifest is not None) == right, condition


def test_values_are_typed_by_their_fields() -> None:
    fields = """\
  code: { label: 编号, type: code }
  at: { label: 时刻, type: datetime }
  price: { label: 价, type: money }
  share: { label: 占比, type: percent }
  promise: { label: 时限, type: duration }
  due: { label: 日期, type: date }
  ok: { label: 可, type: yes_no }
  tags: { label: 标签, type: choices, choices: { a: 甲, b: 乙 } }
  papers: { label: 材料, type: lines }
  owner: { label: 主人, type: ref, to: customer }
  note: { label: 字, type: text, default: 0010 }
"""
    rows = """\
items:
  - { code: 0010, at: 2026-03-02 09:00, price: 3.10, share: 60%, promise: 0 workdays, due: 2026-03-02,
      ok: no, tags: [b, a], papers: [一, 二], owner: A01, note: on }
"""
    entity = good(catalogs__asset=asset(fields, rows)).entities["asset"]
    item = entity.items[0]
    assert item.code == "0010"
    assert item.values == {
        "code": "0010",
        "at": datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
        "price": Decimal("3.10"),
        "share": Decimal("60"),
        "promise": Duration(0, Unit.WORKDAYS),
        "due": date(2026, 3, 2),
        "ok": False,
        "tags": ("b", "a"),
        "papers": ("一", "二"),
        "owner": "A01",
        "note": "on",
    }
    assert entity.fields["note"].default == "0010"
    assert item.places["price"].column > item.place.column


def test_a_calendar_takes_over_what_it_is_based_on() -> None:
    calendars = good(
        config__calendars="""\
calendars:
  night:
    label: 夜班
    based_on: office
    week: { sat: ["22:00-06:00"], mon: ["09:00-10:00"] }
  office:
    label: 工作时间
    week: { mon-fri: ["14:00-17:30", "08:30-12:00"] }
    years: { 2026: { holidays: [2026-01-01..2026-01-03], workdays: [2026-01-04] } }
    sessions: { noon: { label: 午间, on: [sat, sun], at: "12:00-14:00", slot: 30m, capacity: 2 } }
  extended: { label: 延时, based_on: night }
  always: { label: 全天候, week: { mon-sun: ["00:00-24:00"] } }
"""
    ).calendars
    office, night, extended = calendars["office"], calendars["night"], calendars["extended"]
    assert office.week[0] == (Segment(510, 720), Segment(840, 1050))
    assert office.makeup == office.week[0]
    assert night.week[5] == (Segment(1320, 1800),)
    assert night.week[1] == ()
    assert night.makeup == (Segment(1320, 1800),)
    assert extended.week == night.week
    assert extended.years[2026].workdays == {date(2026, 1, 4)}
    assert extended.sessions["noon"].on == ("sat", "sun")
    assert calendars["always"].always
    assert not office.always


def test_an_entity_may_be_called_like_a_word_of_sql_and_refer_to_itself_and_in_a_circle() -> None:
    entities = good(
        catalogs__select="""\
entity: select
label: 选
fields:
  order: { label: 上级, type: ref, to: select }
  group: { label: 组, type: ref, to: table }
""",
        catalogs__table="entity: table\nlabel: 表\nfields: { select: { label: 选, type: ref, to: select } }\n",
    ).entities
    assert entities["select"].fields["order"].to == "select"
    assert entities["table"].fields["select"].to == "select"


def test_what_is_always_there_can_be_listed_without_being_declared() -> None:
    request = good().entities["request"]
    assert {
        "id",
        "number",
        "created_at",
        "created_by",
        "changed_at",
        "changed_by",
        "version",
    } < set(request.system)
    state = request.system["state"]
    assert [choice.key for choice in state.choices] == ["received", "handling", "closed"]
    assert "state" not in good().entities["customer"].system


def test_sites_and_examples_within_a_site_are_not_its_own(tmp_path: Path) -> None:
    for path, content in MINIMAL.items():
        for site in (tmp_path, tmp_path / "tests/other"):
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(content)
    (tmp_path / "tests/other/tests").mkdir()
    (tmp_path / "tests/other/tests/a.yaml").write_text("tests: nonsense\n", encoding="utf-8")
    (tmp_path / "tests/data.yaml").write_text("- [\n", encoding="utf-8")
    site = load_site(tmp_path)
    assert site.problems == ()
    assert set(site.lines) == set(MINIMAL)


def test_a_sites_own_tests_are_read(tmp_path: Path) -> None:
    for path, content in MINIMAL.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/a.yaml").write_text("tests: nonsense\n", encoding="utf-8")
    assert [str(p.place) for p in load_site(tmp_path).problems] == ["tests/a.yaml:1:8"]


def test_editors_leavings_and_notes_are_passed_over(tmp_path: Path) -> None:
    for path, content in MINIMAL.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    for name in (".book.yaml.swp", "book.yaml~", "README.md", ".DS_Store"):
        (tmp_path / "catalogs" / name).write_text("x", encoding="utf-8")
    assert load_site(tmp_path).problems == ()


@pytest.mark.parametrize(
    ("today", "told"), [(date(2026, 10, 31), 0), (date(2026, 11, 1), 1), (date(2027, 1, 1), 1)]
)
def test_a_year_without_published_holidays_is_told_from_november(today: date, told: int) -> None:
    site = load_site(FOLDER, today=today)
    assert site.problems == ()
    assert len([notice for notice in site.notices if notice.id == "NTC102"]) == told
