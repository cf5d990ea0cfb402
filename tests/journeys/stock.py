"""What stands in the two sites before the journeys begin."""

from __future__ import annotations

from dataclasses import dataclass

from tests.journeys.people import Program, Visitor, ref
from tests.journeys.stage import Person, Stage

ANN_PHONE, BOB_PHONE = "13800001111", "13900002222"
ANN_EMAIL, BOB_EMAIL = "ann.private@example.org", "bob.private@example.org"
ANN_IDENTITY = "11010519491231002X"
SHELF = 45  # titles of the encyclopaedia: three pages


@dataclass(frozen=True)
class Library:
    """The lending desk with two members, their loans, and people who look at them."""

    stage: Stage
    lena: Program  # librarian: everything
    dan: Program  # desk: phones of members who aren't blocked, never their e-mail
    ann: Program  # a member: her own loans, nothing of Bob's
    categories: dict[str, int]
    members: dict[str, int]
    titles: list[int]
    copies: dict[str, int]
    loans: dict[str, int]

    def visitor(self, name: str | None = None) -> Visitor:
        return self.stage.visitor(name)


def stock_library(stage: Stage) -> Library:
    """Fill the library through its REST interface, as any program would."""
    lena = stage.program("lena")
    categories = {row["code"]: row["id"] for row in lena.rows("category")}
    adult = categories["adult"]
    members = {
        "ann": lena.add(
            "member", code="M-1", name="Ann Archer", category=adult, phone=ANN_PHONE,
            email=ANN_EMAIL, identity=ANN_IDENTITY,
        ),
        "bob": lena.add(
            "member", code="M-2", name="Bob Baker", category=adult, phone=BOB_PHONE,
            email=BOB_EMAIL, blocked=True, block_note="Sings in the reading room",
        ),
    }  # fmt: skip
    titles = [
        lena.add(
            "title",
            isbn=f"978-{n:03}",
            name=f"Encyclopaedia {n:03}",
            year=1900 + n,
            price=f"{n}.50",
        )
        for n in range(1, SHELF + 1)
    ]
    copies = {
        name: lena.add("copy", code=f"C-{n}", title=titles[n], shelf=f"A{n}")
        for n, name in enumerate(("first", "second", "third"))
    }
    loans = {
        "ann": lena.add("loan", member=members["ann"], copy=copies["first"], remark="Ann's remark"),
        "bob": lena.add(
            "loan", member=members["bob"], copy=copies["second"], remark="Bobs quiet remark"
        ),
    }
    stage.make_people(Person("ann", "member_self", set="member=M-1"))
    return Library(
        stage,
        lena,
        stage.program("dan"),
        stage.program("ann"),
        categories,
        members,
        titles,
        copies,
        loans,
    )


@dataclass(frozen=True)
class Repair:
    """The repair desk with a ticket from either ward."""

    stage: Stage
    nora: Program  # nurse in the theatre
    nils: Program  # nurse in the nursery
    dina: Program  # dispatcher
    toni: Program  # technician of the electrical workshop
    hana: Program  # head of engineering
    departments: dict[str, int]
    equipment: dict[str, int]
    groups: dict[str, int]
    tickets: dict[str, int]


def stock_repair(stage: Stage) -> Repair:
    """A ticket from the theatre and a confidential one from the nursery."""
    nora, nils, dina, toni, hana = (
        stage.program(name) for name in ("nora", "nils", "dina", "toni", "hana")
    )
    equipment = {row["code"]: row["id"] for row in dina.rows("equipment")}
    groups = {row["code"]: row["id"] for row in dina.rows("group")}
    departments = _wards(dina, equipment)
    tickets = {
        "lamp": nora.add(
            "ticket", subject="Lamp went dark", ward=departments["theatre"],
            equipment=equipment["EQ-LAMP-1"], grade="urgent", kind="dead",
        ),
        "pump": nils.add(
            "ticket", subject="Pump is loud", ward=departments["nursery"],
            equipment=equipment["EQ-PUMP-1"], patient="Little Tim", phone="13700003333", confidential=True,
        ),
    }  # fmt: skip
    return Repair(stage, nora, nils, dina, toni, hana, departments, equipment, groups, tickets)


def _wards(dina: Program, equipment: dict[str, int]) -> dict[str, int]:
    """The ids of two wards, read off the equipment that stands in them."""
    found = {}
    for code, ward in (("EQ-LAMP-1", "theatre"), ("EQ-PUMP-1", "nursery")):
        id_ = ref(dina.record("equipment", equipment[code])["ward"])
        assert id_ is not None
        found[ward] = id_
    return found
