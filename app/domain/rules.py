"""What a record must keep to: unique values, required-when, and the entity's own rules.

Conditions are put to the database over the row as it was just written, so rules with refs and counts need no
second reading.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, literal, not_, or_, select

from app.domain import access
from app.domain.context import Context
from app.domain.errors import Invalid
from app.domain.facts import is_set, matches, relative_moment
from app.domain.history import since_version
from app.domain.rows import Row
from app.manifest.model.entities import Entity, NoOverlap, OnlyIf, RecordRule, Unique
from app.manifest.model.fields import Field, FieldType


def default(context: Context, field: Field) -> object:
    """What a new record's field begins with. `today` and `now` mean this moment."""
    value = field.default
    if isinstance(value, str) and field.type in (FieldType.DATE, FieldType.DATETIME):
        return relative_moment(context, field, value)
    return value


def taken(
    context: Context, entity: Entity, values: Mapping[str, object], keep: Mapping[str, object]
) -> dict[str, str]:
    """Messages for values that another record has already though they are unique.

    Says nothing of the other record: it may lie outside the actor's rows.
    """
    found: dict[str, str] = {}
    for key, field in entity.live_fields.items():
        if (
            field.unique
            and values.get(key) is not None
            and _exists(context, entity, {key: values[key]}, keep)
        ):
            found[key] = f"已有记录使用了这个“{field.label}”，请换一个"
    for rule in entity.rules:
        if isinstance(rule, Unique):
            group = {key: values.get(key, keep.get(key)) for key in rule.fields}
            if None not in group.values() and _exists(context, entity, group, keep):
                found.setdefault(rule.fields[-1], rule.say)
    return found


def _exists(
    context: Context, entity: Entity, group: Mapping[str, object], keep: Mapping[str, object]
) -> bool:
    table = access.table(context, entity.key)
    stored = context.schema.storage[entity.key]
    clauses: list[ColumnElement[bool]] = []
    for key, value in group.items():
        column = stored[key].column
        if column is not None:
            clauses.append(table.c[column.name] == value)
    if isinstance(own := keep.get("id"), int):
        clauses.append(table.c.id != own)
    return context.session.scalar(select(table.c.id).where(*clauses).limit(1)) is not None


def require_kept(context: Context, entity: Entity, record: int) -> None:
    """Raises Invalid with every rule that the written record doesn't keep, at its field where there is one."""
    checks: list[tuple[str, str, ColumnElement[bool]]] = []
    for key, field in entity.live_fields.items():
        if field.required_when is not None:
            visible = (
                [matches(context, field.visible_when)] if field.visible_when is not None else []
            )
            empty = not_(is_set(context, entity, field))
            broken = and_(matches(context, field.required_when), empty, *visible)
            checks.append((key, f"请填写“{field.label}”", broken))
    for rule in entity.rules:
        if (broken_rule := _broken(context, entity, rule)) is not None:
            checks.append((_at(rule), rule.say, broken_rule))
    if not checks:
        return
    table = access.table(context, entity.key)
    columns = [broken.label(f"check_{number}") for number, (_, _, broken) in enumerate(checks)]
    answers = context.session.execute(
        select(*columns).select_from(table).where(table.c.id == record)
    ).one()
    errors: dict[str, str] = {}
    for (key, say, _), broken_now in zip(checks, answers, strict=True):
        if broken_now:
            errors[key] = f"{errors[key]}；{say}" if key in errors else say
    if errors:
        place = next((rule.place for rule in entity.rules if rule.say in errors.values()), None)
        raise Invalid(errors, place=place)


def _at(rule: RecordRule) -> str:
    match rule:
        case OnlyIf(condition=condition):
            plain = sorted(path for path in condition.reads if "." not in path and ":" not in path)
            return plain[0] if len(plain) == 1 else ""
        case Unique(fields=fields):
            return fields[-1]
        case NoOverlap(end=end):
            return end


def _broken(context: Context, entity: Entity, rule: RecordRule) -> ColumnElement[bool] | None:
    match rule:
        case OnlyIf(condition=condition):
            return not_(matches(context, condition))
        case NoOverlap():
            return _overlaps(context, entity, rule)
        case Unique():
            return None  # `taken` and the unique index see to it


def _overlaps(context: Context, entity: Entity, rule: NoOverlap) -> ColumnElement[bool]:
    """Another live record of the same `per` whose range meets this one's; an empty end is open."""
    table = access.table(context, entity.key)
    other = table.alias("other")
    stored = context.schema.storage[entity.key]

    def name(key: str) -> str:
        column = stored[key].column
        return column.name if column is not None else key

    start, end = name(rule.start), name(rule.end)
    same = [other.c[name(key)] == table.c[name(key)] for key in rule.per]
    strict = isinstance(stored[rule.start].field.type, FieldType) and stored[
        rule.start
    ].field.type in (
        FieldType.DATETIME,
        FieldType.TIME,
    )
    # Days include both ends; moments only touch where one ends as the other begins.
    before = other.c[start] < table.c[end] if strict else other.c[start] <= table.c[end]
    after = other.c[end] > table.c[start] if strict else other.c[end] >= table.c[start]
    meets = and_(
        or_(other.c[start].is_(None), table.c[end].is_(None), before),
        or_(other.c[end].is_(None), table.c[start].is_(None), after),
    )
    found = select(literal(1)).where(
        other.c.id != table.c.id, other.c.retired_at.is_(None), *same, meets
    )
    return found.correlate(table).exists()


def changed_since(context: Context, theirs: Row, version: int) -> tuple[str, tuple[str, ...]]:
    """Who saved the record after this version, and which fields they changed."""
    return since_version(context, theirs.entity, theirs.id, theirs.version - version)
