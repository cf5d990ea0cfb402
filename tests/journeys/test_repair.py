"""The repair desk: entities and fields named like SQL keywords, refs to oneself and in a circle, wards and workshops."""

from __future__ import annotations

import pytest

from tests.journeys.people import ref
from tests.journeys.stock import Repair


def test_entities_named_like_sql_keywords_are_tables_like_any_other(repair: Repair) -> None:
    dina = repair.dina
    id_ = dina.add(
        "order",
        ticket=repair.tickets["lamp"],
        part="Bulb",
        values=2,
        check=False,
        index="19.90",
        desc="asc",
    )
    row = dina.record("order", id_)
    assert (row["values"], row["check"], row["desc"]) == (2, False, "asc")
    assert row["number"].startswith("PO-")
    assert dina.put(f"order/{id_}", {"values": 3, "version": 1}).status == 200
    found = dina.rows(
        "order", "(filters:!((col:values,opr:eq,value:3)),order_column:values,order_direction:desc)"
    )
    assert id_ in [row["id"] for row in found]


def test_their_pages_too(repair: Repair) -> None:
    dina = repair.stage.visitor("dina")
    assert "Infusion pumps" in dina.get("/group/list?select=tender&order=-code")
    shown = dina.get(f"/group/show/{repair.groups['lamp']}")
    assert "Direct purchase" in shown
    assert "Theatre lamp 1" in shown
    pumps = repair.dina.record("group", repair.groups["pump"])
    page = dina.get("/group/add")
    made = dina.submit(
        page, page.form("code", "select", "table", "default"), code="bed", name="Beds", select="direct",
        default="3 days", workshop=ref(pumps["workshop"]), engineer=ref(pumps["engineer"]),
    )  # fmt: skip
    assert made.status == 200, made.text
    assert "Beds" in made


def test_refs_go_to_oneself_and_in_a_circle(repair: Repair) -> None:
    lamp = repair.dina.record("equipment", repair.equipment["EQ-LAMP-1"])
    assert ref(lamp["parent"]) == repair.equipment["EQ-CEIL"]
    assert ref(lamp["group"]) == repair.groups["lamp"]
    group = repair.dina.record("group", repair.groups["lamp"])
    assert ref(group["sample"]) == repair.equipment["EQ-LAMP-1"]


def test_declared_values_keep_their_types(repair: Repair) -> None:
    lamp = repair.dina.record("equipment", repair.equipment["EQ-LAMP-1"])
    assert float(lamp["uptime"]) == 99.5
    assert lamp["order"] == 1
    assert repair.dina.record("group", repair.groups["pump"])["default"] == "2 workdays"
    pump = repair.dina.record("equipment", repair.equipment["EQ-PUMP-1"])
    assert str(pump["value"]) == "8200.00"
    assert float(pump["uptime"]) == 100, "the default"


def test_a_nurse_sees_her_own_ward(repair: Repair) -> None:
    subjects = [row["subject"] for row in repair.nora.rows("ticket")]
    assert subjects == ["Lamp went dark"]
    assert repair.nora.get(f"ticket/{repair.tickets['pump']}").status == 404
    names = {row["name"] for row in repair.nora.rows("equipment")}
    assert names == {"Ceiling unit", "Theatre lamp 1"}


def test_a_confidential_one_only_who_wrote_it(repair: Repair) -> None:
    assert repair.nils.record("ticket", repair.tickets["pump"])["confidential"] is True
    assert repair.dina.record("ticket", repair.tickets["pump"])["patient"] == "Little Tim"


def test_a_private_field_may_depend_on_the_row(repair: Repair) -> None:
    """Dina sees call-back numbers of tickets that aren't confidential."""
    masked = repair.dina.record("ticket", repair.tickets["pump"])["phone"]
    assert masked not in (None, "13700003333")
    id_ = repair.nora.add(
        "ticket", subject="Door squeaks", ward=repair.departments["theatre"], phone="13700004444"
    )
    assert repair.dina.record("ticket", id_)["phone"] == "13700004444"


def test_choices_stand_in_the_order_they_are_written(repair: Repair) -> None:
    """The head sees what is `soon` or graver: not the routine pump."""
    ids = [row["id"] for row in repair.hana.rows("ticket")]
    assert repair.tickets["lamp"] in ids
    assert repair.tickets["pump"] not in ids


def test_periods_of_one_person_do_not_overlap(repair: Repair) -> None:
    me = _tonis_id(repair)
    first = {"user": me, "from": "2026-07-01", "to": "2026-07-10"}
    repair.toni.add("absence", **first)
    for start, end, status in (
        ("2026-07-10", "2026-07-12", 422),
        ("2026-06-01", "2026-08-01", 422),
        ("2026-07-11", "2026-07-12", 201),
    ):
        answer = repair.toni.post("absence/", {"user": me, "from": start, "to": end})
        assert answer.status == status, answer.text
        if status == 422:
            assert "away in those days" in answer.text


def test_a_technician_makes_absences_only_for_himself(repair: Repair) -> None:
    other = ref(repair.nora.record("ticket", repair.tickets["lamp"])["created_by"])
    answer = repair.toni.post("absence/", {"user": other, "from": "2027-01-01", "to": "2027-01-02"})
    assert answer.status in (403, 422), answer.text


@pytest.mark.parametrize(
    ("covers", "status"),
    [
        ("group is lamp", 201),
        ("value >= 5000 and not (ward is empty)", 201),
        ("uptime < 95%", 201),
        ("uptime < 95", 422),
        ("nothing is 5", 422),
        ("__import__('os')", 422),
        ("group is", 422),
    ],
)
def test_a_condition_is_checked_when_it_is_saved(repair: Repair, covers: str, status: int) -> None:
    values = {
        "code": f"K-{abs(hash(covers))}",
        "name": covers[:20],
        "covers": covers,
        "from": "2020-01-01",
        "to": "2020-01-02",
    }
    answer = repair.dina.post("contract/", values)
    assert answer.status == status, answer.text
    if status == 422:
        assert "covers" in answer.error["fields"]


def test_a_ticket_is_edited_by_its_writer_while_it_is_new(repair: Repair) -> None:
    id_ = repair.tickets["lamp"]
    version = repair.nora.record("ticket", id_)["version"]
    assert (
        repair.nora.put(
            f"ticket/{id_}", {"detail": "In the middle of it", "version": version}
        ).status
        == 200
    )
    assert repair.toni.put(f"ticket/{id_}", {"detail": "x", "version": version + 1}).status in (
        403,
        404,
    )


def test_money_spent_is_held_to_the_grant(repair: Repair) -> None:
    id_ = repair.dina.add(
        "ticket", subject="Costly", ward=repair.departments["theatre"], budget="100", grade="soon"
    )
    version = repair.dina.record("ticket", id_)["version"]
    over = repair.dina.put(f"ticket/{id_}", {"cost": "100.01", "version": version})
    assert over.status == 422
    assert "More was spent than granted" in over.text
    assert repair.dina.put(f"ticket/{id_}", {"cost": "100.00", "version": version}).status == 200


def _tonis_id(repair: Repair) -> int | None:
    """Read off a record that he changed."""
    id_ = repair.equipment["EQ-CEIL"]
    before = repair.toni.record("equipment", id_)
    changed = {"where": f"Moved {before['version']} times", "version": before["version"]}
    assert repair.toni.put(f"equipment/{id_}", changed).status == 200
    return ref(repair.toni.record("equipment", id_)["changed_by"])
