"""The wordings of conditions, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.condition.tree import Op

# How a comparison is worded goes by what is compared.
NUMBER, MOMENT, LASTING, RANK, TEXT, MANY, PERIOD, GROUP, SAID = (
    "number", "moment", "lasting", "rank", "text", "many", "period", "group", "said",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language. Templates are filled with `left`, `right` and the like."""

    comparisons: Mapping[tuple[str, Op], str]
    negations: Mapping[tuple[str, Op], str]
    negated: str
    both: str
    either: str
    grouped: str
    of: str
    field: str
    text: str
    choice: str
    listed: str
    person: Mapping[str, str]
    my_field: str
    truths: tuple[str, str]
    units: Mapping[str, tuple[str, str]]
    moments: Mapping[str, str]
    before: str
    later: str
    years: tuple[str, str]
    day: str
    within: str
    rows: str
    rows_where: str
    counted: str
    distinct: str
    summed: str
    same: str
    this_record: str


def _orders(kind: str, more: str, least: str, less: str, most: str) -> dict[tuple[str, Op], str]:
    return {
        (kind, Op.MORE): more,
        (kind, Op.AT_LEAST): least,
        (kind, Op.LESS): less,
        (kind, Op.AT_MOST): most,
    }


def _zh(kind: str, more: str, least: str, less: str, most: str) -> dict[tuple[str, Op], str]:
    words = (f"{{left}}{word}{{right}}" for word in (more, least, less, most))
    return _orders(kind, *words)


def _en(kind: str, more: str, least: str, less: str, most: str) -> dict[tuple[str, Op], str]:
    words = (f"{{left}} is {word} {{right}}" for word in (more, least, less, most))
    return _orders(kind, *words)


CHINESE = Phrases(
    comparisons={
        (SAID, Op.IS): "{left}为{right}",
        (SAID, Op.IN): "{left}为{right}",
        (PERIOD, Op.IS): "{left}在{right}",
        (GROUP, Op.IN): "{left}属于{right}",
        (GROUP, Op.IS): "{left}为{right}",
        (SAID, Op.IS_SET): "{left}不为空",
        (SAID, Op.IS_EMPTY): "{left}为空",
        (TEXT, Op.CONTAINS): "{left}包含{right}",
        (TEXT, Op.STARTS_WITH): "{left}以{right}开头",
        (MANY, Op.CONTAINS): "{left}中有{right}",
        **_zh(NUMBER, "大于", "不小于", "小于", "不大于"),
        **_zh(MOMENT, "晚于", "不早于", "早于", "不晚于"),
        **_zh(LASTING, "长于", "不短于", "短于", "不长于"),
        **_zh(RANK, "高于", "不低于", "低于", "不高于"),
    },
    negations={
        (SAID, Op.IS): "{left}不为{right}",
        (SAID, Op.IN): "{left}不为{right}中的任何一个",
        (PERIOD, Op.IS): "{left}不在{right}",
        (GROUP, Op.IN): "{left}不属于{right}",
        (GROUP, Op.IS): "{left}不为{right}",
        (SAID, Op.IS_SET): "{left}为空",
        (SAID, Op.IS_EMPTY): "{left}不为空",
        (TEXT, Op.CONTAINS): "{left}不包含{right}",
        (TEXT, Op.STARTS_WITH): "{left}不以{right}开头",
        (MANY, Op.CONTAINS): "{left}中没有{right}",
    },
    negated="并非{part}",
    both="，且",
    either="，或",
    grouped="（{part}）",
    of="的",
    field="“{label}”",
    text="“{text}”",
    choice="或",
    listed="、",
    person={
        "me": "我",
        "department": "我的部门",
        "departments": "我的部门及其下属部门",
        "post": "我的岗位",
        "roles": "我的角色",
    },
    my_field="我的“{label}”",
    truths=("否", "是"),
    units={
        "minutes": ("{n}分钟", "{n}分钟"),
        "hours": ("{n}小时", "{n}小时"),
        "workdays": ("{n}个工作日", "{n}个工作日"),
        "days": ("{n}天", "{n}天"),
        "months": ("{n}个月", "{n}个月"),
        "years": ("{n}年", "{n}年"),
    },
    moments={"today": "今天", "now": "此刻"},
    before="{base}往前{span}",
    later="{base}往后{span}",
    years=("今年", "去年"),
    day="{year}年{month}月{day}日",
    within="近{span}内",
    rows="{within}{entity}",
    rows_where="{within}（{where}）的{entity}",
    counted="{rows}数量",
    distinct="{rows}涉及的不同{subject}数量",
    summed="{rows}的{subject}合计",
    same="{theirs}与本记录的{ours}相同",
    this_record="{theirs}为本记录",
)

ENGLISH = Phrases(
    comparisons={
        (SAID, Op.IS): "{left} is {right}",
        (SAID, Op.IN): "{left} is {right}",
        (PERIOD, Op.IS): "{left} falls within {right}",
        (GROUP, Op.IN): "{left} is one of {right}",
        (GROUP, Op.IS): "{left} is {right}",
        (SAID, Op.IS_SET): "{left} is filled in",
        (SAID, Op.IS_EMPTY): "{left} is empty",
        (TEXT, Op.CONTAINS): "{left} contains {right}",
        (TEXT, Op.STARTS_WITH): "{left} starts with {right}",
        (MANY, Op.CONTAINS): "{left} has {right}",
        **_en(NUMBER, "more than", "at least", "less than", "at most"),
        **_en(MOMENT, "after", "not before", "before", "not after"),
        **_en(LASTING, "longer than", "at least", "shorter than", "at most"),
        **_en(RANK, "above", "at least", "below", "at most"),
    },
    negations={
        (SAID, Op.IS): "{left} is not {right}",
        (SAID, Op.IN): "{left} is none of {right}",
        (PERIOD, Op.IS): "{left} doesn't fall within {right}",
        (GROUP, Op.IN): "{left} is none of {right}",
        (GROUP, Op.IS): "{left} is not {right}",
        (SAID, Op.IS_SET): "{left} is empty",
        (SAID, Op.IS_EMPTY): "{left} is filled in",
        (TEXT, Op.CONTAINS): "{left} doesn't contain {right}",
        (TEXT, Op.STARTS_WITH): "{left} doesn't start with {right}",
        (MANY, Op.CONTAINS): "{left} doesn't have {right}",
    },
    negated="it is not so that {part}",
    both=", and ",
    either=", or ",
    grouped="({part})",
    of="’s ",
    field="“{label}”",
    text="“{text}”",
    choice=" or ",
    listed=", ",
    person={
        "me": "me",
        "department": "my department",
        "departments": "my department and those below",
        "post": "my post",
        "roles": "my roles",
    },
    my_field="my “{label}”",
    truths=("no", "yes"),
    units={
        "minutes": ("{n} minute", "{n} minutes"),
        "hours": ("{n} hour", "{n} hours"),
        "workdays": ("{n} workday", "{n} workdays"),
        "days": ("{n} day", "{n} days"),
        "months": ("{n} month", "{n} months"),
        "years": ("{n} year", "{n} years"),
    },
    moments={"today": "today", "now": "now"},
    before="{span} before {base}",
    later="{span} after {base}",
    years=("this year", "last year"),
    day="{year}-{month:02}-{day:02}",
    within="of the last {span}",
    rows="{entity} {within}",
    rows_where="{entity} {within} ({where})",
    counted="the number of {rows}",
    distinct="the number of different {subject} in {rows}",
    summed="the sum of {subject} in {rows}",
    same="{theirs} is the same as this record's {ours}",
    this_record="{theirs} is this record",
)

PHRASES: Mapping[str, Phrases] = {"zh": CHINESE, "en": ENGLISH}
