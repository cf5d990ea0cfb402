"""Fields that come, go, come back, get another key, type or rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Table

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.release.checks import beyond, duplicates, empties
from app.release.convert import convert_all, convertible, dry_run
from app.release.differences import differences, shown, told
from app.release.links import linked_values, relink_action
from app.release.moves import Moves, aside
from app.release.steps import Action, Phase, Risk, Run, Step, Work
from app.release.survey import Survey
from app.release.vocabulary import TYPE_WORDS
from app.schema.names import column_name
from app.schema.storage import column_type, shape

T = FieldType
BESIDE = (T.REFS, T.FILES)
# Told by steps of their own.
TOLD_APART = frozenset({"type", "to", "unique", "required", "choices", "dictionary", "calendar"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A field that was there and still is, perhaps under another key."""

    entity: Entity
    old: Field
    new: Field
    table: Table  # as it is now, before anything is renamed

    @property
    def target(self) -> str:
        return f"{self.entity.key}.{self.new.key}"

    @property
    def words(self) -> str:
        return f"“{self.entity.label}”的“{self.new.label}”"

    def step(self, do: str, says: str, risk: Risk = Risk.SAFE, rows: int | None = None,
             details: tuple[str, ...] = ()) -> Step:  # fmt: skip
        """A step about this field."""
        return Step(do, self.target, says, risk, rows, self.new.place, details)


def field_actions(survey: Survey, moves: Moves, old: Entity, new: Entity) -> Iterator[Action]:
    """Everything about the fields of an entity that was in the last release."""
    table = survey.before.tables[old.key] if survey.before else None
    assert table is not None
    former = {survey.renames.field_was(new.key, key): field for key, field in new.fields.items()}
    for key, before in old.fields.items():
        if key not in former:
            yield _retired(survey, old, new, before, table)
    for key, after in former.items():
        if key in old.fields:
            yield from _kept_actions(survey, moves, Kept(new, old.fields[key], after, table))
        else:
            yield from added_field(survey, moves, new, after, rows=survey.count(table))


def _retired(survey: Survey, old: Entity, new: Entity, field: Field, table: Table) -> Action:
    filled = _filled(survey, table, field)
    says = f"停用“{new.label}”的“{field.label}”：内容保留在数据库里，不再显示"
    risk = Risk.CAREFUL if filled else Risk.SAFE
    return Action(
        Phase.REGISTRY,
        Step("field.retire", f"{new.key}.{field.key}", says, risk, filled, new.place),
    )


def _filled(survey: Survey, table: Table, field: Field) -> int | None:
    """In how many live rows a field has a value."""
    if field.type in BESIDE:
        return None
    return survey.count(table, table.c[column_name(field)].is_not(None))


def added_field(
    survey: Survey, moves: Moves, entity: Entity, field: Field, *, rows: int
) -> Iterator[Action]:
    """A field that the last release hadn't; perhaps an earlier one had."""
    target = f"{entity.key}.{field.key}"
    stored = survey.stored.get((entity.key, field.key))
    name = column_name(field)
    physical = moves.physical.column(entity.key, name)
    says = f"新增字段“{entity.label}”的“{field.label}”（{TYPE_WORDS[field.type]}）"
    risk = Risk.SAFE
    if stored is not None and stored.shape == shape(field):
        says = f"恢复字段“{entity.label}”的“{field.label}”：带回第 {stored.retired_in or '?'} 次发布停用前的内容"
        risk = Risk.CAREFUL
    elif stored is not None:
        moves.set_aside(entity.key, field, survey.base + 1)
        says += "；以前同名字段的类型不同，旧内容另存，不再带回"
    elif physical is not None and not _fits(survey, field, physical):
        says = f"“{entity.label}”的表里已有手工加的列 {name}（{physical}），与字段“{field.label}”的类型不符；请换一个键或先处理这一列"
        risk = Risk.REFUSED
    elif physical is not None:
        says += "，沿用表里手工加的同名列"
    if field.required and rows and field.default is None and risk is not Risk.REFUSED:
        says += f"；必填，但已有 {rows} 条记录此项为空，下次修改时须补填"
        risk = max(risk, Risk.CAREFUL, key=list(Risk).index)
    yield Action(Phase.REGISTRY, Step("field.add", target, says, risk, rows or None, field.place))


def _fits(survey: Survey, field: Field, physical: str) -> bool:
    from app.release.physical import spelled

    return spelled(column_type(field), survey.connection) == physical


def _kept_actions(survey: Survey, moves: Moves, kept: Kept) -> Iterator[Action]:
    old, new = kept.old, kept.new
    if old.key != new.key:
        yield _renamed(survey, moves, kept)
    if old.type is not new.type or shape(old) != shape(new):
        yield from _retyped(survey, moves, kept)
    elif found := differences(old, new, without=TOLD_APART):
        says = f"修改{kept.words}：{told(found)}"
        many = beyond(survey, kept.table, old, new)
        if many:
            says += f"；{many} 条现有记录不合新规，下次修改时须改正"
        risk = Risk.CAREFUL if many or (old.private and not new.private) else Risk.SAFE
        yield Action(Phase.REGISTRY, kept.step("field.change", says, risk, many or None))
    if new.unique and not old.unique:
        yield _unique(survey, kept)
    if new.required and not old.required:
        yield from _required(survey, kept)
    elif (old.required and not new.required) or (old.unique and not new.unique):
        words = "、".join(
            word for word, was in (("必填", old.required and not new.required),
                                   ("不许重复", old.unique and not new.unique)) if was
        )  # fmt: skip
        yield Action(Phase.REGISTRY, kept.step("field.relax", f"{kept.words}不再要求{words}"))


def _renamed(survey: Survey, moves: Moves, kept: Kept) -> Action:
    old, new, entity = kept.old, kept.new, kept.entity
    name = column_name(new)
    if old.type not in BESIDE and moves.physical.column(entity.key, name) is not None:
        moves.rename_column(entity.key, name, aside(name, survey.base + 1))
    moves.rename_field(entity.key, old, replace(old, key=new.key))
    says = f"“{entity.label}”的字段 {old.key} 改名为 {new.key}（{new.label}），内容随之"
    return Action(Phase.REGISTRY, kept.step("field.rename", says, rows=survey.count(kept.table)))


def _unique(survey: Survey, kept: Kept) -> Action:
    if kept.old.type in BESIDE:
        return Action(Phase.REGISTRY)
    column = kept.table.c[column_name(kept.old)]
    many, examples = duplicates(survey, kept.table, [column])
    if many:
        says = f"{kept.words}不能设为不许重复：有 {many} 个值重复，请先改正这些记录"
        return Action(Phase.REGISTRY, kept.step("field.unique", says, Risk.REFUSED, many, examples))
    return Action(Phase.REGISTRY, kept.step("field.unique", f"{kept.words}今后不许重复"))


def _required(survey: Survey, kept: Kept) -> Iterator[Action]:
    assert survey.before is not None
    stored = survey.before.storage[kept.table.name][kept.old.key]
    many, examples = empties(survey, kept.table, stored)
    if not many:
        yield Action(Phase.REGISTRY, kept.step("field.required", f"{kept.words}今后必填"))
    elif kept.new.default is None or (isinstance(kept.new.default, str) and not kept.new.choices):
        says = f"{kept.words}不能设为必填：{many} 条记录此项为空，请先补齐，或写上 default"
        yield Action(
            Phase.REGISTRY, kept.step("field.required", says, Risk.REFUSED, many, examples)
        )
    else:
        says = f"{kept.words}今后必填；{many} 条为空的记录填上默认值 {shown(kept.new.default)}"
        step = kept.step("field.required", says, Risk.CAREFUL, many, examples)
        yield Action(Phase.VALUES, step, _filling(kept))


def _filling(kept: Kept) -> Run:
    def run(work: Work) -> None:
        table = work.schema.tables[kept.entity.key]
        column = table.c[column_name(kept.new)]
        change = table.update().where(column.is_(None), table.c.retired_at.is_(None))
        work.connection.execute(change.values({column.name: kept.new.default}))

    return run


def _retyped(survey: Survey, moves: Moves, kept: Kept) -> Iterator[Action]:
    old, new, entity = kept.old, kept.new, kept.entity
    change = f"{kept.words}的类型由{_typed(old)}改为{_typed(new)}"
    if not convertible(old, new):
        filled = _filled(survey, kept.table, old) or linked_values(survey, kept.table, old)
        if filled:
            says = f"{change}：这两种类型不能互换，{filled} 条记录有内容。请另加一个字段，停用这个"
            yield Action(Phase.REGISTRY, kept.step("field.retype", says, Risk.REFUSED, filled))
            return
        moves.set_aside(entity.key, replace(old, key=new.key), survey.base + 1)
        yield Action(Phase.REGISTRY, kept.step("field.retype", f"{change}；还没有内容"))
        return
    if T.REFS in (old.type, new.type):
        yield relink_action(survey, moves, entity, old, new, change)
        return
    yield _converted(survey, moves, kept, change)


def _converted(survey: Survey, moves: Moves, kept: Kept, change: str) -> Action:
    """One column's values become another type's, in place where they look alike in the database."""
    old, new, entity = kept.old, kept.new, kept.entity
    dry = dry_run(survey.connection, kept.table.name, column_name(old), old, new, survey.zone)
    if dry.bad:
        says = f"{change}：{dry.bad} 条记录的内容转换不了，请先改正"
        return Action(
            Phase.REGISTRY, kept.step("field.retype", says, Risk.REFUSED, dry.bad, dry.examples)
        )
    target = source = column_name(new)
    if shape(old) != shape(new):
        source = moves.set_aside(entity.key, replace(old, key=new.key), survey.base + 1)
        change += f"，{dry.values} 条已转换，旧内容另存为 {source}"
    moves.moved.add(entity.key)

    def run(work: Work) -> None:
        convert_all(work.connection, entity.key, source, target, old, new, survey.zone)

    step = kept.step("field.retype", change, Risk.CAREFUL if dry.values else Risk.SAFE, dry.values)
    return Action(Phase.VALUES, step, run)


def _typed(field: Field) -> str:
    return f"{TYPE_WORDS[field.type]}（{field.to}）" if field.to else TYPE_WORDS[field.type]
