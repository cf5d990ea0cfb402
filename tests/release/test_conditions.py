"""Conditions that stand in records follow a rename, and keep what they name from going unnoticed."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from app.release.problems import NotPossible
from tests.release.shop import SITE, Files, add, applied, edited, planned, rows

TOOL, JOB = "catalogs/tool.yaml", "catalogs/job.yaml"
RULED = edited(
    SITE,
    (TOOL, "  fits:", "  rule: { label: 适用, type: condition, of: job }\n  fits:"),
    (TOOL, "fits: [walk_in, phone] }", 'rule: "grade in [urgent, normal]" }'),
)
SIZE = "  size: { label: 大小, type: text }\n"


def ruled(engine: Engine, rule: str) -> None:
    applied(engine, RULED)
    add(engine, RULED, "tool", code="T9", rule=rule)


def rules(engine: Engine, files: Files) -> dict[str, str]:
    return dict(rows(engine, files, "tool", "code", "rule"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "changes", "wanted"),
    [
        (
            'size is "size" and not (size is empty)',
            [(JOB, SIZE, "  bulk: { was: size, label: 大小, type: text }\n")],
            'bulk is "size" and not (bulk is empty)',
        ),
        (
            "grade is urgent or grade in [normal, urgent]",
            [(JOB, "urgent: 紧急", "hot: { label: 紧急, was: urgent }"), (TOOL, "grade in [urgent", "grade in [hot")],
            "grade is hot or grade in [normal, hot]",
        ),
        (
            "tool.name contains \"手\" and tool.owner is bench",
            [
                (JOB, "  tool: {", "  gear: { was: tool,"),
                (TOOL, "  name: {", "  title: { was: name,"),
                (TOOL, "title: name", "title: title"),
                (TOOL, "list: [code, name]", "list: [code, title]"),
                (TOOL, "name: 扳手", "title: 扳手"),
                (TOOL, "name: 套筒", "title: 套筒"),
                ("config/organization.yaml", "    bench: {", "    table: { was: bench,"),
                ("config/organization.yaml", "department: bench", "department: table"),
                (TOOL, "owner: bench", "owner: table"),
            ],
            "gear.title contains \"手\" and gear.owner is table",
        ),
    ],
)  # fmt: skip
def test_a_condition_follows_what_it_names(
    engine: Engine, rule: str, changes: list[tuple[str, str, str]], wanted: str
) -> None:
    ruled(engine, rule)
    renamed = edited(RULED, *changes)
    assert "condition.rewrite" in {step.do for step in planned(engine, renamed).steps}
    applied(engine, renamed)
    assert rules(engine, renamed)["T9"] == wanted
    assert planned(engine, renamed).steps == ()


def test_a_field_that_a_condition_reads_does_not_just_go(engine: Engine) -> None:
    ruled(engine, 'size is "大"')
    without = edited(RULED, (JOB, SIZE, ""))
    refused = planned(engine, without).refused
    assert [(step.do, step.rows, step.details) for step in refused] == [
        ("condition.lost", 1, ('size is "大"',))
    ]
    with pytest.raises(NotPossible, match="读不懂"):
        applied(engine, without)


def test_a_condition_that_yaml_replaces_is_not_in_the_way(engine: Engine) -> None:
    sized = edited(RULED, (TOOL, "grade in [urgent, normal]", "size is set"))
    applied(engine, sized)
    replaced = edited(sized, (TOOL, "size is set", "grade is urgent"), (JOB, SIZE, ""))
    assert not planned(engine, replaced).refused
    applied(engine, replaced)
    assert rules(engine, replaced)["T1"] == "grade is urgent"


def test_a_condition_changed_on_the_screen_follows_as_well(engine: Engine) -> None:
    applied(engine, RULED)
    from tests.release.test_items import on_screen

    on_screen(engine, RULED, "T1", rule="grade is urgent")
    renamed = edited(
        RULED,
        (JOB, "urgent: 紧急", "hot: { label: 紧急, was: urgent }"),
        (TOOL, "grade in [urgent", "grade in [hot"),
    )
    plan = planned(engine, renamed)
    assert not plan.refused
    assert [notice.sentence for notice in plan.notices] == [
        "T1 界面上改过，保留：适用 grade is hot"
    ]
    applied(engine, renamed)
    assert rules(engine, renamed)["T1"] == "grade is hot"


def test_an_untouched_condition_needs_no_word(engine: Engine) -> None:
    ruled(engine, "grade is urgent")
    other = edited(RULED, (JOB, "label: 维修单", "label: 工单"))
    assert [step.do for step in planned(engine, other).steps] == ["entity.change"]
