"""What workflows, clocks, dispatch, booking, rating, escalations, boards and scores mean once they are read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.manifest.load import load_site
from app.manifest.model.escalations import Moment, Occasion
from app.manifest.model.fields import FieldType
from app.manifest.model.manifest import Manifest
from app.manifest.model.values import Duration, Unit
from app.manifest.model.workflows import ActorKind, Extend, Merge, Presser, Reopen, Transfer
from app.manifest.problems import Findings
from app.manifest.read.moments import before, moment
from app.manifest.source import TextNode
from app.place import Place

SITES = Path(__file__).parents[1] / "sites"
HERE = Place("config/escalations.yaml", 1)


@pytest.fixture(scope="module")
def repair() -> Manifest:
    """The foreign site that uses most of the language."""
    loaded = load_site(SITES / "repair")
    assert loaded.problems == ()
    assert loaded.manifest is not None
    return loaded.manifest


def names(pressers: tuple[Presser, ...]) -> list[tuple[str, ActorKind]]:
    return [(presser.key, presser.kind) for presser in pressers]


def test_who_may_press_is_told_apart(repair: Manifest) -> None:
    transitions = repair.workflows["repair"].transitions
    assert names(transitions["check"].by) == [("dispatcher", ActorKind.ROLE)]
    assert names(transitions["wait"].by) == [
        ("workshop", ActorKind.PARTY),
        ("on_duty", ActorKind.PARTY),
    ]
    assert names(transitions["close"].by)[-1] == ("system", ActorKind.SYSTEM)
    assert ("reporter", ActorKind.FIELD) in names(transitions["close"].by)
    assert names(transitions["close"].not_by) == [
        ("workshop", ActorKind.PARTY),
        ("mend", ActorKind.PRESSED),
    ]


def test_deeds_have_their_parameters(repair: Manifest) -> None:
    does = {key: one.does for key, one in repair.workflows["repair"].transitions.items()}
    assert isinstance(does["merge"], Merge)
    assert does["merge"].into == "twin"
    assert isinstance(does["reopen"], Reopen)
    assert does["reopen"].times == 3
    assert isinstance(does["hand_over"], Transfer)
    assert does["hand_over"].party == "on_duty"
    assert isinstance(does["return"], Transfer)
    assert does["return"].party is None  # the presser's own
    extend = does["extend"]
    assert isinstance(extend, Extend)
    assert (extend.clock, extend.times, str(extend.at_most)) == ("finish", 2, "3 workdays")
    assert names(extend.approved_by) == [("dispatcher", ActorKind.ROLE)]


def test_a_transition_with_a_limit_brings_a_clock(repair: Manifest) -> None:
    ticket = repair.entities["ticket"]
    assert repair.workflows["repair"].transitions["check"].within is not None
    assert ticket.system["check.due_at"].type is FieldType.DATETIME
    assert ticket.system["check.stopped_at"].type is FieldType.DATETIME


def test_targets_keep_their_order_and_end_in_otherwise(repair: Manifest) -> None:
    sla = repair.entities["ticket"].sla
    assert sla is not None
    cases = sla.clocks["finish"].target.cases
    assert cases[-1].when is None
    assert all(case.when is not None for case in cases[:-1])


def test_a_party_reads_like_a_ref_to_whom_it_went(repair: Manifest) -> None:
    system = repair.entities["ticket"].system
    assert (system["workshop"].type, system["workshop"].to) == (FieldType.REF, "department")
    facts = {key.partition(".")[2] for key in system if key.startswith("workshop.")}
    assert facts == {"accepted_at", "done_at", "due_at", "returns"}


def test_an_escalation_on_a_record_has_an_occasion_and_one_on_a_clock_has_moments(
    repair: Manifest,
) -> None:
    again, failed, slow = (repair.escalations[key] for key in ("again", "failed", "slow_accept"))
    assert again.on is not None
    assert again.on.occasion is Occasion.CREATE
    assert again.steps[0].set["repeated"].value is True
    assert failed.on is None
    assert [str(step.at) for step in failed.steps] == ["100%", "100% + 3 workdays"]
    assert (slow.watch.entity, slow.watch.party, slow.watch.clock) == (
        "ticket",
        "workshop",
        "accept",
    )
    assert names(slow.steps[0].notify) == [
        ("workshop", ActorKind.PARTY),
        ("dispatcher", ActorKind.ROLE),
    ]


def test_what_it_opens_points_back_and_is_filled_by_values_paths_and_texts(
    repair: Manifest,
) -> None:
    supervised = repair.escalations["supervised"].steps[0].open
    incident = repair.escalations["failed"].steps[1].open
    assert supervised is not None
    assert incident is not None
    assert repair.entities[supervised.entity].fields[supervised.ref].to == "ticket"
    assert supervised.values["text"].value == "{subject} is running out of time"
    assert (incident.values["equipment"].value, incident.values["equipment"].path) == (
        "equipment",
        True,
    )


def test_scores_know_for_whom_each_row_counts(repair: Manifest) -> None:
    scheme = repair.assessments["workshops"]
    assert scheme.score.key == "ticket.workshop"
    assert sum(metric.weight for metric in scheme.metrics.values()) == Decimal(100)
    assert {metric.of.key: metric.department for metric in scheme.metrics.values()} == {
        "ticket.workshop": "workshop",
        "ticket": "workshop",
        "supervision": "ticket.workshop",
    }
    assert scheme.points["red"].dated == "fired_at"
    assert [grade.grade for grade in scheme.grades] == ["A", "B", "C"]


def test_messages_know_their_placeholders(repair: Manifest) -> None:
    assert repair.messages["hurry"].placeholders == (
        "number",
        "subject",
        "equipment.name",
        "due_at",
    )
    assert repair.messages["hurry"].channels == ("inbox", "webhook")


def test_a_sites_tests_are_typed(repair: Manifest) -> None:
    urgent = repair.tests[0]
    assert urgent.entity == "ticket"
    assert urgent.press == ("check", "dispatch")
    assert urgent.after == Duration(2, Unit.HOURS)
    assert {one.path: one.value for one in urgent.expect}["workshop"] == "electrical"
    assert [(one.role, one.department) for one in urgent.seen_by][:2] == [
        ("technician", "electrical"),
        ("nurse", "theatre"),
    ]


def at(text: str) -> Moment:
    found = Findings()
    read = moment().read(TextNode(HERE, HERE, text), found)
    assert read is not None, found.problems
    return read


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("50%", "80%", True),
        ("80%", "50%", False),
        ("50%", "50%", False),
        ("100% - 7h", "100%", True),
        ("100% - 7h", "100% - 120m", True),
        ("100% - 1h", "100% - 120m", False),
        ("100% - 7h", "100% - 1 workday", None),
        ("100%", "100% + 1 workday", True),
        ("100% + 2 days", "100% + 3 days", True),
        ("80%", "100% - 7h", None),
        ("80% - 1h", "100%", True),
        ("50% + 3h", "80%", None),
    ],
)
def test_moments_are_ordered_as_far_as_can_be_told(
    one: str, other: str, expected: bool | None
) -> None:
    assert before(at(one), at(other)) is expected
