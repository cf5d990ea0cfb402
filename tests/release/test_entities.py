"""Entities that come, go, come back or get another key."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, insert, inspect, select

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

JOB = "catalogs/job.yaml"


def renamed() -> Files:
    """The site in which a job is called a ticket."""
    files = edited(
        SITE,
        (JOB, "entity: job\n", "entity: ticket\nwas: job\n"),
        ("config/roles.yaml", "      job:", "      ticket:"),
    )
    files["catalogs/ticket.yaml"] = files.pop(JOB)
    return files


def without_jobs() -> Files:
    files = edited(
        SITE,
        ("config/roles.yaml", "      job: [read, create, edit, retire]\n", ""),
        (
            "config/roles.yaml",
            "      job: [read, create]\n    sees:\n      job: department is my.department\n",
            "      tool: [read]\n",
        ),
    )
    del files[JOB]
    return files


def test_a_new_entity_is_one_file(engine: Engine) -> None:
    applied(engine, SITE)
    van = "entity: van\nlabel: 车\nfields:\n  name: { label: 名称, type: text }\n  tools: { label: 工具, type: refs, to: tool }\n"
    more = SITE | {"catalogs/van.yaml": van}
    assert says(planned(engine, more)) == ["新建“车”（2 个字段）"]
    applied(engine, more)
    add(engine, more, "van", name="货车")
    assert {"van", "van__tools"} <= set(inspect(engine).get_table_names())


def test_entities_may_point_at_each_other_in_a_circle(engine: Engine) -> None:
    one = "entity: one\nlabel: 甲\nfields:\n  other: { label: 乙, type: ref, to: two }\n  self_: { label: 己, type: ref, to: one }\n"
    two = "entity: two\nlabel: 乙\nfields:\n  other: { label: 甲, type: ref, to: one }\n"
    circle = SITE | {"catalogs/one.yaml": one, "catalogs/two.yaml": two}
    applied(engine, circle)
    first = add(engine, circle, "one")
    second = add(engine, circle, "two", other_id=first)
    add(engine, circle, "one", other_id=second, self__id=first)


def test_an_entity_taken_out_keeps_its_records_for_its_return(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁")
    plan = planned(engine, without_jobs())
    assert ("停用“维修单”：1 条记录保留在数据库里，不再显示", "careful") in {
        (s.sentence, str(s.risk)) for s in plan.steps
    }
    applied(engine, without_jobs())
    assert "恢复“维修单”：带回停用前的记录" in says(planned(engine, SITE))
    applied(engine, SITE)
    assert rows(engine, SITE, "job", "subject") == [("修锁",)]
    schema = schema_of(SITE)
    with engine.connect() as connection:
        found = search(connection, schema, "job", "修锁").clause
        assert connection.scalar(select(schema.tables["job"].c.id).where(found)) == 1


def test_a_renamed_entity_keeps_records_history_numbers_and_files(engine: Engine) -> None:
    applied(engine, SITE)
    record = add(engine, SITE, "job", subject="修锁")
    with engine.begin() as connection:
        connection.execute(insert(platform.sequence).values(name="job:2026", value=7))
        connection.execute(insert(platform.sequence).values(name="jobs:2026", value=9))
        connection.execute(
            insert(platform.history).values(
                entity="job", record_id=record, at=MONDAY, by_name="王", action="create",
                release=1, hash="0" * 64,
            )
        )  # fmt: skip
    assert "实体 job 改名为 ticket（维修单），记录和历史随之" in says(planned(engine, renamed()))
    applied(engine, renamed())
    assert rows(engine, renamed(), "ticket", "subject") == [("修锁",)]
    assert "job" not in inspect(engine).get_table_names()
    history = platform_rows(engine, platform.history, "entity", "record_id", "by_name")
    assert ("ticket", record, "王") in history
    sequences = platform_rows(engine, platform.sequence, "name", "value")
    assert {("ticket:2026", 7), ("jobs:2026", 9)} <= set(sequences)
    assert planned(engine, renamed()).steps == ()


def test_going_back_takes_the_entity_s_rename_back(engine: Engine) -> None:
    applied(engine, SITE)
    applied(engine, renamed())
    add(engine, renamed(), "ticket", subject="修锁")
    applied(engine, SITE)
    assert rows(engine, SITE, "job", "subject") == [("修锁",)]


def test_a_key_under_which_old_records_lie_is_not_given_to_others(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁")
    applied(engine, without_jobs())
    van = "entity: van\nlabel: 车\nfields:\n  name: { label: 名称, type: text }\n"
    with_van = without_jobs() | {"catalogs/van.yaml": van}
    applied(engine, with_van)
    taken = without_jobs() | {JOB: van.replace("entity: van\n", "entity: job\nwas: van\n")}
    assert "以前有过键为 job 的实体" in planned(engine, taken).refused[0].sentence


def test_what_is_said_of_an_entity_is_told_by_its_words(engine: Engine) -> None:
    applied(engine, SITE)
    changed = edited(
        SITE,
        (JOB, "label: 维修单", "label: 工单"),
        (JOB, "filter: [state, grade", "filter: [state, channel, grade"),
    )
    assert says(planned(engine, changed)) == ["修改“工单”：名称 维修单→工单；筛选加上channel"]


def test_an_index_that_nothing_needs_any_more_goes(engine: Engine) -> None:
    applied(engine, SITE)
    graded = {i["name"] for i in inspect(engine).get_indexes("job") if "grade" in i["column_names"]}
    assert graded
    unfiltered = edited(
        SITE,
        (JOB, "filter: [state, grade, department]", "filter: [state]"),
        ("config/roles.yaml", "    sees:\n      job: department is my.department\n", ""),
    )
    applied(engine, unfiltered)
    after = {index["name"] for index in inspect(engine).get_indexes("job")}
    assert not graded & after
    assert after


def test_records_of_an_entity_that_gets_numbers_get_theirs(engine: Engine) -> None:
    bare = edited(
        SITE, (JOB, "number: J-{year}-{seq:4}\n", ""), (JOB, "list: [number, ", "list: [")
    )
    applied(engine, bare)
    for day in (2, 0, 1):
        add(engine, bare, "job", subject=str(day), created_at=MONDAY + timedelta(days=day))
    assert "“维修单”开始编号，3 条已有记录按登记先后补上" in says(planned(engine, SITE))
    applied(engine, SITE)
    assert rows(engine, SITE, "job", "subject", "number") == [
        ("2", "J-2026-0003"),
        ("0", "J-2026-0001"),
        ("1", "J-2026-0002"),
    ]
