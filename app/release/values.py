"""Choices and states that get another key, or go while records still hold them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Table, case, func, select, update

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Choice, Field, FieldType
from app.release.checks import in_use
from app.release.differences import differences, told
from app.release.renames import Pairs, pairs
from app.release.steps import Action, Phase, Risk, Run, Step, Work
from app.release.survey import Survey
from app.schema.names import column_name

CHOSEN = (FieldType.CHOICE, FieldType.CHOICES)
STATE = "state"


def choice_actions(survey: Survey, old: Entity, new: Entity) -> Iterator[Action]:
    """Everything about the choices of an entity's fields."""
    assert survey.before is not None
    fields = {**old.system, **old.fields}
    for key, after in {**new.system, **new.fields}.items():
        before = fields.get(survey.renames.field_was(new.key, key))
        if key == STATE or before is None or before.type not in CHOSEN or after.type not in CHOSEN:
            continue
        renamed = pairs(_by_key(before), _by_key(after))
        if after.dictionary is None and after.calendar is None and not after.system:
            yield from _told(new, before, after)
        yield from _missing(survey, old, new, before, after, renamed)
        if renamed:
            yield _moved(survey, new, after, renamed)


def _by_key(field: Field) -> dict[str, Choice]:
    return {choice.key: choice for choice in field.choices}


def _told(entity: Entity, old: Field, new: Field) -> Iterator[Action]:
    every = frozenset(Field.__dataclass_fields__) - {"choices"}
    if found := differences(old, new, without=every):
        says = f"修改“{entity.label}”的“{new.label}”：{told(found)}"
        step = Step("choice.change", f"{entity.key}.{new.key}", says, place=new.place)
        yield Action(Phase.REGISTRY, step)


def _missing(
    survey: Survey, old: Entity, new: Entity, before: Field, after: Field, renamed: Pairs
) -> Iterator[Action]:
    """Choices that go although records hold them."""
    assert survey.before is not None
    stored = survey.before.storage[old.key].get(before.key)
    gone = set(_by_key(before)) - set(_by_key(after)) - renamed.keys()
    if stored is None or not gone:
        return
    used = in_use(survey, survey.before.tables[old.key], stored)
    for choice in before.choices:
        many = used.get(choice.key, 0)
        if choice.key in gone and many:
            says = (
                f"不能去掉“{new.label}”的“{after.label}”的选项“{choice.label}”：{many} 条记录在用。"
                f"请保留它并写 retired: yes，或在接替它的选项上写 was: {choice.key}"
            )
            target = f"{new.key}.{after.key}.{choice.key}"
            step = Step("choice.remove", target, says, Risk.REFUSED, many, after.place)
            yield Action(Phase.REGISTRY, step)


def _moved(survey: Survey, entity: Entity, field: Field, renamed: Pairs) -> Action:
    words = "、".join(f"{old}→{new}" for old, new in renamed.items())
    says = f"“{entity.label}”的“{field.label}”：选项改键 {words}，记录随之"
    rows = survey.live_rows(entity.key)
    step = Step("choice.rename", f"{entity.key}.{field.key}", says, Risk.SAFE, rows, field.place)
    return Action(Phase.VALUES, step, _rekeying(entity, field, renamed))


def _rekeying(entity: Entity, field: Field, renamed: Pairs) -> Run:
    def run(work: Work) -> None:
        table = work.schema.tables[entity.key]
        if field.type is FieldType.CHOICE:
            _rekey(work, table, column_name(field), renamed)
        else:
            _rekey_lists(work, table, column_name(field), renamed)

    return run


def _rekey(work: Work, table: Table, name: str, renamed: Pairs) -> None:
    column = table.c[name]
    fresh = case(dict(renamed), value=column, else_=column)
    change = update(table).where(column.in_(list(renamed)))
    work.connection.execute(change.values({name: fresh}))


def _rekey_lists(work: Work, table: Table, name: str, renamed: Pairs) -> None:
    column = table.c[name]
    every = select(column).where(column.is_not(None)).distinct()
    for values in work.connection.scalars(every).all():
        fresh = tuple(renamed.get(value, value) for value in values)
        if fresh != values:
            change = update(table).where(column == values)
            work.connection.execute(change.values({name: fresh}))


def state_actions(survey: Survey, old: Entity, new: Entity) -> Iterator[Action]:
    """Everything about the states in which records stand."""
    if new.workflow is None:
        return
    workflow = survey.new.workflows[new.workflow]
    renamed = survey.renames.states.get(new.key, {})
    standing = _standing(survey, old)
    for state, many in standing.items():
        if state not in workflow.states and state not in renamed:
            yield _stuck(survey, old, new, state, many)
    used = {state: now for state, now in renamed.items() if state in standing}
    if renamed:
        words = "、".join(f"{key}→{now}" for key, now in renamed.items())
        many = sum(standing[state] for state in used)
        says = f"“{new.label}”的状态改键 {words}，记录随之"
        step = Step("state.rename", new.key, says, Risk.SAFE, many, workflow.place)
        yield Action(Phase.VALUES, step, _restating(new, used))
    rows = survey.live_rows(new.key)
    if old.workflow is None and rows:
        start = workflow.states[workflow.start]
        says = f"“{new.label}”开始走流程“{workflow.label}”：{rows} 条已有记录进入“{start.label}”"
        step = Step("workflow.begin", new.key, says, Risk.CAREFUL, rows, new.place)
        yield Action(Phase.VALUES, step, _beginning(new, workflow.start))


def _standing(survey: Survey, old: Entity) -> Mapping[str, int]:
    """The states in which rows stand, those of an earlier workflow included."""
    assert survey.before is not None
    table = survey.before.tables[old.key]
    if STATE not in table.c:
        return {}
    column = table.c[STATE]
    query = select(column, func.count()).where(column.is_not(None)).group_by(column)
    return {str(state): int(many) for state, many in survey.connection.execute(query)}


def _stuck(survey: Survey, old: Entity, new: Entity, state: str, many: int) -> Action:
    flow = survey.old.workflows.get(old.workflow or "") if survey.old else None
    known = flow.states.get(state) if flow else None
    label = known.label if known else state
    says = (
        f"不能去掉“{new.label}”的状态“{label}”：{many} 条记录正处在这个状态。"
        f"请在接替它的状态上写 was: {state}，或先把这些记录办到别的状态"
    )
    target = f"{new.key}.state.{state}"
    return Action(Phase.REGISTRY, Step("state.remove", target, says, Risk.REFUSED, many, new.place))


def _restating(entity: Entity, renamed: Pairs) -> Run:
    def run(work: Work) -> None:
        if renamed:
            _rekey(work, work.schema.tables[entity.key], STATE, renamed)

    return run


def _beginning(entity: Entity, start: str) -> Run:
    def run(work: Work) -> None:
        table = work.schema.tables[entity.key]
        change = update(table).where(table.c.state.is_(None))
        work.connection.execute(change.values(state=start, round=1))

    return run
