"""Applying: an empty database becomes a site, each later release changes what it says and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect, text

from app.release.planned import planned as seen
from app.release.problems import NotPossible, Stale
from app.release.releases import all_releases, live_release, release_files
from app.schema.platform import platform
from tests.release.shop import (
    SITE,
    add,
    applied,
    does,
    edited,
    planned,
    platform_rows,
    rows,
    says,
    schema_of,
)

ROLES = ("config/roles.yaml", "    label: 伙计\n", "    label: 学徒\n")


def test_the_first_apply_makes_everything(engine: Engine) -> None:
    assert live_release(engine) == 0
    done = applied(engine, SITE, why="开张")
    assert done.release == 1 == live_release(engine)
    tables = set(inspect(engine).get_table_names())
    assert {"tool", "job", "person", "department", "ab_user", "platform_history"} <= tables
    assert platform_rows(engine, platform.department, "key", "label") == [
        ("shop", "修理铺"),
        ("bench", "工作台"),
    ]
    assert sorted(platform_rows(engine, platform.role, "name")) == [("boss",), ("hand",)]
    assert rows(engine, SITE, "tool", "code", "name") == [("T1", "扳手"), ("T2", "套筒")]


def test_a_second_apply_has_nothing_to_do(engine: Engine) -> None:
    applied(engine, SITE)
    assert planned(engine, SITE).steps == ()
    again = applied(engine, SITE)
    assert again.release == 1
    assert again.plan.steps == ()
    assert live_release(engine) == 1


def test_planning_changes_nothing(engine: Engine) -> None:
    planned(engine, SITE)
    assert inspect(engine).get_table_names() == []


def test_the_release_keeps_all_files_and_who_when_why(engine: Engine) -> None:
    applied(engine, SITE, why="开张")
    applied(engine, edited(SITE, ROLES), days=1, why="改名")
    second, first = all_releases(engine)
    assert (first.why, second.why, second.by) == ("开张", "改名", "管理员")
    assert (second.at - first.at).days == 1
    assert release_files(engine, 1) == {path: body.encode() for path, body in SITE.items()}
    assert "学徒" in release_files(engine, 2)["config/roles.yaml"].decode()
    assert [step["do"] for step in second.steps] == ["roles.change"]


def test_a_file_that_two_releases_hold_is_kept_once(engine: Engine) -> None:
    applied(engine, SITE)
    applied(engine, edited(SITE, ROLES))
    assert len(platform_rows(engine, platform.file, "digest")) == len(SITE) + 1


def test_a_comment_alone_is_told_and_makes_a_release(engine: Engine) -> None:
    """`explain` names lines: they must be those of the file as it is."""
    applied(engine, SITE)
    commented = edited(SITE, ("catalogs/job.yaml", "entity: job\n", "# 维修\nentity: job\n"))
    assert says(planned(engine, commented)) == ["只改了注释、排版或自测：catalogs/job.yaml"]
    assert applied(engine, commented).release == 2
    assert planned(engine, commented).steps == ()


def test_a_plan_made_against_an_older_release_is_refused(engine: Engine) -> None:
    applied(engine, SITE)
    mine = edited(SITE, ("catalogs/job.yaml", "label: 维修单", "label: 工单"))
    agreed = seen(planned(engine, mine))
    applied(engine, edited(SITE, ROLES))
    with pytest.raises(Stale, match="第 1 次发布做的，现在已是第 2 次"):
        applied(engine, mine, planned=agreed)
    assert live_release(engine) == 2


def test_a_plan_of_other_files_is_refused(engine: Engine) -> None:
    applied(engine, SITE)
    agreed = seen(planned(engine, edited(SITE, ROLES)))
    with pytest.raises(Stale, match="文件又改过"):
        applied(
            engine,
            edited(SITE, ("catalogs/job.yaml", "label: 维修单", "label: 工单")),
            planned=agreed,
        )


def test_a_plan_whose_steps_the_records_have_changed_is_refused(engine: Engine) -> None:
    applied(engine, SITE)
    strict = edited(SITE, ("catalogs/job.yaml", "type: text }", "type: text, unique: yes }"))
    agreed = seen(planned(engine, strict))
    for _ in range(2):
        add(engine, SITE, "job", subject="修锁", size="大")
    with pytest.raises(Stale, match="数据变了"):
        applied(engine, strict, planned=agreed)


def test_more_records_meanwhile_are_no_other_plan(engine: Engine) -> None:
    applied(engine, SITE)
    smaller = edited(SITE, ("catalogs/job.yaml", "  size: { label: 大小, type: text }\n", ""))
    add(engine, SITE, "job", subject="修锁", size="大")
    agreed = seen(planned(engine, smaller))
    add(engine, SITE, "job", subject="修门", size="小")
    assert applied(engine, smaller, planned=agreed).release == 2


def test_a_refused_step_keeps_everything_as_it_was(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", grade="urgent")
    without = edited(
        SITE,
        ("catalogs/job.yaml", ", urgent: 紧急", ""),
        ("catalogs/job.yaml", "  size:", "  colour: { label: 颜色, type: text }\n  size:"),
    )
    with pytest.raises(NotPossible, match="1 条记录在用"):
        applied(engine, without)
    assert live_release(engine) == 1
    assert "colour" not in {column["name"] for column in inspect(engine).get_columns("job")}


def test_columns_and_indexes_made_by_hand_are_kept(engine: Engine) -> None:
    applied(engine, SITE)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE job ADD COLUMN scribble VARCHAR"))
        connection.execute(text("CREATE INDEX mine ON job (scribble)"))
        connection.execute(text("DROP INDEX ix_job__created_at__id"))
    add(engine, SITE, "job", subject="修锁")
    plan = planned(engine, SITE)
    assert does(plan) == [("table.repair", "job", "safe")]
    assert applied(engine, SITE).release == 2
    inspector = inspect(engine)
    assert "scribble" in {column["name"] for column in inspector.get_columns("job")}
    assert {"mine", "ix_job__created_at__id"} <= {
        index["name"] for index in inspector.get_indexes("job")
    }


def test_the_database_has_exactly_what_the_schema_says(engine: Engine) -> None:
    applied(engine, SITE)
    schema = schema_of(SITE)
    inspector = inspect(engine)
    for table in schema.metadata.tables.values():
        there = {column["name"] for column in inspector.get_columns(table.name)}
        assert there - {"grams"} == set(table.columns.keys())
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes
        keys = {key["constrained_columns"][0] for key in inspector.get_foreign_keys(table.name)}
        assert keys == {column.name for column in table.columns if column.foreign_keys}


def test_a_table_of_somebody_else_is_not_taken_over(engine: Engine) -> None:
    applied(engine, SITE)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE van (wheels INTEGER)"))
    van = "entity: van\nlabel: 车\nfields:\n  name: { label: 名称, type: text }\n"
    with_van = SITE | {"catalogs/van.yaml": van}
    with pytest.raises(NotPossible, match="已有别的表叫 van"):
        applied(engine, with_van)
