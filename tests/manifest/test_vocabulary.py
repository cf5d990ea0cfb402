"""What conditions may name: the same while a site is loaded and when it is live."""

from __future__ import annotations

from app.condition.check import read
from app.condition.vocabulary import Kind
from app.manifest.load import load_files
from app.manifest.notices import INACTIVE_FILES, INACTIVE_NOUNS, INACTIVE_TRAITS, INACTIVE_VERBS
from app.manifest.vocabulary import SiteVocabulary, site_vocabulary
from app.place import Place
from tests.manifest.examples import base_files

HERE = Place("typed", 1, 1)
ASSET = """\
entity: asset
label: 设备
workflow: handling
fields:
  code: { label: 编号, type: code }
  price: { label: 单价, type: money, unit: 元 }
  keeper: { label: 保管人, type: ref, to: user }
  channel: { label: 渠道, type: choice, choices: channel }
dispatch:
  on: handling
  parties:
    team: { label: 班组, to: keeper.department }
items:
  - { code: P1 }
title: code
""".encode()


def vocabulary() -> SiteVocabulary:
    manifest = load_files({**base_files(), "catalogs/asset.yaml": ASSET}).manifest
    assert manifest is not None
    return site_vocabulary(manifest)


def reads(text: str, entity: str = "asset") -> frozenset[str] | list[str]:
    """The paths that a condition depends on, or the ids of what is wrong with it."""
    checked = read(text, vocabulary(), entity, place=HERE)
    if checked.condition is None:
        return [problem.id for problem in checked.problems]
    return checked.condition.reads


def test_declared_and_system_fields_stand_side_by_side() -> None:
    fields = vocabulary().fields("asset")
    assert fields["price"].kind is Kind.MONEY
    assert (fields["price"].unit, fields["price"].places) == ("元", 2)
    assert fields["created_by"].targets == ("user",)
    assert [option.key for option in fields["state"].options] == ["received", "handling", "closed"]
    assert [option.key for option in fields["channel"].options] == ["phone", "visit", "fax"]


def test_a_party_reads_like_a_ref_with_the_facts_of_its_work() -> None:
    fields = vocabulary().fields("asset")
    assert fields["team"].targets == ("department",)
    assert fields["team.accepted_at"].kind is Kind.DATETIME
    assert reads("team is my.department and team.accepted_at is set") == {
        "team",
        "team.accepted_at",
    }


def test_people_departments_and_posts_can_be_looked_through() -> None:
    assert reads("created_by.department is sales") == {"created_by.department"}
    assert reads("keeper.shift is night") == {"keeper.shift"}
    assert reads("shift is my.shift", "user") == {"shift"}
    assert reads("created_by.department is nowhere") == ["CON204"]


def test_a_row_may_be_compared_with_a_code_and_with_me() -> None:
    words = vocabulary()
    assert words.code_field("asset") == "code"
    assert words.codes("asset") == {"P1": "P1"}
    assert words.codes("department")["sales"] == "销售部"
    assert words.closed("department")
    assert not words.closed("asset")
    assert reads("keeper is me") == {"keeper"}


def test_a_live_site_has_nothing_unread() -> None:
    assert not vocabulary().unread("asset", "anything")
    assert reads("anything is 3") == ["CON201"]


def test_what_does_nothing_yet_is_told_once_where_it_is_said_first() -> None:
    two = {f"catalogs/{name}.yaml": ASSET.replace(b"asset", name.encode()) for name in ("aa", "bb")}
    site = load_files({**base_files(), **two})
    assert site.problems == ()
    told = [notice for notice in site.notices if notice.id == "NTC101"]
    said = {"workflow", "dispatch"} & set(INACTIVE_TRAITS) | {"export"} & set(INACTIVE_VERBS)
    assert {notice.message.partition("（")[0] for notice in told} == said
    assert {notice.place.file for notice in told} <= {"catalogs/aa.yaml", "config/roles.yaml"}
    assert set(INACTIVE_FILES) <= {"escalations", "assessments", "dashboards", "messages"}


def test_a_grant_that_opens_nothing_yet_is_told_and_one_that_does_is_not() -> None:
    roles = """\
roles:
  keeper: { label: 保管员, can: { asset: [read, import], release: [read] } }
  second: { label: 副手, can: { asset: [read, import] } }
  watcher: { label: 审计员, can: { audit: [read, export] } }
"""
    site = load_files(
        {**base_files(), "catalogs/asset.yaml": ASSET, "config/roles.yaml": roles.encode()}
    )
    told = [
        (notice.message.partition("（")[0], notice.place.line)
        for notice in site.notices
        if notice.id == "NTC101" and notice.place.file == "config/roles.yaml"
    ]
    inactive = {"import", "release"} & (set(INACTIVE_VERBS) | set(INACTIVE_NOUNS))
    assert told == [(key, 2) for key in ("import", "release") if key in inactive]
