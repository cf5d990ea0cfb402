"""Why a person may or may not see and do each thing with a record, each answer with the YAML line behind it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.condition.sentence import sentence
from app.condition.tree import Condition
from app.domain import access
from app.domain.context import Context
from app.domain.facts import matches
from app.domain.words import VERB_WORDS
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field
from app.manifest.model.roles import PrivateField, Role
from app.manifest.vocabulary import site_vocabulary
from app.place import Place

DEEDS = (
    "read",
    "create",
    "edit",
    "retire",
)  # export and import are granted, but nothing does them yet
CHANGING = ("edit", "retire")


@dataclass(frozen=True, slots=True)
class Reason:
    """What one role, or the record itself, says to a deed, and the line that says so."""

    allows: bool
    words: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One deed: whether it is open, and a reason for each of the person's roles."""

    deed: str
    allowed: bool
    reasons: tuple[Reason, ...]


def explain(context: Context, entity: Entity, record: int) -> tuple[Answer, ...]:
    """Answers for the context's actor. The record is looked up whether or not the actor may see it."""
    verbs = (_verb(context, entity, record, verb) for verb in DEEDS)
    private = (field for field in entity.live_fields.values() if field.private)
    return (*verbs, *(_private(context, entity, record, field) for field in private))


def _verb(context: Context, entity: Entity, record: int, verb: str) -> Answer:
    roles = access.roles_of(context)
    reasons = [_by_role(context, role, entity, record, verb) for role in roles]
    if not roles:
        reasons.append(Reason(False, "没有任何角色"))
    allowed = any(reason.allows for reason in reasons)
    if verb == "edit" and _is_retired(context, entity, record):
        reasons.append(Reason(False, "这条记录已停用，恢复后才能修改"))
        allowed = False
    return Answer(VERB_WORDS[verb], allowed, tuple(reasons))


def _by_role(context: Context, role: Role, entity: Entity, record: int, verb: str) -> Reason:
    """What one role says: no grant, rows outside its scope, or open."""
    granted = role.places.get(f"can.{entity.key}", role.place)
    if verb not in role.can.get(entity.key, frozenset()):
        words = f"没有{VERB_WORDS[verb]}“{entity.label}”的权限"
        return Reason(False, f"{role.label}：{words}", granted)
    scopes = [("只看", role.sees.get(entity.key))]
    scopes += [("只改", role.edits.get(entity.key))] if verb in CHANGING else []
    # A new record isn't this one: its scope is looked at when it is saved.
    refused = None if verb == "create" else _outside(context, role, entity, record, scopes)
    return refused or Reason(True, f"{role.label}：允许", granted)


def _outside(
    context: Context,
    role: Role,
    entity: Entity,
    record: int,
    scopes: list[tuple[str, Condition | None]],
) -> Reason | None:
    """The first scope that the record isn't in; None if it is in all of them."""
    for word, condition in scopes:
        if condition is not None and not _holds(context, entity, record, condition):
            told = _told(context, condition)
            return Reason(
                False, f"{role.label}：{word}符合条件的记录，这条不符合：{told}", condition.place
            )
    return None


def _told(context: Context, condition: Condition) -> str:
    return sentence(condition, site_vocabulary(context.manifest))


def _holds(context: Context, entity: Entity, record: int, condition: Condition) -> bool:
    table = access.table(context, entity.key)
    query = select(table.c.id).where(table.c.id == record, matches(context, condition))
    return context.session.scalar(query) is not None


def _is_retired(context: Context, entity: Entity, record: int) -> bool:
    table = access.table(context, entity.key)
    query = select(table.c.id).where(table.c.id == record, table.c.retired_at.is_not(None))
    return context.session.scalar(query) is not None


def _private(context: Context, entity: Entity, record: int, field: Field) -> Answer:
    grants = access.private_grants(context, entity.key, field.key)
    reasons = tuple(_by_grant(context, role, grant, entity, record) for role, grant in grants)
    if not reasons:
        reasons = (Reason(False, "没有角色可看原文，显示为掩码", field.place),)
    allowed = any(reason.allows for reason in reasons)
    return Answer(f"看“{field.label}”的原文", allowed, reasons)


def _by_grant(
    context: Context, role: Role, grant: PrivateField, entity: Entity, record: int
) -> Reason:
    """What one role's grant of a private field says to this record."""
    scopes = [("只看", role.sees.get(entity.key))]
    refused = _outside(context, role, entity, record, scopes)
    if refused is not None:
        return refused
    if grant.when is None:
        return Reason(True, f"{role.label}：可看原文", grant.place)
    told = _told(context, grant.when)
    if _holds(context, entity, record, grant.when):
        return Reason(True, f"{role.label}：符合条件，可看原文：{told}", grant.place)
    return Reason(False, f"{role.label}：符合条件才可看原文，这条不符合：{told}", grant.place)
