"""Conditions in a context: as SQL over the schema's tables, and typed in by a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, FromClause, exists, func, select

from app.condition import sql
from app.condition.check import read
from app.condition.facts import Facts, moment
from app.condition.tree import Condition, Moment, Span
from app.domain.context import Context
from app.domain.errors import BadQuery
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.vocabulary import site_vocabulary
from app.place import Place
from app.schema.columns import SchemaColumns

MAX_CONDITION = 2000


def facts_of(context: Context) -> Facts:
    """The moment and the actor, as conditions know them."""
    actor, manifest = context.actor, context.manifest
    below = (
        manifest.organization.below(actor.department_key) if actor.department_key else frozenset()
    )
    return Facts(
        now=context.now,
        zone=context.zone,
        user=actor.id,
        department=actor.department,
        department_key=actor.department_key,
        departments=actor.departments,
        department_keys=below,
        posts=actor.posts,
        post_keys=actor.post_keys,
        roles=actor.roles,
        fields=actor.fields,
    )


def matches(
    context: Context, condition: Condition, rows: FromClause | None = None
) -> ColumnElement[bool]:
    """The condition as a filter over its entity's table, or an alias of it. Never NULL."""
    of = context.schema.tables[condition.entity] if rows is None else rows
    return sql.where(condition, of, SchemaColumns(context.schema), facts_of(context))


def typed_condition(context: Context, entity: str, text: str) -> Condition:
    """A condition that someone typed. Raises BadQuery, also where it reads what they don't see in full."""
    from app.domain.access import hidden_reads

    condition = check_typed(context, entity, text, lambda message: BadQuery("where", message))
    if hidden := hidden_reads(context, condition):
        raise BadQuery("where", f"条件用到了您看不全的字段：{'、'.join(hidden)}")
    return condition


def check_typed(
    context: Context, entity: str, text: str, error: Callable[[str], Exception]
) -> Condition:
    """Parses and checks a condition typed on a screen. Raises what `error` makes of the first problem."""
    if len(text) > MAX_CONDITION:
        raise error(f"条件最多 {MAX_CONDITION} 个字")
    checked = read(text, site_vocabulary(context.manifest), entity, place=Place("", 1))
    if checked.condition is None:
        first = checked.problems[0] if checked.problems else None
        raise error(_worded(first.message, first.hint) if first else "条件读不懂")
    return checked.condition


def _worded(message: str, hint: str) -> str:
    return f"{message}；{hint}" if hint else message


def is_set(context: Context, entity: Entity, field: Field) -> ColumnElement[bool]:
    """Whether the field has a value, wherever it is kept. Never NULL."""
    columns, table = SchemaColumns(context.schema), context.schema.tables[entity.key]
    if field.type in (FieldType.REFS, FieldType.FILES):
        links = columns.links(table, entity.key, field.key)
        return exists(select(links.target).where(links.joined).correlate(table))
    return columns.column(table, entity.key, field.key).is_not(None)


def linked_to(context: Context, entity: Entity, field: Field, target: int) -> ColumnElement[bool]:
    """Whether `refs` hold this id. Never NULL."""
    links = SchemaColumns(context.schema).links(
        context.schema.tables[entity.key], entity.key, field.key
    )
    found = select(links.target).where(links.joined, links.target == target)
    return exists(found.correlate(context.schema.tables[entity.key]))


def contains_text(context: Context, column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether the text stands in the column, as it is: no character in it means anything else. Never NULL."""
    place = func.strpos if is_postgresql(context) else func.instr
    return func.coalesce(place(column, text), 0) > 0


def is_postgresql(context: Context) -> bool:
    return bool(context.session.get_bind().dialect.name == "postgresql")


def my_ids(context: Context, field: Field, text: str) -> tuple[int, ...] | None:
    """The ids that `me`, `my.department`, `my.departments` or `my.post` stand for in a filter; None for another word."""
    actor = context.actor
    words: dict[str, tuple[str, tuple[int | None, ...]]] = {
        "me": ("user", (actor.id,)),
        "my.department": ("department", (actor.department,)),
        "my.departments": ("department", tuple(sorted(actor.departments))),
        "my.post": ("post", tuple(sorted(actor.posts))),
    }
    if text not in words:
        return None
    target, ids = words[text]
    if field.to != target:
        raise BadQuery(field.key, f"“{field.label}”不能与 {text} 比较")
    return tuple(one for one in ids if one is not None)


_RELATIVE = re.compile(r"(today|now)(?: ([+-]) (\d{1,4}) ?(m|h|days?|months?|years?))?")
_UNITS = {"m": "minutes", "h": "hours", "day": "days", "month": "months", "year": "years"}


def relative_moment(context: Context, field: Field, text: str) -> date | datetime | None:
    """What `today`, `now - 4h` and their kin mean now, as the field holds it; None if it is no such word."""
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return None
    unit = _UNITS[match[4].rstrip("s") if len(match[4]) > 1 else match[4]] if match[4] else "days"
    amount = int(match[3] or 0) * (-1 if match[2] == "-" else 1)
    facts = facts_of(context)
    found = moment(Moment(0, match[1], Span(amount, unit) if amount else None), facts)
    if field.type is FieldType.DATE and isinstance(found, datetime):
        return found.astimezone(context.zone).date()
    if field.type is FieldType.DATETIME and not isinstance(found, datetime):
        return datetime.combine(found, time(), context.zone).astimezone(UTC)
    return found
