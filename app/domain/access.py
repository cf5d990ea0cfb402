"""The gate: who may do what to which rows, and who sees which private field in clear.

Roles add up role by role: a role's verbs and private fields hold only on the rows that this role sees.
Every verdict can name the YAML line behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, false, or_, select, true

from app.condition.tree import Condition
from app.domain.context import Context
from app.domain.errors import Denied
from app.domain.facts import matches
from app.domain.words import VERB_WORDS
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES
from app.manifest.model.roles import PrivateField, Role
from app.place import Place

NARROWED_BY_EDITS = frozenset({"edit", "retire"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer of the gate, why (Chinese), and the line that says so."""

    allowed: bool
    why: str
    place: Place | None = None

    def __bool__(self) -> bool:
        return self.allowed


def roles_of(context: Context) -> tuple[Role, ...]:
    """The actor's roles that the live manifest knows, in its order."""
    held = context.actor.roles
    return tuple(role for key, role in context.manifest.roles.items() if key in held)


def granting(context: Context, entity: str, verb: str) -> tuple[Role, ...]:
    """The actor's roles that grant the verb: exact match of entity and verb, no prefix, no wildcard."""
    return tuple(role for role in roles_of(context) if verb in role.can.get(entity, frozenset()))


def may(context: Context, entity: str, verb: str) -> Verdict:
    """Whether any row at all could be open to the actor for this verb."""
    if context.actor.system:
        return Verdict(True, "系统自身")
    if roles := granting(context, entity, verb):
        role = roles[0]
        return Verdict(
            True, f"角色“{role.label}”允许", role.places.get(f"can.{entity}", role.place)
        )
    if entity in BUILT_IN_ENTITIES and verb == "read" and context.actor.id is not None:
        return Verdict(True, "部门、岗位和人员的名称人人可见")
    return Verdict(False, _missing_grant(context, entity, verb))


def _missing_grant(context: Context, entity: str, verb: str) -> str:
    known = context.manifest.entities.get(entity)
    held = "、".join(role.label for role in roles_of(context)) or "无角色"
    return f"您的角色（{held}）没有{VERB_WORDS.get(verb, verb)}“{known.label if known else entity}”的权限"


def require(context: Context, entity: str, verb: str) -> None:
    """Raises Denied unless `may`."""
    verdict = may(context, entity, verb)
    if not verdict:
        raise Denied(verdict.why, place=verdict.place)


def rows(context: Context, entity: str, verb: str = "read") -> ColumnElement[bool]:
    """The SQL filter of the rows on which the actor has the verb. Never NULL."""
    if context.actor.system:
        return true()
    if entity in BUILT_IN_ENTITIES:
        return true() if may(context, entity, verb) else false()
    scopes = [_scope(context, role, entity, verb) for role in granting(context, entity, verb)]
    if any(scope is None for scope in scopes):
        return true()
    return or_(false(), *(scope for scope in scopes if scope is not None))


def _scope(context: Context, role: Role, entity: str, verb: str) -> ColumnElement[bool] | None:
    """One role's rows for a verb; None for all of them."""
    conditions = [role.sees.get(entity)]
    if verb in NARROWED_BY_EDITS:
        conditions.append(role.edits.get(entity))
    filters = [matches(context, condition) for condition in conditions if condition is not None]
    return and_(*filters) if filters else None


def private_grants(
    context: Context, entity: str, field: str
) -> tuple[tuple[Role, PrivateField], ...]:
    """The actor's grants of one private field, with the role that holds each."""
    return tuple(
        (role, grant)
        for role in granting(context, entity, "read")
        for grant in role.private_fields
        if grant.entity == entity and grant.field == field
    )


def clear(context: Context, entity: str, field: str) -> ColumnElement[bool]:
    """The SQL filter of the rows on which the actor sees this field in clear. Never NULL."""
    known = _entity(context, entity).field(field)
    if context.actor.system or known is None or not known.private:
        return true()
    parts: list[ColumnElement[bool]] = []
    for role, grant in private_grants(context, entity, field):
        conditions = [c for c in (role.sees.get(entity), grant.when) if c is not None]
        if not conditions:
            return true()
        parts.append(and_(*(matches(context, condition) for condition in conditions)))
    return or_(false(), *parts)


def clear_everywhere(context: Context, entity: str, field: str) -> bool:
    """Whether the actor sees the field in clear on every row that they see at all.

    Only then may they filter, sort or search by it: anything less would let them guess values.
    """
    known = _entity(context, entity).field(field)
    if context.actor.system or known is None or not known.private:
        return True
    readers = granting(context, entity, "read")
    whole = {
        role.key for role, grant in private_grants(context, entity, field) if grant.when is None
    }
    everyone = any(role.key in whole and entity not in role.sees for role in readers)
    return bool(readers) and (everyone or all(role.key in whole for role in readers))


def hidden_reads(context: Context, condition: Condition) -> tuple[str, ...]:
    """The paths in a typed-in condition that read a field which the actor doesn't see in full."""
    return tuple(
        sorted(path for path in condition.reads if not _path_clear(context, condition.entity, path))
    )


def _path_clear(context: Context, entity: str, path: str) -> bool:
    if ":" in path:
        entity, path = path.split(":", 1)
    for step in path.split("."):
        known = context.manifest.entities.get(entity)
        field = known.field(step) if known else None
        if known is None or field is None:
            return True
        if not may(context, entity, "read") or not clear_everywhere(context, entity, step):
            return False
        entity = field.to or ""
    return True


def _entity(context: Context, key: str) -> Entity:
    return context.manifest.entities[key]


def table(context: Context, entity: str) -> Table:
    """An entity's table. For the modules behind the gate only: they put `rows` into every statement."""
    return context.schema.tables[entity]


def holds(context: Context, entity: str, record: int, verb: str) -> bool:
    """Whether this very record is open to the actor for the verb.

    For `create` a scope that reads what a new record can't have yet (its work items) doesn't count against it.
    """
    of = table(context, entity)
    scope = _new_rows(context, entity) if verb == "create" else rows(context, entity, verb)
    return context.session.scalar(select(of.c.id).where(of.c.id == record, scope)) is not None


def _new_rows(context: Context, entity: str) -> ColumnElement[bool]:
    if context.actor.system:
        return true()
    known = _entity(context, entity)
    roles = granting(context, entity, "create")
    scopes = [role.sees.get(entity) for role in roles]
    if not roles or any(scope is None or _comes_later(known, scope) for scope in scopes):
        return true() if roles else false()
    return or_(false(), *(matches(context, scope) for scope in scopes if scope is not None))


def _comes_later(entity: Entity, scope: Condition) -> bool:
    """Whether the scope reads something that only dispatching brings."""
    parties = entity.dispatch.parties if entity.dispatch else {}
    return any(path.split(".")[0].split("@")[0] in parties for path in scope.reads)


def storable(target: str, ids: Iterable[int]) -> list[int]:
    """Those of the ids that a row of the target could have; PostgreSQL fails on larger ones."""
    bits = 31 if target in BUILT_IN_ENTITIES else 63
    return [one for one in ids if 0 < one < 2**bits]


def reachable(context: Context, target: str, ids: Collection[int]) -> set[int]:
    """Those of the ids that exist, aren't retired, and that the actor may see: others can't be referred to."""
    of = table(context, target)
    query = select(of.c.id).where(of.c.id.in_(storable(target, ids)), rows(context, target))
    if "retired_at" in of.c:
        query = query.where(of.c.retired_at.is_(None))
    return set(context.session.scalars(query))
