"""Why a person may or may not see and do each thing with a record, each answer with the YAML line behind it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.condition.tree import Condition
from app.domain import access
from app.domain.context import Context
from app.domain.facts import matches
from app.domain.words import VERB_WORDS
from app.manifest.model.entities import Entity
from app.manifest.model.roles import VERBS, Role
from app.place import Place


@dataclass(frozen=True, slots=True)
class Answer:
    """One deed: whether it is open, and the reasons in the order in which they count."""

    deed: str
    allowed: bool
    reasons: tuple[tuple[str, Place | None], ...]


def explain(context: Context, entity: Entity, record: int) -> tuple[Answer, ...]:
    """Answers for the context's actor. The record is looked up whether or not the actor may see it."""
    answers = [_verb(context, entity, record, verb) for verb in VERBS if verb != "import"]
    answers += [
        _private(context, entity, record, field.key)
        for field in entity.live_fields.values()
        if field.private
    ]
    return tuple(answers)


def _verb(context: Context, entity: Entity, record: int, verb: str) -> Answer:
    deed = VERB_WORDS[verb]
    held = access.roles_of(context)
    reasons: list[tuple[str, Place | None]] = []
    allowed = False
    if not held:
        reasons.append(("没有任何角色", None))
    for role in held:
        opened, why, place = _by_role(context, role, entity, record, verb)
        allowed = allowed or opened
        reasons.append((f"{role.label}：{why}", place))
    return Answer(deed, allowed, tuple(reasons))


def _by_role(
    context: Context, role: Role, entity: Entity, record: int, verb: str
) -> tuple[bool, str, Place | None]:
    """What one role says: no grant, rows outside its scope, or open."""
    granted = role.places.get(f"can.{entity.key}", role.place)
    if verb not in role.can.get(entity.key, frozenset()):
        return False, f"没有{VERB_WORDS[verb]}“{entity.label}”的权限", granted
    scopes = [(role.sees.get(entity.key), "只看"), (role.edits.get(entity.key), "只改")]
    for condition, word in scopes if verb in access.NARROWED_BY_EDITS else scopes[:1]:
        if (
            condition is not None
            and verb != "create"
            and not _holds(context, entity, record, condition)
        ):
            return False, f"{word}符合“{condition.text}”的记录，这条不符合", condition.place
    return True, "允许", granted


def _holds(context: Context, entity: Entity, record: int, condition: Condition) -> bool:
    table = access.table(context, entity.key)
    query = select(table.c.id).where(table.c.id == record, matches(context, condition))
    return context.session.scalar(query) is not None


def _private(context: Context, entity: Entity, record: int, key: str) -> Answer:
    field = entity.fields[key]
    table = access.table(context, entity.key)
    query = select(table.c.id).where(table.c.id == record, access.clear(context, entity.key, key))
    allowed = context.session.scalar(query) is not None
    grants = access.private_grants(context, entity.key, key)
    reasons: list[tuple[str, Place | None]] = [
        (f"{role.label}：{'当 ' + grant.when.text if grant.when else '可看原文'}", grant.place)
        for role, grant in grants
    ]
    reasons = reasons or [("没有角色可看原文，显示为掩码", field.place)]
    return Answer(f"看“{field.label}”的原文", allowed, tuple(reasons))
