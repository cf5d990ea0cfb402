"""Departments, posts and roles follow the file; people keep what is theirs, but not a role that goes."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, select

from app.release.problems import NotPossible
from app.schema.platform import platform
from tests.release.shop import (
    SITE,
    applied,
    edited,
    hold,
    planned,
    platform_rows,
    says,
    schema_of,
)

ORGANIZATION, ROLES, JOB = "config/organization.yaml", "config/roles.yaml", "catalogs/job.yaml"
BENCH = "    bench: { label: 工作台, kind: department, under: shop }\n"


def departments(engine: Engine) -> dict[str, tuple[str, int | None, bool]]:
    table = platform.department
    found = platform_rows(engine, table, "key", "label", "under_id", "retired_at")
    return {key: (label, under, retired is not None) for key, label, under, retired in found}


def test_departments_stand_below_each_other(engine: Engine) -> None:
    applied(engine, SITE)
    ids = dict(platform_rows(engine, platform.department, "key", "id"))  # type: ignore[arg-type]
    assert departments(engine)["bench"] == ("工作台", ids["shop"], False)
    assert platform_rows(engine, platform.post, "key", "department_id") == [
        ("fitter", ids["bench"])
    ]


def test_a_changed_department_keeps_its_id(engine: Engine) -> None:
    applied(engine, SITE)
    before = platform_rows(engine, platform.department, "id", "key")
    applied(engine, edited(SITE, (ORGANIZATION, "label: 工作台", "label: 维修台")))
    assert platform_rows(engine, platform.department, "id", "key") == before
    assert departments(engine)["bench"][0] == "维修台"
    initials = dict(platform_rows(engine, platform.department, "key", "initials"))  # type: ignore[arg-type]
    assert initials["bench"] == "wxt"


def test_a_department_that_goes_is_retired_and_says_who_is_in_it(engine: Engine) -> None:
    applied(engine, SITE)
    schema = schema_of(SITE)
    with engine.begin() as connection:
        bench = connection.scalar(
            select(platform.department.c.id).where(platform.department.c.key == "bench")
        )
    user = hold(engine, "wang")
    with engine.begin() as connection:
        connection.execute(insert(schema.person).values(user_id=user, department_id=bench))
    without = edited(
        SITE,
        (ORGANIZATION, BENCH, ""),
        (ORGANIZATION, "department: bench", "department: shop"),
        ("catalogs/tool.yaml", "owner: bench, ", ""),
    )
    retire = next(step for step in planned(engine, without).steps if step.do == "department.retire")
    assert (retire.risk, retire.rows) == ("careful", 1)
    assert "还有 1 人在其中" in retire.sentence
    applied(engine, without)
    assert departments(engine)["bench"][2]
    assert "新增部门：工作台" in says(planned(engine, SITE))
    applied(engine, SITE)
    assert not departments(engine)["bench"][2]


def test_a_department_s_new_key_keeps_everything_that_points_to_it(engine: Engine) -> None:
    applied(engine, SITE)
    before = {id_ for (id_,) in platform_rows(engine, platform.department, "id")}
    renamed = edited(
        SITE,
        (
            ORGANIZATION,
            BENCH,
            "    table: { label: 工作台, kind: department, under: shop, was: bench }\n",
        ),
        (ORGANIZATION, "department: bench", "department: table"),
        ("catalogs/tool.yaml", "owner: bench", "owner: table"),
    )
    plan = planned(engine, renamed)
    assert "department.rename" in {step.do for step in plan.steps}
    applied(engine, renamed)
    assert set(departments(engine)) == {"shop", "table"}
    assert {id_ for (id_,) in platform_rows(engine, platform.department, "id")} == before
    assert planned(engine, renamed).steps == ()


def held(engine: Engine) -> set[tuple[str, str]]:
    user, link, role = platform.user, platform.user_role, platform.role
    query = (
        select(user.c.username, role.c.name)
        .join(link, link.c.user_id == user.c.id)
        .join(role, role.c.id == link.c.role_id)
    )
    with engine.connect() as connection:
        return {(name, key) for name, key in connection.execute(query)}


def without_hand() -> dict[str, str]:
    start = SITE[ROLES].index("  hand:")
    return edited(
        SITE, (ROLES, SITE[ROLES][start:], ""), ("workflows.yaml", "by: hand", "by: boss")
    )


def test_a_role_that_goes_is_taken_from_everybody_and_does_not_come_back_unasked(
    engine: Engine,
) -> None:
    applied(engine, SITE)
    hold(engine, "wang", "hand", "boss")
    take = next(step for step in planned(engine, without_hand()).steps if step.do == "role.take")
    assert (take.risk, take.rows, take.details) == ("careful", 1, ("wang",))
    applied(engine, without_hand())
    assert held(engine) == {("wang", "boss")}
    applied(engine, SITE)
    assert held(engine) == {("wang", "boss")}


def test_a_renamed_role_stays_with_its_people(engine: Engine) -> None:
    applied(engine, SITE)
    hold(engine, "wang", "hand")
    renamed = edited(
        SITE,
        (ROLES, "  hand:\n", "  fitter_role:\n    was: hand\n"),
        ("workflows.yaml", "by: hand", "by: fitter_role"),
    )
    applied(engine, renamed)
    assert held(engine) == {("wang", "fitter_role")}


def test_roles_of_the_framework_are_left_alone(engine: Engine) -> None:
    applied(engine, SITE)
    with engine.begin() as connection:
        connection.execute(insert(platform.role).values(name="Public"))
    applied(engine, without_hand())
    assert ("Public",) in platform_rows(engine, platform.role, "name")


def test_roles_that_exclude_each_other_must_not_be_held_by_one_person(engine: Engine) -> None:
    applied(engine, SITE)
    apart = edited(SITE, (ROLES, "    label: 伙计\n", "    label: 伙计\n    not_with: [boss]\n"))
    hold(engine, "wang", "hand")
    assert not planned(engine, apart).refused
    hold(engine, "li", "hand", "boss")
    refused = planned(engine, apart).refused
    assert {(step.do, step.details) for step in refused} == {("role.exclude", ("li",))}
    with pytest.raises(NotPossible, match="不得兼任"):
        applied(engine, apart)


def test_wider_rights_ask_for_attention_and_name_their_line(engine: Engine) -> None:
    applied(engine, SITE)
    wider = edited(SITE, (ROLES, "job: [read, create]\n", "job: [read, create, edit]\n"))
    step = planned(engine, wider).steps[0]
    assert step.sentence == "修改角色“伙计”：权限的job加上修改"
    assert step.risk == "careful"
    assert str(step.place).startswith("config/roles.yaml:")


def test_a_person_s_field_comes_goes_and_is_renamed(engine: Engine) -> None:
    applied(engine, SITE)
    user = hold(engine, "wang")
    with engine.begin() as connection:
        connection.execute(insert(schema_of(SITE).person).values(user_id=user, badge="B1"))
    renamed = edited(SITE, (ORGANIZATION, "badge: {", "tag: { was: badge,"))
    applied(engine, renamed)
    assert platform_rows(engine, schema_of(renamed).person, "tag") == [("B1",)]
    number = edited(
        renamed, (ORGANIZATION, "label: 工号, type: text", "label: 工号, type: integer")
    )
    assert planned(engine, number).refused[0].do == "person.retype"
