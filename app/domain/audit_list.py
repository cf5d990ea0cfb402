"""Reading the audit log, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from app.domain.audit import ACTION_WORDS
from app.domain.context import SYSTEM, Context
from app.domain.errors import Invalid
from app.schema.platform import platform

PAGE = 50
MOST_EXPORTED = 100_000
log = platform.audit
# What the details of a row are called, and values that have a word of their own.
DETAIL_WORDS: Mapping[str, str] = {
    "door": "方式",
    "locked": "锁定",
    "given": "授予",
    "taken": "收回",
    "rows": "行数",
    "method": "请求方法",
    "path": "地址",
    "place": "依据",
    "name": "姓名",
}
VALUE_WORDS: Mapping[object, str] = {"form": "网页", "api": "接口", True: "是", False: "否"}
ROLE_LISTS = ("given", "taken")


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows: of one action, allowed or refused, by one user name; those before a number."""

    action: str = ""
    outcome: str = ""
    who: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row in words. `details` by the names that stand in DETAIL_WORDS."""

    id: int
    at: datetime
    word: str
    allowed: bool
    who: str
    by_system: bool
    address: str
    subject: str
    details: Mapping[str, str]


def page(context: Context, question: Question) -> tuple[list[Line], bool]:
    """One page of rows, and whether there are older ones."""
    rows = context.session.execute(_query(question).limit(PAGE + 1)).all()
    return [_line(context, row) for row in rows[:PAGE]], len(rows) > PAGE


def everything(context: Context, question: Question) -> list[Line]:
    """All rows. Raises Invalid where there are too many for one file."""
    rows = context.session.execute(_query(question).limit(MOST_EXPORTED + 1)).all()
    if len(rows) > MOST_EXPORTED:
        raise Invalid({"": f"超过 {MOST_EXPORTED} 行，请缩小范围后分次导出"})
    return [_line(context, row) for row in rows]


def _query(question: Question) -> Select[Any]:
    query = select(log).order_by(log.c.id.desc())
    if question.action:
        query = query.where(log.c.action == question.action)
    if question.outcome:
        query = query.where(log.c.allowed == int(question.outcome == "allowed"))
    if question.who:
        query = query.where(log.c.by_name == question.who)
    return query.where(log.c.id < question.before) if question.before else query


def _line(context: Context, row: Row[Any]) -> Line:
    details = dict(row.details or {})
    subject = details.pop("username", "") or (f"{row.entity} {row.record_id}" if row.entity else "")
    told = {
        name: _value(context, name, value)
        for name, value in details.items()
        if value not in (None, [], "")
    }
    who = row.by_name or ""
    return Line(
        row.id,
        row.at,
        ACTION_WORDS.get(row.action, row.action),
        bool(row.allowed),
        who,
        row.by_id is None and who == SYSTEM.username,
        row.address or "",
        str(subject),
        told,
    )


def _value(context: Context, name: str, value: object) -> str:
    if name in ROLE_LISTS and isinstance(value, list):
        known = context.manifest.roles
        value = [known[key].label if key in known else key for key in value]
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return VALUE_WORDS.get(value, str(value)) if isinstance(value, bool | str) else str(value)
