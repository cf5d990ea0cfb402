"""The shipped site's demo rows: written by their generator, fictitious, of the seeds' size, and fitting the site."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from app.identifiers import is_credit_code
from app.manifest.field_values import read_text
from app.manifest.load import load_site
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.manifest import Manifest

SITE = Path(__file__).parents[2]
DEMO = SITE / "demo"
FILES = sorted(path.stem for path in DEMO.glob("*.jsonl"))
LATER = re.compile(r"today( [+-] \d+ (days|months|years))?( \d\d:\d\d)?|this_year|last_year")


def rows(entity: str) -> list[dict[str, Any]]:
    lines = (DEMO / f"{entity}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def users() -> list[dict[str, Any]]:
    text = (DEMO / "users.yaml").read_text(encoding="utf-8")
    return list(yaml.load(text, yaml.BaseLoader)["users"])


@pytest.fixture(scope="module")
def site() -> Manifest:
    loaded = load_site(SITE)
    assert loaded.manifest is not None, loaded.problems
    return loaded.manifest


def test_the_generator_writes_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(DEMO / "generate.py"), str(tmp_path)], check=True, timeout=60
    )
    assert sorted(path.stem for path in tmp_path.glob("*.jsonl")) == FILES
    for entity in FILES:
        name = f"{entity}.jsonl"
        assert (tmp_path / name).read_bytes() == (DEMO / name).read_bytes(), f"run it: {name}"


@pytest.mark.parametrize("entity", FILES)
def test_every_value_is_one_that_its_field_takes(site: Manifest, entity: str) -> None:
    for number, row in enumerate(rows(entity), 1):
        for key, value in row.items():
            if key.startswith("_"):
                continue
            field = site.entities[entity].fields[key]
            for one in value if isinstance(value, list) else [value]:
                assert takes(site, field, one), f"{entity} line {number}: {key} = {one!r}"


def takes(site: Manifest, field: Field, value: object) -> bool:
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    if field.type in (FieldType.REF, FieldType.REFS):
        return found(site, str(field.to), text)
    if field.type in (FieldType.CHOICE, FieldType.CHOICES):
        choice = field.choice(text)
        return choice is not None and not choice.retired
    if LATER.fullmatch(text):
        return field.type in (FieldType.DATE, FieldType.DATETIME, FieldType.INTEGER)
    return read_text(field, text, ZoneInfo(site.site.timezone)) is not None


def found(site: Manifest, target: str, text: str) -> bool:
    if text.startswith("@"):
        return 1 <= int(text[1:]) <= len(rows(target))
    if target == "department":
        return text in site.organization.departments
    if target == "post":
        return text in site.organization.posts
    return any(item.code == text for item in site.entities[target].items)


def test_nobody_real_can_be_meant() -> None:
    firms = rows("enterprise")
    assert all(is_credit_code(firm["uscc"]) and firm["uscc"][2:8] == "999900" for firm in firms)
    assert len({firm["uscc"] for firm in firms}) == len({firm["name"] for firm in firms}) == 300
    assert all(firm["name"].startswith("示范") for firm in firms)
    numbers = [
        row[key]
        for e in FILES
        for row in rows(e)
        for key in ("phone", "contact_phone")
        if key in row
    ]
    assert numbers
    assert all(number.startswith("101") for number in numbers)


def test_every_role_has_a_log_in_and_every_log_in_has_a_place(site: Manifest) -> None:
    assert {role for user in users() for role in user["roles"]} == set(site.roles)
    for user in users():
        assert user.get("department", "d13") in site.organization.departments
        if "post" in user:
            assert site.organization.posts[user["post"]].department == user["department"]
        assert not any(site.roles[role].not_with & set(user["roles"]) for role in user["roles"])


def test_log_ins_of_enterprises_carry_the_code_of_their_enterprise() -> None:
    owners = [user["fields"] for user in users() if "enterprise" in user["roles"]]
    assert owners
    for fields in owners:
        assert rows("enterprise")[int(fields["enterprise"][1:]) - 1]["uscc"] == fields["uscc"]


def test_whistles_are_spread_as_the_seeds_say() -> None:
    whistles = rows("whistle")
    assert len(whistles) == 161
    channels = Counter(row["channel"] for row in whistles)
    assert channels == {"leader_visit": 29, "hotline": 43, "online": 52, "onsite_visit": 37}
    assert Counter(row["grade"] for row in whistles) == {"normal": 97, "complex": 52, "urgent": 12}
    months = Counter(int(row["_at"][5:7]) for row in whistles)
    assert [months[n] for n in range(1, 13)] == [8, 9, 12, 13, 14, 15, 16, 14, 15, 16, 15, 14]


def test_projects_take_thirty_percent_less_time_than_a_year_before() -> None:
    def days(year: str) -> float:
        begun = [row for row in rows("project") if row.get("started_on", "").startswith(year)]
        spans = [(row["started_on"], row["applied_on"]) for row in begun]
        return mean((date.fromisoformat(a) - date.fromisoformat(b)).days for a, b in spans)

    assert round(1 - days("2026") / days("2025"), 4) == 0.3
    assert sum(row["green_channel"] for row in rows("project")) == 11


def test_agreements_join_seventeen_banks_and_twenty_seven_enterprises() -> None:
    agreements = rows("bank_agreement")
    assert len({row["bank"] for row in agreements}) == 17
    assert len({row["enterprise"] for row in agreements}) == 27
    assert sum(row["completed"] for row in rows("training")) == 210
