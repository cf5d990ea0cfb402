"""Fields that come, go, come back, get another key, type or rule: what is said, and what becomes of the values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import Engine, inspect, select, text

from app.manifest.model.values import Duration, Unit
from app.release.problems import NotPossible
from app.schema.platform import platform
from tests.release.shop import (
    SITE,
    Files,
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

JOB = "catalogs/job.yaml"
SIZE = "  size: { label: 大小, type: text }\n"
WITHOUT_SIZE = edited(SITE, (JOB, SIZE, ""))


def sized(kind: str) -> Files:
    """The site in which `size` is said otherwise."""
    return edited(SITE, (JOB, SIZE, f"  size: {{ label: 大小, {kind} }}\n"))


def columns(engine: Engine, table: str) -> set[str]:
    return {column["name"] for column in inspect(engine).get_columns(table)}


def test_a_new_field_is_there_and_empty(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁")
    more = edited(SITE, (JOB, SIZE, SIZE + "  fee: { label: 费用, type: money }\n"))
    assert says(planned(engine, more)) == ["新增字段“维修单”的“费用”（金额）"]
    applied(engine, more)
    assert rows(engine, more, "job", "subject", "fee") == [("修锁", None)]


def test_a_new_required_field_says_how_many_lack_it(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁")
    more = edited(SITE, (JOB, SIZE, SIZE + "  fee: { label: 费用, type: money, required: yes }\n"))
    step = planned(engine, more).steps[0]
    assert step.risk == "careful"
    assert "已有 1 条记录此项为空" in step.sentence
    assert applied(engine, more).release == 2


def test_a_field_taken_out_is_retired_and_its_values_come_back_with_it(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="大")
    plan = planned(engine, WITHOUT_SIZE)
    assert [(s.do, s.risk, s.rows) for s in plan.steps] == [("field.retire", "careful", 1)]
    applied(engine, WITHOUT_SIZE)
    assert "size" in columns(engine, "job")
    add(engine, WITHOUT_SIZE, "job", subject="修门")
    assert "带回第 2 次发布停用前的内容" in says(planned(engine, SITE))[0]
    applied(engine, SITE)
    assert rows(engine, SITE, "job", "subject", "size") == [("修锁", "大"), ("修门", None)]


def test_a_field_that_comes_back_as_something_else_starts_empty(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="大")
    applied(engine, WITHOUT_SIZE)
    number = sized("type: integer")
    assert "旧内容另存，不再带回" in says(planned(engine, number))[0]
    applied(engine, number)
    assert rows(engine, number, "job", "size") == [(None,)]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT size__r3 FROM job")) == "大"


def test_a_renamed_field_keeps_its_values(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="大", tool_id=1)
    renamed = edited(
        SITE,
        (JOB, SIZE, "  bulk: { label: 大小, type: text, was: size }\n"),
        (JOB, "  tool: { label: 用具,", "  gear: { was: tool, label: 用具,"),
    )
    assert [step[0] for step in does(planned(engine, renamed))] == ["field.rename", "field.rename"]
    applied(engine, renamed)
    assert rows(engine, renamed, "job", "bulk", "gear_id") == [("大", 1)]
    assert not {"size", "tool_id"} & columns(engine, "job")
    assert planned(engine, renamed).steps == ()


def test_going_back_takes_a_rename_back(engine: Engine) -> None:
    applied(engine, SITE)
    renamed = edited(SITE, (JOB, SIZE, "  bulk: { label: 大小, type: text, was: size }\n"))
    applied(engine, renamed)
    add(engine, renamed, "job", subject="修锁", bulk="大")
    assert [step[0] for step in does(planned(engine, SITE))] == ["field.rename"]
    applied(engine, SITE)
    assert rows(engine, SITE, "job", "size") == [("大",)]


def test_a_rename_onto_a_retired_field_puts_that_one_aside(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="大")
    other = edited(SITE, (JOB, SIZE, "  width: { label: 宽, type: text }\n"))
    applied(engine, other)
    add(engine, other, "job", subject="修门", width="一米")
    back = edited(SITE, (JOB, SIZE, "  size: { label: 宽, type: text, was: width }\n"))
    applied(engine, back)
    assert rows(engine, back, "job", "size") == [(None,), ("一米",)]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT size__r3 FROM job WHERE subject = '修锁'")) == "大"


def test_files_go_with_their_renamed_field(engine: Engine) -> None:
    applied(engine, SITE)
    record = add(engine, SITE, "job", subject="修锁")
    with engine.begin() as connection:
        connection.execute(
            platform.attachment.insert().values(
                entity="job", record_id=record, field="photos", name="a.png", media_type="image/png",
                size=1, digest="0" * 64, stored_as="a", at=schema_time(),
            )
        )  # fmt: skip
    applied(engine, edited(SITE, (JOB, "photos: {", "pictures: { was: photos,")))
    assert platform_rows(engine, platform.attachment, "field") == [("pictures",)]


def schema_time():  # type: ignore[no-untyped-def]
    from tests.release.shop import MONDAY

    return MONDAY


def test_text_becomes_numbers_where_it_holds_numbers(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="12")
    add(engine, SITE, "job", subject="修门", size=None)
    number = sized("type: integer, min: 1")
    plan = planned(engine, number)
    assert [(s.do, s.risk, s.rows) for s in plan.steps] == [("field.retype", "careful", 1)]
    applied(engine, number)
    assert rows(engine, number, "job", "size") == [(12,), (None,)]
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT size__r2 FROM job WHERE subject = '修锁'")) == "12"


def test_text_that_holds_no_number_is_listed_and_nothing_changes(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="12")
    record = add(engine, SITE, "job", subject="修门", size="很大")
    number = sized("type: integer")
    step = planned(engine, number).steps[0]
    assert step.risk == "refused"
    assert step.rows == 1
    assert step.details[0].startswith(f"#{record} 很大：")
    with pytest.raises(NotPossible, match="1 条记录的内容转换不了"):
        applied(engine, number)
    assert rows(engine, SITE, "job", "size") == [("12",), ("很大",)]


@pytest.mark.parametrize(
    ("before", "after", "stored", "wanted"),
    [
        ("type: integer", "type: money", 7, Decimal("7.00")),
        ("type: money", "type: text", Decimal("7.50"), "7.50"),
        ("type: integer", "type: decimal, places: 3", 7, Decimal("7.000")),
        ("type: text", "type: duration", "3 workdays", Duration(3, Unit.WORKDAYS)),
        ("type: choice, choices: { s: 小, l: 大 }", "type: text", "l", "大"),
        ("type: text", "type: choice, choices: { s: 小, l: 大 }", "大", "l"),
        ("type: choice, choices: { s: 小, l: 大 }", "type: choices, choices: { s: 小, l: 大 }", "l", ("l",)),
        ("type: choices, choices: { s: 小, l: 大 }", "type: choice, choices: { s: 小, l: 大 }", ("l",), "l"),
        ("type: note", "type: lines", "甲\n乙", ("甲", "乙")),
        ("type: text", "type: credit_code", "91350100M000100Y43", "91350100M000100Y43"),
        ("type: money, places: 2", "type: money, places: 6", Decimal("7.50"), Decimal("7.500000")),
    ],
)  # fmt: skip
def test_values_are_converted_exactly(
    engine: Engine, before: str, after: str, stored: object, wanted: object
) -> None:
    applied(engine, sized(before))
    add(engine, sized(before), "job", subject="修锁", size=stored)
    applied(engine, sized(after))
    assert rows(engine, sized(after), "job", "size") == [(wanted,)]
    assert planned(engine, sized(after)).steps == ()


def test_a_ref_becomes_refs_and_back_while_it_is_one(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", tool_id=2)
    several = edited(SITE, (JOB, "用具, type: ref,", "用具, type: refs,"))
    applied(engine, several)
    links = schema_of(several).storage["job"]["tool"].links
    assert links is not None
    assert platform_rows(engine, links, "record_id", "target_id") == [(1, 2)]
    applied(engine, SITE)
    assert rows(engine, SITE, "job", "tool_id") == [(2,)]


def test_several_refs_do_not_fit_into_one(engine: Engine) -> None:
    several = edited(SITE, (JOB, "用具, type: ref,", "用具, type: refs,"))
    applied(engine, several)
    add(engine, several, "job", subject="修锁")
    links = schema_of(several).storage["job"]["tool"].links
    assert links is not None
    with engine.begin() as connection:
        connection.execute(links.insert(), [{"record_id": 1, "target_id": one} for one in (1, 2)])
    step = planned(engine, SITE).steps[0]
    assert (step.risk, step.rows, step.details) == ("refused", 1, ("#1",))


def test_a_ref_to_another_entity_is_refused_once_it_is_used(engine: Engine) -> None:
    applied(engine, SITE)
    elsewhere = edited(SITE, (JOB, "type: ref, to: tool", "type: ref, to: post"))
    assert planned(engine, elsewhere).steps[0].risk == "safe"
    add(engine, SITE, "job", subject="修锁", tool_id=1)
    assert planned(engine, elsewhere).steps[0].risk == "refused"


def test_an_unused_ref_may_point_elsewhere(engine: Engine) -> None:
    applied(engine, SITE)
    elsewhere = edited(SITE, (JOB, "type: ref, to: tool", "type: ref, to: post"))
    applied(engine, elsewhere)
    keys = {
        k["constrained_columns"][0]: k["referred_table"]
        for k in inspect(engine).get_foreign_keys("job")
    }
    assert keys["tool_id"] == "post"


def test_unique_over_duplicates_lists_them(engine: Engine) -> None:
    applied(engine, SITE)
    for size in ("大", "大", "小"):
        add(engine, SITE, "job", subject="修锁", size=size)
    step = planned(engine, sized("type: text, unique: yes")).steps[0]
    assert (step.risk, step.rows, step.details) == ("refused", 1, ("大：2 条",))


def test_unique_without_duplicates_is_held_by_the_database(engine: Engine) -> None:
    applied(engine, SITE)
    for size in ("大", None, None):
        add(engine, SITE, "job", subject="修锁", size=size)
    applied(engine, sized("type: text, unique: yes"))
    assert "uq_job__size" in {index["name"] for index in inspect(engine).get_indexes("job")}


def test_a_rule_of_unique_combinations_lists_those_there_are_twice(engine: Engine) -> None:
    applied(engine, SITE)
    ruled = edited(
        SITE,
        (
            JOB,
            "order: -created_at\n",
            "order: -created_at\nrules:\n  - { unique: [subject, size], say: 重复 }\n",
        ),
    )
    add(engine, SITE, "job", subject="修锁", size="大")
    assert "refused" not in {step.risk for step in planned(engine, ruled).steps}
    add(engine, SITE, "job", subject="修锁", size="大")
    refused = planned(engine, ruled).refused
    assert [(step.do, step.details) for step in refused] == [("rule.unique", ("修锁、大：2 条",))]


def test_required_over_empty_values_is_refused_without_a_default(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", number="J-2026-0001")
    step = planned(engine, sized("type: text, required: yes")).steps[0]
    assert (step.risk, step.rows, step.details) == ("refused", 1, ("J-2026-0001",))


def test_required_with_a_default_fills_what_is_empty(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁")
    add(engine, SITE, "job", subject="修门", grade="urgent")
    strict = edited(SITE, (JOB, "default: normal }", "default: normal, required: yes }"))
    assert planned(engine, strict).steps[0].risk == "careful"
    applied(engine, strict)
    assert rows(engine, strict, "job", "grade") == [("normal",), ("urgent",)]


def test_a_tighter_limit_says_how_many_are_beyond_it(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="很大很大")
    step = planned(engine, sized("type: text, max_length: 2")).steps[0]
    assert (step.risk, step.rows) == ("careful", 1)
    assert "1 条现有记录不合新规" in step.sentence


def test_a_private_field_made_open_asks_for_attention(engine: Engine) -> None:
    applied(engine, sized("type: text, private: yes"))
    assert planned(engine, SITE).steps[0].risk == "careful"
    applied(engine, SITE)
    assert planned(engine, sized("type: text, private: yes")).steps[0].risk == "safe"


def test_a_hand_made_column_of_the_same_type_is_used_another_refused(engine: Engine) -> None:
    applied(engine, SITE)
    kind = "TIMESTAMP WITH TIME ZONE" if engine.dialect.name == "postgresql" else "DATETIME"
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE job ADD COLUMN remark VARCHAR"))
        connection.execute(text(f"ALTER TABLE job ADD COLUMN since {kind}"))
    good = edited(SITE, (JOB, SIZE, SIZE + "  remark: { label: 备注, type: text }\n"))
    assert "沿用表里手工加的同名列" in says(planned(engine, good))[0]
    applied(engine, good)
    bad = edited(good, (JOB, SIZE, SIZE + "  since: { label: 起, type: integer }\n"))
    assert "手工加的列 since" in planned(engine, bad).refused[0].sentence


def test_searching_another_field_fills_the_index_again(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="特大号")
    with_size = sized("type: text, search: yes")
    applied(engine, with_size)
    index = schema_of(with_size).searches["job"][0].table
    with engine.connect() as connection:
        assert connection.scalar(select(index.c.text)) == "修锁\n特大号"


def test_a_destroyed_field_is_gone_for_good(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="大", tool_id=1)
    without = edited(WITHOUT_SIZE, (JOB, "  tool: { label: 用具, type: ref, to: tool }\n", ""))
    plan = planned(engine, without, destroy=frozenset({"job.size", "job.tool"}))
    destroyed = [(s.target, s.risk, s.rows) for s in plan.steps if s.do == "field.destroy"]
    assert destroyed == [("job.size", "destructive", 1), ("job.tool", "destructive", 1)]
    applied(engine, without, choices=plan.choices)
    assert not {"size", "tool_id"} & columns(engine, "job")
    assert rows(engine, without, "job", "subject") == [("修锁",)]
    assert planned(engine, without).steps == ()
    applied(engine, SITE)
    assert rows(engine, SITE, "job", "size", "tool_id") == [(None, None)]


def test_only_what_is_out_of_the_files_can_be_destroyed(engine: Engine) -> None:
    applied(engine, SITE)
    declared = planned(engine, SITE, destroy=frozenset({"job.size"}))
    assert "还在配置里" in declared.refused[0].sentence
    unknown = planned(engine, SITE, destroy=frozenset({"job.nothing"}))
    assert "没有已停用的字段 job.nothing" in unknown.refused[0].sentence


def test_what_was_put_aside_can_be_destroyed_by_its_name(engine: Engine) -> None:
    applied(engine, SITE)
    add(engine, SITE, "job", subject="修锁", size="12")
    number = sized("type: integer")
    applied(engine, number)
    plan = planned(engine, number, destroy=frozenset({"job.size__r2"}))
    applied(engine, number, choices=plan.choices)
    assert "size__r2" not in columns(engine, "job")
    assert rows(engine, number, "job", "size") == [(12,)]


def test_fields_called_like_words_of_sql_work(engine: Engine) -> None:
    odd = edited(
        SITE,
        (
            JOB,
            SIZE,
            "  select: { label: 选, type: text }\n  order: { label: 序, type: integer }\n  group: { label: 组, type: ref, to: tool }\n",
        ),
    )
    applied(engine, odd)
    add(engine, odd, "job", subject="修锁", select="x", order=1, group_id=1)
    applied(engine, edited(odd, (JOB, "  select: {", "  table: { was: select,")))
