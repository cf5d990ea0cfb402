"""Saving records: one transaction each, behind the gate, with history, rules and an optimistic lock.

Rules and the conditions of required fields are put to the database after the row is written, inside the same
transaction, so that they are read exactly as everywhere else; a rule not kept undoes the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from app.domain import access, rules
from app.domain.beside import claim_files, write_links
from app.domain.context import Context
from app.domain.errors import Conflict, Denied, Invalid, Stale
from app.domain.history import write_history
from app.domain.inputs import read_inputs
from app.domain.numbers import next_number
from app.domain.queries import find
from app.domain.rows import Row
from app.manifest.model.entities import Entity
from app.schema.search_index import searched_fields, write_search

MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """A record after saving: `changes` by field key, (old, new); none at all where nothing was changed."""

    id: int
    version: int
    changes: Mapping[str, tuple[object, object]]


def create(
    context: Context, entity_key: str, raw: Mapping[str, object], *, reason: str = ""
) -> Saved:
    """Stores a new record. Raises Denied, Invalid or Conflict; the caller rolls back."""
    access.require(context, entity_key, "create")
    entity = context.manifest.entities[entity_key]
    values = _checked(context, entity, raw, keep={}, filled=_defaults(context, entity))
    columns = {
        name: value
        for name, value in _columns(context, entity, values).items()
        if value is not None
    }
    columns |= _origin(context, entity)
    table = access.table(context, entity_key)
    try:
        record = int(
            context.session.execute(
                insert(table).values(columns).returning(table.c.id)
            ).scalar_one()
        )
        write_links(context, entity, record, values)
    except IntegrityError as error:
        raise _clash(context, entity, values, None) from error
    claim_files(context, entity, record, values)
    rules.require_kept(context, entity, record)
    _require_own_scope(context, entity, record)
    write_search(context.session, context.schema, entity_key, record)
    changes = {key: (None, value) for key, value in values.items() if value is not None}
    write_history(context, entity, record, "create", changes, reason=_reason(reason))
    return Saved(record, 1, changes)


def save(
    context: Context,
    entity_key: str,
    record: int,
    version: int,
    raw: Mapping[str, object],
    *,
    reason: str = "",
) -> Saved:
    """Changes a record that still has this version. Fields not given stay as they are.

    Raises NotFound, Denied, Stale (someone else was first), Invalid or Conflict; the caller rolls back.
    """
    entity = context.manifest.entities[entity_key]
    before = _editable(context, entity, record, "edit")
    raw = {key: given for key, given in raw.items() if not _still_masked(before, key, given)}
    values = _checked(context, entity, raw, keep=before.values, filled=before.values)
    changes = {
        key: (before.values.get(key), values[key])
        for key in raw
        if before.values.get(key) != values.get(key)
    }
    if before.version != version:
        raise _stale(context, before, version)
    if not changes:
        return Saved(record, version, {})
    changed = {key: values[key] for key in changes}
    try:
        _update(context, entity, record, version, _columns(context, entity, changed))
        write_links(context, entity, record, changed)
    except IntegrityError as error:
        raise _clash(context, entity, values, record) from error
    claim_files(context, entity, record, changed)
    rules.require_kept(context, entity, record)
    if searched_fields(context.schema, entity_key) & changes.keys():
        write_search(context.session, context.schema, entity_key, record)
    write_history(context, entity, record, "edit", changes, reason=_reason(reason))
    return Saved(record, version + 1, changes)


def retire(
    context: Context, entity_key: str, record: int, version: int, *, reason: str = ""
) -> Saved:
    """Takes a record out of lists and choices; it stays readable where it is referred to. Nothing is deleted."""
    return _set_retired(context, entity_key, record, version, retired=True, reason=reason)


def restore(
    context: Context, entity_key: str, record: int, version: int, *, reason: str = ""
) -> Saved:
    """Takes a retired record back into lists and choices."""
    return _set_retired(context, entity_key, record, version, retired=False, reason=reason)


def _set_retired(
    context: Context, entity_key: str, record: int, version: int, *, retired: bool, reason: str
) -> Saved:
    entity = context.manifest.entities[entity_key]
    before = _editable(context, entity, record, "retire", retired_too=True)
    if before.version != version:
        raise _stale(context, before, version)
    if before.retired is retired:
        return Saved(record, version, {})
    _update(context, entity, record, version, {"retired_at": context.now if retired else None})
    write_search(context.session, context.schema, entity_key, record)
    write_history(
        context, entity, record, "retire" if retired else "restore", {}, reason=_reason(reason)
    )
    return Saved(record, version + 1, {})


def _editable(
    context: Context, entity: Entity, record: int, verb: str, *, retired_too: bool = False
) -> Row:
    """The record as it stands, if the actor may do this to it."""
    access.require(context, entity.key, verb)
    before = find(context, entity.key, record, labels=False)
    open_ = before.editable if verb == "edit" else access.holds(context, entity.key, record, verb)
    if not open_:
        raise Denied(f"这条“{entity.label}”不在您可以修改的范围内")
    if before.retired and not retired_too:
        raise Conflict("这条记录已停用，恢复后才能修改")
    return before


def _still_masked(before: Row, key: str, given: object) -> bool:
    """A masked value sent back untouched changes nothing."""
    return key in before.masked and (given in (None, "") or given == before.values.get(key))


def _checked(
    context: Context,
    entity: Entity,
    raw: Mapping[str, object],
    *,
    keep: Mapping[str, object],
    filled: Mapping[str, object],
) -> dict[str, object]:
    """The typed values of what was given, over what is there already. Raises Invalid with every bad field."""
    inputs = read_inputs(context, entity, raw, keep=keep)
    values = {key: filled.get(key) for key in entity.live_fields} | dict(inputs.values)
    missing = {
        key: f"请填写“{field.label}”"
        for key, field in entity.live_fields.items()
        if field.required
        and values.get(key) is None
        and key not in inputs.errors
        # Only what is being written: an old record may lack what became required after it.
        and (not keep or key in inputs.values)
    }
    errors = dict(inputs.errors) | missing
    errors |= {
        key: say
        for key, say in rules.taken(context, entity, values, keep).items()
        if key not in errors
    }
    if errors:
        raise Invalid(errors)
    return values if not keep else values | dict(inputs.values)


def _defaults(context: Context, entity: Entity) -> Mapping[str, object]:
    return {key: rules.default(context, field) for key, field in entity.live_fields.items()}


def _columns(context: Context, entity: Entity, values: Mapping[str, object]) -> dict[str, Any]:
    stored = context.schema.storage[entity.key]
    return {
        spot.column.name: values[key]
        for key in values
        if (spot := stored.get(key)) is not None and spot.column is not None
    }


def _origin(context: Context, entity: Entity) -> dict[str, Any]:
    actor = context.actor.id
    facts: dict[str, Any] = {
        "created_at": context.now,
        "created_by_id": actor,
        "changed_at": context.now,
        "changed_by_id": actor,
        "version": 1,
    }
    if entity.number is not None:
        facts["number"] = next_number(context, entity)
    if entity.workflow is not None:
        facts |= {"state": context.manifest.workflows[entity.workflow].start, "round": 1}
    return facts


def _update(
    context: Context, entity: Entity, record: int, version: int, columns: Mapping[str, Any]
) -> None:
    """Writes only if the version is still this one: two at once, one wins."""
    table = access.table(context, entity.key)
    facts = dict(columns) | {
        "changed_at": context.now,
        "changed_by_id": context.actor.id,
        "version": version + 1,
    }
    statement = update(table).where(table.c.id == record, table.c.version == version).values(facts)
    if context.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        context.session.expire_all()
        raise _stale(context, find(context, entity.key, record), version)


def _require_own_scope(context: Context, entity: Entity, record: int) -> None:
    """A new record must lie within the rows of a role that grants creating, as far as it can be known yet."""
    if not access.holds(context, entity.key, record, "create"):
        raise Invalid({"": f"您只能新增自己范围内的“{entity.label}”，请检查所属部门、企业等选择"})


def _clash(
    context: Context, entity: Entity, values: Mapping[str, object], record: int | None
) -> Exception:
    """Someone stored the same unique value between our check and our write."""
    context.session.rollback()
    taken = rules.taken(context, entity, values, {"id": record} if record else {})
    return Invalid(taken) if taken else Conflict("与已有记录冲突，未保存，请刷新后重试")


def _stale(context: Context, theirs: Row, version: int) -> Stale:
    who, changed = rules.changed_since(context, theirs, version)
    values = {key: theirs.values.get(key) for key in changed}
    return Stale(
        f"{who}已先保存了这条记录，请核对双方的修改后再保存",
        version=theirs.version,
        theirs=values,
        by=who,
    )


def _reason(text: str) -> str | None:
    text = text.strip()
    if len(text) > MAX_REASON:
        raise Invalid({"reason": f"说明最多 {MAX_REASON} 个字"})
    return text or None
