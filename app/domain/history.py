"""What was done to a record: who, when, old → new, under which release and YAML line. Rows are only added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain import access
from app.domain.context import Context
from app.domain.masks import HIDDEN
from app.domain.rows import Row
from app.domain.wire import Json, to_json
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.place import Place
from app.schema.ledger import append_history
from app.schema.platform import platform

PAGE = 50
ACTION_VERBS = {"create": "create", "edit": "edit", "retire": "retire", "restore": "retire"}
VERSIONED = ("create", "edit", "retire", "restore")


@dataclass(frozen=True, slots=True)
class Change:
    """One field's old and new value as JSON; for refs with their titles at that time, masked where private."""

    field: Field
    old: Json
    new: Json


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a record's history."""

    id: int
    at: datetime
    by: str
    action: str
    release: int
    place: str
    reason: str
    changes: tuple[Change, ...]
    details: Mapping[str, Json]


def write_history(
    context: Context,
    entity: Entity,
    record: int,
    action: str,
    changes: Mapping[str, tuple[object, object]],
    *,
    reason: str | None = None,
    place: Place | None = None,
    details: Mapping[str, Json] | None = None,
) -> None:
    """Adds one row, in the caller's transaction. `place` is by default the grant that allowed the deed."""
    verb = ACTION_VERBS.get(action)
    if place is None and verb is not None:
        place = access.may(context, entity.key, verb).place
    append_history(
        context.session,
        entity=entity.key,
        record_id=record,
        at=context.now,
        by_id=context.actor.id,
        by_name=context.actor.name,
        action=action,
        release=context.release,
        place=str(place) if place else None,
        reason=reason,
        changes=_stored(context, entity, changes),
        details=dict(details) if details else None,
    )


def _stored(context: Context, entity: Entity, changes: Mapping[str, tuple[object, object]]) -> Json:
    """Refs are kept as {id, title}: the title of that day stays readable whatever becomes of the other record."""
    kept: dict[str, Json] = {}
    for key, (old, new) in changes.items():
        field = entity.field(key)
        if field is not None:
            names = _titles(context, field, old, new)
            kept[key] = [_named(field, old, names), _named(field, new, names)]
    return kept or None


def _titles(context: Context, field: Field, *values: object) -> Mapping[int, str]:
    from app.domain.queries import titles

    if field.type not in (FieldType.REF, FieldType.REFS):
        return {}
    ids = {one for value in values for one in _ids(value)}
    return titles(context.as_system(), field.to or "", ids)


def _ids(value: object) -> Iterable[int]:
    if isinstance(value, int):
        return (value,)
    return (one for one in value if isinstance(one, int)) if isinstance(value, tuple | list) else ()


def _named(field: Field, value: object, names: Mapping[int, str]) -> Json:
    if value is None or not names:
        return to_json(value)
    listed: list[Json] = [{"id": one, "title": names.get(one, f"#{one}")} for one in _ids(value)]
    return listed if field.type is FieldType.REFS else listed[0] if listed else None


def read_history(
    context: Context,
    entity: Entity,
    record: int,
    *,
    before: int | None = None,
    row: Row | None = None,
) -> tuple[Entry, ...]:
    """The record's newest PAGE entries (older than entry `before`). Raises NotFound where it may not be seen.

    `row` is the record if the caller has just read it for the same actor.
    A private field that the reader doesn't see in clear on this record is masked in every entry.
    """
    from app.domain.queries import find

    row = row or find(context, entity.key, record)
    history = platform.history
    query = select(history).where(history.c.entity == entity.key, history.c.record_id == record)
    if before is not None:
        query = query.where(history.c.id < before)
    found = context.session.execute(query.order_by(history.c.id.desc()).limit(PAGE)).all()
    return tuple(
        Entry(
            id=int(one.id),
            at=one.at,
            by=str(one.by_name),
            action=str(one.action),
            release=int(one.release),
            place=str(one.place or ""),
            reason=str(one.reason or ""),
            changes=_changes(entity, one.changes or {}, row.masked),
            details=frozen(one.details or {}),
        )
        for one in found
    )


def _changes(
    entity: Entity, kept: Mapping[str, Json], hidden: frozenset[str]
) -> tuple[Change, ...]:
    found: list[Change] = []
    for key, pair in kept.items():
        field = entity.field(key)
        if field is None or not isinstance(pair, list) or len(pair) != 2:
            continue
        old, new = pair
        if key in hidden:
            old, new = (HIDDEN if one is not None else None for one in (old, new))
        found.append(Change(field, old, new))
    return tuple(found)


def since_version(
    context: Context, entity: str, record: int, saves: int
) -> tuple[str, tuple[str, ...]]:
    """Who made the last `saves` changes of a record (the latest's name), and the fields they changed."""
    history = platform.history
    query = (
        select(history.c.by_name, history.c.changes)
        .where(history.c.entity == entity, history.c.record_id == record)
        .order_by(history.c.id.desc())
        .limit(max(1, min(saves, PAGE)))
    )
    found = context.session.execute(query).all()
    fields = dict.fromkeys(key for one in found for key in (one.changes or {}))
    return (str(found[0].by_name) if found else "其他人"), tuple(fields)


def values_before(context: Context, entity: str, record: int, saves: int) -> Mapping[str, Json]:
    """What the fields changed by the last `saves` changes of a record held before them. Unmasked: not for showing."""
    history = platform.history
    query = (
        select(history.c.changes)
        .where(history.c.entity == entity, history.c.record_id == record)
        .order_by(history.c.id.desc())
        .limit(max(1, min(saves, PAGE)))
    )
    found: dict[str, Json] = {}
    for changes in context.session.scalars(query):
        found |= {key: pair[0] for key, pair in (changes or {}).items()}
    return found
