"""Entities that come, go, come back or get another key."""

from __future__ import annotations

from collections.abc import Iterator

from app.manifest.model.entities import Entity, Unique
from app.manifest.model.fields import FieldType
from app.release.checks import duplicates
from app.release.conditions import condition_actions
from app.release.differences import differences, same, told
from app.release.fields import added_field, field_actions
from app.release.moves import Moves
from app.release.numbers import number_actions
from app.release.steps import Action, Phase, Risk, Step
from app.release.survey import Survey
from app.release.values import choice_actions, state_actions
from app.schema.storage import Kind

# Told by steps of their own, or following from what is.
TOLD_APART = frozenset({"fields", "items", "system"})


def entity_actions(survey: Survey, moves: Moves) -> Iterator[Action]:
    """Everything about entities and their fields, with the renames that this takes put into `moves`."""
    for key, entity in survey.new.entities.items():
        former = survey.old_key(key)
        if former is None:
            yield from _added(survey, moves, entity)
            continue
        assert survey.old is not None
        old = survey.old.entities[former]
        if former != key:
            yield _renamed(survey, moves, old, entity)
        yield from _changed(old, entity)
        yield from field_actions(survey, moves, old, entity)
        yield from choice_actions(survey, old, entity)
        yield from state_actions(survey, old, entity)
        yield from condition_actions(survey, old, entity)
        yield from number_actions(survey, old, entity)
        yield from _uniques(survey, old, entity)
    for key, gone in (survey.old.entities if survey.old else {}).items():
        if key not in survey.new.entities and key not in survey.renames.entities:
            yield _retired(survey, gone)


def _added(survey: Survey, moves: Moves, entity: Entity) -> Iterator[Action]:
    known = any(owner == entity.key for owner, _ in survey.stored)
    if entity.key in moves.physical.tables and not known:
        says = f"数据库里已有别的表叫 {entity.key}，不能新建“{entity.label}”；请换一个键，或先处理那张表"
        step = Step("entity.add", entity.key, says, Risk.REFUSED, None, entity.place)
        yield Action(Phase.REGISTRY, step)
        return
    says = f"新建“{entity.label}”（{len(entity.live_fields)} 个字段）"
    risk = Risk.SAFE
    if known:
        says, risk = f"恢复“{entity.label}”：带回停用前的记录", Risk.CAREFUL
        for field in entity.fields.values():
            # Only for what has to be put aside; one step tells of the entity as a whole.
            list(added_field(survey, moves, entity, field, rows=0))
    yield Action(Phase.REGISTRY, Step("entity.add", entity.key, says, risk, None, entity.place))


def _renamed(survey: Survey, moves: Moves, old: Entity, new: Entity) -> Action:
    rows = survey.live_rows(new.key)
    if new.key in moves.physical.tables:
        says = f"以前有过键为 {new.key} 的实体，记录还在，“{new.label}”不能改用这个键；请另选一个"
        step = Step("entity.rename", new.key, says, Risk.REFUSED, rows, new.place)
        return Action(Phase.REGISTRY, step)
    moves.rename_entity(old.key, new.key, tuple(old.fields.values()))
    says = f"实体 {old.key} 改名为 {new.key}（{new.label}），记录和历史随之"
    return Action(Phase.REGISTRY, Step("entity.rename", new.key, says, Risk.SAFE, rows, new.place))


def _changed(old: Entity, new: Entity) -> Iterator[Action]:
    if found := differences(old, new, without=TOLD_APART):
        says = f"修改“{new.label}”：{told(found)}"
        yield Action(Phase.REGISTRY, Step("entity.change", new.key, says, place=new.place))


def _retired(survey: Survey, entity: Entity) -> Action:
    assert survey.before is not None
    rows = survey.count(survey.before.tables[entity.key])
    says = f"停用“{entity.label}”：{rows} 条记录保留在数据库里，不再显示"
    risk = Risk.CAREFUL if rows else Risk.SAFE
    return Action(Phase.REGISTRY, Step("entity.retire", entity.key, says, risk, rows))


def _uniques(survey: Survey, old: Entity, new: Entity) -> Iterator[Action]:
    """Rules about combinations of fields that records already break."""
    assert survey.before is not None
    table = survey.before.tables[old.key]
    before = [rule for rule in old.rules if isinstance(rule, Unique)]
    for rule in new.rules:
        if not isinstance(rule, Unique) or any(same(rule.fields, one.fields) for one in before):
            continue
        keys = [survey.renames.field_was(new.key, key) for key in rule.fields]
        stored = [survey.before.storage[old.key].get(key) for key in keys]
        columns = [s.column for s in stored if s is not None and s.column is not None]
        if len(columns) < len(keys) or any(_unindexed(s.kind, s.field.type) for s in stored if s):
            continue
        many, examples = duplicates(survey, table, columns)
        if many:
            words = "、".join(new.fields[key].label for key in rule.fields if key in new.fields)
            says = f"“{new.label}”的{words}不能设为不许重复：有 {many} 组重复，请先改正这些记录"
            target = f"{new.key}.{'+'.join(rule.fields)}"
            step = Step("rule.unique", target, says, Risk.REFUSED, many, rule.place, examples)
            yield Action(Phase.REGISTRY, step)


def _unindexed(kind: Kind, type_: FieldType) -> bool:
    return kind is not Kind.COLUMN or type_ in (FieldType.CHOICES, FieldType.LINES)
