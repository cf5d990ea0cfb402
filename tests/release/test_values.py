"""Choices and states: records go with a new key, and keep one from going that they still hold."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from app.release.problems import NotPossible
from tests.release.shop import SITE, add, applied, does, edited, planned, rows, says

JOB, TOOL = "catalogs/job.yaml", "catalogs/tool.yaml"
DICTIONARIES, WORKFLOWS = "config/dictionaries.yaml", "workflows.yaml"
FIXING = "      fixing: { label: 修理中 }\n"
# The same workflow without its middle state.
SHORT = (
    (WORKFLOWS, FIXING, ""),
    (WORKFLOWS, "      begin: { label: 开工, from: received, to: fixing, by: hand }\n", ""),
    (WORKFLOWS, "from: fixing, to: done", "from: received, to: done"),
)


def test_an_unused_choice_goes_without_ado(engine: Engine) -> None:
    applied(engine, SITE)
    without = edited(SITE, (JOB, ", urgent: 紧急", ""))
    assert [risk for _, _, risk in does(planned(engine, without))] == ["safe"]
    assert applied(engine, without).release == 2


def test_a_choice_in_use_is_kept_with_a_way_out(engine: Engine) -> None:
    applied(engine, SITE)
    for _ in range(3):
        add(engine, SITE, "job", subject="修锁", grade="urgent")
    step = planned(engine, edited(SITE, (JOB, ", urgent: 紧急", ""))).refused[0]
    assert (step.do, step.target, step.rows) == ("choice.remove", "job.grade.urgent", 3)
    assert "retired: yes" in step.sentence
    assert "was: urgent" in step.sentence


def test_a_retired_choice_stays_on_old_records(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", grade="urgent")
    retired = edited(SITE, (JOB, "urgent: 紧急", "urgent: { label: 紧急, retired: yes }"))
    applied(engine, retired)
    assert rows(engine, retired, "job", "grade") == [("urgent",)]


def test_records_follow_a_choice_to_its_new_key(engine: Engine) -> None:
    applied(engine, SITE)
    for grade in ("urgent", "normal", None):
        add(engine, SITE, "job", subject="修锁", grade=grade)
    renamed = edited(SITE, (JOB, "urgent: 紧急", "hot: { label: 紧急, was: urgent }"))
    applied(engine, renamed)
    assert rows(engine, renamed, "job", "grade") == [("hot",), ("normal",), (None,)]


def test_a_renamed_choice_of_a_dictionary_is_renamed_wherever_it_is_used(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", channel="phone")
    renamed = edited(
        SITE,
        (DICTIONARIES, "phone: 电话", "call: { label: 电话, was: phone }"),
        (TOOL, "fits: [walk_in, phone]", "fits: [walk_in, call]"),
    )
    applied(engine, renamed)
    assert rows(engine, renamed, "job", "channel") == [("call",)]
    assert rows(engine, renamed, "tool", "fits") == [(("walk_in", "call"),), (None,)]
    assert planned(engine, renamed).steps == ()


def test_a_choice_among_several_counts_as_in_use(engine: Engine) -> None:
    applied(engine, SITE)
    without = edited(
        SITE,
        (DICTIONARIES, "      phone: 电话\n", ""),
        (TOOL, "fits: [walk_in, phone]", "fits: [walk_in]"),
    )
    assert "tool.fits.phone" in {step.target for step in planned(engine, without).refused}


def test_a_state_in_which_records_stand_is_not_removed(engine: Engine) -> None:
    applied(engine, SITE)
    for number in range(12):
        add(engine, SITE, "job", subject="修锁", state="fixing" if number else "received")
    step = planned(engine, edited(SITE, *SHORT)).refused[0]
    assert (step.do, step.rows) == ("state.remove", 11)
    assert "11 条记录正处在这个状态" in step.sentence
    assert "was: fixing" in step.sentence
    with pytest.raises(NotPossible):
        applied(engine, edited(SITE, *SHORT))


def test_a_state_that_nobody_is_in_goes(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁")
    assert applied(engine, edited(SITE, *SHORT)).release == 2


def test_records_follow_a_state_to_its_successor(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", state="fixing")
    renamed = edited(
        SITE,
        (WORKFLOWS, FIXING, "      working: { label: 修理中, was: fixing }\n"),
        (WORKFLOWS, "to: fixing", "to: working"),
        (WORKFLOWS, "from: fixing", "from: working"),
    )
    assert "“维修单”的状态改键 fixing→working，记录随之" in says(planned(engine, renamed))
    applied(engine, renamed)
    assert rows(engine, renamed, "job", "state") == [("working",)]


def test_records_of_an_entity_that_gets_a_workflow_begin_it(engine: Engine) -> None:
    plain = edited(
        SITE,
        (JOB, "workflow: repairing\n", ""),
        (JOB, ", grade, state]", ", grade]"),
        (JOB, "filter: [state, ", "filter: ["),
        (WORKFLOWS, "workflows:\n", "workflows: {}\n#"),
    )
    plain[WORKFLOWS] = "workflows: {}\n"
    applied(engine, plain)
    add(engine, plain, "job", subject="修锁")
    begin = [step for step in planned(engine, SITE).steps if step.do == "workflow.begin"]
    assert [(step.risk, step.rows) for step in begin] == [("careful", 1)]
    applied(engine, SITE)
    assert rows(engine, SITE, "job", "state", "round") == [("received", 1)]
