"""Declared rows through releases, with their refs, history and search."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from app.release.apply import Applied
from app.release.problems import NotPossible
from app.schema.platform import platform
from app.schema.search_index import search
from tests.release.shop import (
    MONDAY,
    SITE,
    Files,
    add,
    applied,
    edited,
    planned,
    platform_rows,
    rows,
    says,
    schema_of,
)

TOOL = "catalogs/tool.yaml"
T2 = "  - { code: T2, name: 套筒, lends: 1 workday, part_of: T1 }\n"
SLOWER = edited(SITE, (TOOL, "lends: 3 workdays", "lends: 5 workdays"))


def on_screen(engine: Engine, files: Files, code: str, **values: Any) -> None:
    """Somebody changes a row on the screen."""
    table = schema_of(files).tables["tool"]
    with engine.begin() as connection:
        connection.execute(update(table).where(table.c.code == code).values(values))


def names(engine: Engine, files: Files = SITE) -> dict[str, str]:
    return dict(rows(engine, files, "tool", "code", "name"))  # type: ignore[arg-type]


def test_rows_are_made_with_their_refs_whatever_their_order(engine: Engine) -> None:
    turned = edited(SITE, (TOOL, T2, ""), (TOOL, "items:\n", "items:\n" + T2))
    applied(engine, turned)
    (t2, t1) = rows(engine, turned, "tool", "id", "code", "part_of_id", "owner_id", "version")
    assert t2[1:3] == ("T2", t1[0])
    assert t1[3] is not None
    assert t1[4] == 1


def test_the_first_history_row_names_its_yaml_line(engine: Engine) -> None:
    applied(engine, SITE, why="开张")
    found = platform_rows(
        engine, platform.history, "action", "place", "release", "by_name", "reason"
    )
    assert found == [
        ("create", f"{TOOL}:14:5", 1, "管理员", "开张"),
        ("create", f"{TOOL}:15:5", 1, "管理员", "开张"),
    ]


def test_a_changed_row_is_updated_and_says_what_hangs_on_it(engine: Engine) -> None:
    applied(engine, SITE)
    for state in ("received", "fixing", "done"):
        add(engine, SITE, "job", subject="修锁", tool_id=1, state=state)
    plan = planned(engine, SLOWER)
    assert says(plan) == ["T1 借期 3→5 工作日｜在办 2 件"]
    assert plan.steps[0].rows == 2
    applied(engine, SLOWER)
    changes = platform_rows(engine, platform.history, "action", "changes")[-1]
    assert changes == ("edit", {"lends": ["3 workdays", "5 workdays"]})
    assert [str(lends) for (lends,) in rows(engine, SLOWER, "tool", "lends")] == [
        "5 workdays",
        "1 workday",
    ]
    assert [version for (version,) in rows(engine, SLOWER, "tool", "version")] == [2, 1]


def test_what_only_the_screen_changed_is_kept_and_said(engine: Engine) -> None:
    applied(engine, SITE)
    on_screen(engine, SITE, "T1", name="活动扳手")
    plan = planned(engine, SITE)
    assert plan.steps == ()
    assert [notice.sentence for notice in plan.notices] == ["T1 界面上改过，保留：名称 活动扳手"]
    applied(engine, SLOWER)
    assert names(engine)["T1"] == "活动扳手"


def conflicted(engine: Engine, **said: Any) -> Applied:
    """YAML and screen have changed the same name; the YAML is applied."""
    applied(engine, SITE)
    on_screen(engine, SITE, "T1", name="活动扳手")
    ours = edited(SITE, (TOOL, "name: 扳手", "name: 大扳手"))
    return applied(engine, ours, choices=planned(engine, ours, **said).choices)


def test_a_conflict_is_named_and_refused(engine: Engine) -> None:
    with pytest.raises(NotPossible) as problem:
        conflicted(engine)
    sentence = problem.value.steps[0].sentence
    for word in ("T1", "名称", "大扳手", "活动扳手", "扳手", "--prefer"):
        assert word in sentence
    assert names(engine)["T1"] == "活动扳手"


@pytest.mark.parametrize(("prefer", "name"), [("yaml", "大扳手"), ("screen", "活动扳手")])
def test_a_conflict_is_decided_by_prefer(engine: Engine, prefer: str, name: str) -> None:
    conflicted(engine, prefer=prefer)
    assert names(engine)["T1"] == name
    ours = edited(SITE, (TOOL, "name: 扳手", "name: 大扳手"))
    assert planned(engine, ours).steps == ()


def test_a_row_taken_out_is_retired_and_comes_back(engine: Engine) -> None:
    applied(engine, SITE)
    without = edited(SITE, (TOOL, T2, ""))
    assert [(s.do, s.target, s.risk) for s in planned(engine, without).steps] == [
        ("item.retire", "tool.T2", "careful")
    ]
    applied(engine, without)
    assert [bool(r[1]) for r in rows(engine, without, "tool", "code", "retired_at")] == [
        False,
        True,
    ]
    schema = schema_of(without)
    with engine.connect() as connection:
        clause = search(connection, schema, "tool", "套筒").clause
        assert connection.scalar(select(schema.tables["tool"].c.id).where(clause)) is None
    assert says(planned(engine, SITE)) == ["T2 恢复使用"]
    applied(engine, SITE)
    assert [r[1] for r in rows(engine, SITE, "tool", "code", "retired_at")] == [None, None]
    with engine.connect() as connection:
        clause = search(connection, schema, "tool", "套筒").clause
        assert connection.scalar(select(schema.tables["tool"].c.id).where(clause)) == 2


def test_a_row_that_the_screen_retired_stays_retired(engine: Engine) -> None:
    applied(engine, SITE)
    on_screen(engine, SITE, "T2", retired_at=MONDAY)
    assert planned(engine, SITE).steps == ()


def test_a_row_made_on_the_screen_first_is_taken_over_where_it_agrees(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "tool", code="T3", name="锤子")
    with_it = edited(SITE, (TOOL, T2, T2 + "  - { code: T3, name: 锤子, price: 8 }\n"))
    assert says(planned(engine, with_it)) == ["T3 价格 无→8.00"]
    applied(engine, with_it)
    assert len(rows(engine, with_it, "tool", "id")) == 3
    otherwise = edited(with_it, (TOOL, "name: 锤子", "name: 铁锤"))
    on_screen(engine, with_it, "T3", name="木锤")
    assert [step.do for step in planned(engine, otherwise).refused] == ["item.conflict"]


def test_new_rows_of_a_known_entity_are_found_by_searching(engine: Engine) -> None:
    applied(engine, SITE)
    with_it = edited(SITE, (TOOL, T2, T2 + "  - { code: T3, name: 游标卡尺 }\n"))
    applied(engine, with_it)
    schema = schema_of(with_it)
    with engine.connect() as connection:
        for typed, initials in (("卡尺", False), ("ybkc", True)):
            clause = search(connection, schema, "tool", typed, initials=initials).clause
            assert connection.scalar(select(schema.tables["tool"].c.code).where(clause)) == "T3"


def test_a_renamed_field_is_no_change_of_its_rows(engine: Engine) -> None:
    applied(engine, SITE)
    on_screen(engine, SITE, "T1", price=9)
    renamed = edited(
        SITE, (TOOL, "  price: {", "  cost: { was: price,"), (TOOL, "price: 12.50", "cost: 12.50")
    )
    plan = planned(engine, renamed)
    assert [step.do for step in plan.steps] == ["field.rename"]
    assert [notice.sentence for notice in plan.notices] == ["T1 界面上改过，保留：价格 9.00"]


def test_going_back_takes_the_rows_back_but_not_the_screen_s_work(engine: Engine) -> None:
    applied(engine, SITE)
    applied(engine, SLOWER)
    on_screen(engine, SLOWER, "T2", name="大套筒")
    applied(engine, SITE)
    assert [str(one) for (one,) in rows(engine, SITE, "tool", "lends")] == [
        "3 workdays",
        "1 workday",
    ]
    assert names(engine)["T2"] == "大套筒"


def test_rows_get_numbers_states_and_defaults_like_any_record(engine: Engine) -> None:
    listed = edited(
        SITE,
        (
            "catalogs/job.yaml",
            "  subject:",
            "  code: { label: 码, type: code, unique: yes }\n  on: { label: 日, type: date, default: today }\n  subject:",
        ),
        (
            "catalogs/job.yaml",
            "order: -created_at\n",
            "order: -created_at\nitems:\n  - { code: A, subject: 样例 }\n  - { code: B, subject: 样例, state: fixing, grade: urgent }\n",
        ),
    )
    applied(engine, listed)
    found = rows(engine, listed, "job", "number", "state", "round", "grade", "on")
    assert [(n, s, r, g, str(on)) for n, s, r, g, on in found] == [
        ("J-2026-0001", "received", 1, "normal", "2026-03-02"),
        ("J-2026-0002", "fixing", 1, "urgent", "2026-03-02"),
    ]
    with engine.begin() as connection:
        connection.execute(update(schema_of(listed).tables["job"]).values(state="done"))
    assert planned(engine, listed).steps == ()


def test_declared_rows_keep_the_entity_s_rules_like_any_record(engine: Engine) -> None:
    ruled = edited(
        SITE,
        (
            TOOL,
            "list: [code, name]\n",
            "list: [code, name]\nrules:\n  - { only_if: not (price > 100), say: 太贵 }\n",
        ),
    )
    applied(engine, ruled)
    dear = edited(ruled, (TOOL, "price: 12.50", "price: 120"))
    with pytest.raises(NotPossible, match="“工具”的 T1：太贵"):
        applied(engine, dear)
    assert [str(price) for (price,) in rows(engine, ruled, "tool", "price")] == ["12.50", "None"]
