"""A made-up site with a field of every kind: its vocabulary, its tables, its rows as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    MetaData,
    Table,
    Time,
)
from sqlalchemy.types import TypeEngine

from app.condition.sql import Links
from app.condition.vocabulary import Kind, Option, Shape
from app.schema.types import DurationText, PlainText, ScaledDecimal, TextList, UtcDateTime

GRADES = (Option("low", "低"), Option("middle", "中"), Option("high", "高"), Option("set", "成套"))
COLOURS = (Option("red", "红"), Option("blue", "蓝"), Option("none", "无"))
FLAGS = (Option("hot", "热"), Option("cold", "冷"), Option("wet", "湿"))
STATES = (Option("open", "待办"), Option("going", "在办"), Option("done", "办结"))
Fields = Mapping[str, Shape]


def shapes(*fields: Shape) -> Fields:
    return {shape.key: shape for shape in fields}


def plain(key: str, kind: Kind, label: str = "", **more: Any) -> Shape:
    return Shape(key, label or f"{key}项", kind, **more)


def ref(key: str, *targets: str, kind: Kind = Kind.REF) -> Shape:
    return plain(key, kind, targets=targets)


ALWAYS = (
    plain("id", Kind.INTEGER, "编号"),
    plain("created_at", Kind.DATETIME, "创建时间"),
)
K = Kind
ENTITIES: dict[str, Fields] = {
    "ticket": shapes(
        *ALWAYS,
        ref("created_by", "user"),
        plain("state", K.CHOICE, "状态", options=STATES),
        plain("title", K.TEXT, "标题"),
        plain("body", K.NOTE),
        plain("phone", K.PHONE),
        plain("tag", K.CODE),
        plain("size", K.INTEGER, unit="个"),
        plain("weight", K.INTEGER),
        plain("length", K.DECIMAL, places=2),
        plain("width", K.DECIMAL, places=6),
        plain("cost", K.MONEY, "费用", places=2),
        plain("budget", K.MONEY, places=4),
        plain("wages", K.MONEY, "工资", places=2, unit="万元"),
        plain("share", K.PERCENT, "占比", places=2),
        plain("goal", K.PERCENT, places=1),
        plain("loud", K.YES_NO, "吵闹"),
        plain("calm", K.YES_NO),
        plain("day", K.DATE, "日子"),
        plain("due", K.DATE),
        plain("done_at", K.DATETIME, "完成时间"),
        plain("finish.due_at", K.DATETIME, "办结·截止"),
        plain("opens", K.TIME),
        plain("closes", K.TIME),
        plain("promise", K.DURATION, "承诺时限"),
        plain("statutory", K.DURATION, "法定时限"),
        plain("grade", K.CHOICE, "等级", options=GRADES),
        plain("former_grade", K.CHOICE, options=GRADES),
        plain("colour", K.CHOICE, "颜色", options=COLOURS),
        plain("flags", K.CHOICES, "标记", options=FLAGS),
        plain("flag", K.CHOICE, options=FLAGS),
        plain("papers", K.LINES, "材料"),
        ref("helpers", "shop", kind=K.REFS),
        ref("watchers", "department", kind=K.REFS),
        ref("people", "user", kind=K.REFS),
        plain("photos", K.FILES, "照片"),
        plain("rule", K.CONDITION),
        ref("shop", "shop"),
        ref("rival", "shop"),
        ref("department", "department"),
        ref("post", "post"),
        ref("owner", "user"),
        ref("parent", "ticket"),
        ref("handler", "department"),
        plain("handler.done_at", K.DATETIME),
        ref("contact", "user", "post"),
        plain("contact.due_at", K.DATETIME),
    ),
    "shop": shapes(
        *ALWAYS,
        plain("code", K.CODE),
        plain("name", K.TEXT),
        ref("region", "region"),
        ref("department", "department"),
        ref("partners", "region", kind=K.REFS),
        plain("rating", K.INTEGER),
        plain("vip", K.YES_NO, "贵宾"),
        plain("opened", K.DATE),
        plain("grade", K.CHOICE, options=GRADES),
        plain("promise", K.DURATION),
        plain("cost", K.MONEY, places=2),
        plain("labels", K.LINES),
        plain("flags", K.CHOICES, options=FLAGS),
    ),
    "region": shapes(
        *ALWAYS,
        plain("code", K.CODE),
        plain("name", K.TEXT),
        ref("department", "department"),
        plain("grade", K.CHOICE, options=GRADES),
        plain("area", K.DECIMAL, places=2),
        plain("since", K.DATETIME),
    ),
    "visit": shapes(
        *ALWAYS,
        ref("ticket", "ticket"),
        ref("shop", "shop"),
        ref("department", "department"),
        ref("owner", "user"),
        plain("title", K.TEXT),
        plain("cost", K.MONEY, places=2),
        plain("size", K.INTEGER),
        plain("length", K.DECIMAL, places=6),
        plain("day", K.DATE),
        plain("grade", K.CHOICE, options=GRADES),
        plain("loud", K.YES_NO),
        plain("promise", K.DURATION),
        plain("done_at", K.DATETIME),
        plain("opens", K.TIME),
    ),
    "department": shapes(plain("id", K.INTEGER), plain("key", K.CODE), plain("name", K.TEXT)),
    "post": shapes(plain("id", K.INTEGER), plain("key", K.CODE), ref("department", "department")),
    "user": shapes(plain("id", K.INTEGER), plain("name", K.TEXT), ref("department", "department")),
}
PERSON = shapes(
    plain("nick", K.TEXT, "昵称"),
    plain("level", K.INTEGER),
    plain("quota", K.MONEY, places=2),
    plain("joined", K.DATE),
    plain("grade", K.CHOICE, options=GRADES),
    plain("skills", K.CHOICES, options=FLAGS),
    ref("base", "shop"),
    ref("shops", "shop", kind=K.REFS),
    plain("loud", K.YES_NO),
    plain("promise", K.DURATION),
)
DEPARTMENTS = {"d1": "一局", "d2": "二局", "d3": "三局", "x9": "老局"}
POSTS = {"p1": "一号岗", "p2": "二号岗"}
ROLES = {"clerk": "经办人", "chief": "负责人"}
CODES = {"department": DEPARTMENTS, "post": POSTS, "region": {"R1": "东区"}}
LABELS = {
    "ticket": "工单",
    "shop": "商店",
    "region": "片区",
    "visit": "走访",
    "department": "部门",
    "post": "岗位",
    "user": "人员",
}


@dataclass(frozen=True)
class SmallVocabulary:
    """Keeps to the Vocabulary protocol. `broken` are fields that couldn't be read."""

    broken: frozenset[tuple[str, str]] = frozenset()

    def entities(self) -> Mapping[str, str]:
        return LABELS

    def fields(self, entity: str) -> Fields:
        return ENTITIES.get(entity, {})

    def unread(self, entity: str, key: str) -> bool:
        return (entity, key) in self.broken

    def person(self) -> Fields:
        return PERSON

    def roles(self) -> Mapping[str, str]:
        return ROLES

    def code_field(self, entity: str) -> str | None:
        return {"department": "key", "post": "key", "shop": "code", "region": "code"}.get(entity)

    def codes(self, entity: str) -> Mapping[str, str]:
        return CODES.get(entity, {})

    def closed(self, entity: str) -> bool:
        return entity in ("department", "post")


VOCABULARY = SmallVocabulary()


# How it is stored.


def column_keys(shape: Shape) -> tuple[str, ...]:
    """The keys under which a field's value is kept: a party of two kinds has two."""
    if len(shape.targets) > 1:
        return tuple(f"{shape.key}@{target}" for target in shape.targets)
    return (shape.key,)


def column_type(shape: Shape) -> TypeEngine[Any]:
    match shape.kind:
        case K.INTEGER | K.REF:
            return BigInteger()
        case K.DECIMAL | K.MONEY | K.PERCENT:
            return ScaledDecimal(
                shape.places, max(shape.places, 4 if shape.kind is not K.DECIMAL else 6)
            )
        case K.YES_NO:
            return Boolean()
        case K.DATE:
            return Date()
        case K.DATETIME:
            return UtcDateTime()
        case K.TIME:
            return Time()
        case K.DURATION:
            return DurationText()
        case K.CHOICES | K.LINES:
            return TextList()
        case _:
            return PlainText()


LINKED = (K.REFS, K.FILES)


def column_name(key: str) -> str:
    return key.replace(".", "__").replace("@", "_to_")


@cache
def tables() -> tuple[MetaData, dict[str, Table]]:
    metadata = MetaData()
    made: dict[str, Table] = {}
    for entity, fields in ENTITIES.items():
        columns = [Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)]
        for shape in fields.values():
            if shape.kind in LINKED:
                name = f"{entity}__{shape.key}"
                made[name] = Table(
                    name,
                    metadata,
                    Column("record_id", BigInteger, primary_key=True),
                    Column("target_id", BigInteger, primary_key=True),
                )
            elif shape.key != "id":
                required = shape.key == "created_at"
                columns += [
                    Column(column_name(key), column_type(shape), nullable=not required)
                    for key in column_keys(shape)
                ]
        made[entity] = Table(entity, metadata, *columns)
    return metadata, made


@dataclass(frozen=True)
class SmallColumns:
    """Keeps to the Columns protocol."""

    def rows(self, entity: str) -> FromClause:
        return tables()[1][entity].alias()

    def column(self, rows: FromClause, entity: str, key: str) -> ColumnElement[Any]:
        found: ColumnElement[Any] = rows.c[column_name(key)]
        return found

    def links(self, rows: FromClause, entity: str, key: str) -> Links:
        members = tables()[1][f"{entity}__{key}"].alias()
        return Links(members, members.c.record_id == rows.c.id, members.c.target_id)

    def counted(self, rows: FromClause, entity: str) -> ColumnElement[bool] | None:
        return None


COLUMNS = SmallColumns()


# The rows themselves.

Row = dict[str, object]


@dataclass
class Rows:
    """All rows by entity and id, values by field key."""

    of: dict[str, dict[int, Row]] = field(default_factory=dict)

    def record(self, entity: str, id_: int) -> SmallRecord:
        return SmallRecord(self, entity, id_)

    def all(self, entity: str) -> list[SmallRecord]:
        return [SmallRecord(self, entity, id_) for id_ in self.of.get(entity, {})]


@dataclass(frozen=True)
class SmallRecord:
    """Keeps to the Record protocol."""

    rows: Rows
    entity: str
    id: int

    def value(self, steps: tuple[str, ...]) -> object:
        value = self.rows.of[self.entity][self.id].get(steps[0])
        rest = steps[1:]
        if not rest or value is None:
            return value
        (target,) = self._targets(steps[0])
        if isinstance(value, tuple):
            return tuple(SmallRecord(self.rows, target, one).value(rest) for one in value)
        assert isinstance(value, int)
        return SmallRecord(self.rows, target, value).value(rest)

    def _targets(self, step: str) -> tuple[str, ...]:
        key, _, aimed = step.partition("@")
        return (aimed,) if aimed else ENTITIES[self.entity][key].targets
