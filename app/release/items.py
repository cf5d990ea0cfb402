"""What becomes of declared rows, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.manifest.model.entities import Entity, Item
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import Duration, frozen
from app.manifest.read.items import code_field
from app.release.differences import shown
from app.release.item_rows import ItemRow, ids_of, read_rows
from app.release.item_writes import NewRow, RowChange, writing_actions
from app.release.merge import UNSAID, Merged, alike, merge, plain_value, said
from app.release.steps import Action, Phase, Risk, Step
from app.release.survey import Survey
from app.release.translate import item_renamed, row_renamed
from app.release.vocabulary import UNIT_WORDS
from app.schema.storage import Kind

LISTED = 8


def item_actions(survey: Survey) -> Iterator[Action]:
    """The steps and the work about every entity's declared rows; what only the screen changed comes last."""
    for entity in survey.new.entities.values():
        former = survey.old_key(entity.key)
        old = survey.old.entities[former] if survey.old is not None and former else None
        if entity.items or (old is not None and old.items):
            yield from _of_entity(survey, old, entity)


def _of_entity(survey: Survey, old: Entity | None, entity: Entity) -> Iterator[Action]:
    base = {item.code: item_renamed(survey, entity, item) for item in (old.items if old else ())}
    now = {item.code: item for item in entity.items}
    rows = _rows(survey, old, entity, {*base, *now})
    new = [NewRow(item) for code, item in now.items() if code not in rows]
    if new:
        yield _step("item.add", entity, _listed(entity, "新增", [one.item for one in new]))
    yield from _unknown_people(survey, entity, now)
    changes: list[RowChange] = []
    for code, item in now.items():
        if code not in rows:
            continue
        row = rows[code]
        merged = merge(entity.live_fields, base.get(code), item, row.values, survey.choices.prefer)
        yield from _conflicts(entity, item, merged)
        back = row.retired and code not in base
        if merged.changes or back:
            changes.append(RowChange(item, row, merged.changes, restored=back))
            yield _told(survey, entity, changes[-1])
        if merged.kept:
            yield _kept(entity, item, base.get(code), row, merged)
    gone = [rows[code] for code in base if code not in now and code in rows]
    gone = [row for row in gone if not row.retired]
    for row in gone:
        yield _retired(survey, entity, row, base[row.code])
    yield from writing_actions(entity, new, changes, gone)


def _rows(
    survey: Survey, old: Entity | None, entity: Entity, codes: set[str]
) -> Mapping[str, ItemRow]:
    """The rows as they are now, in the words of the new release."""
    if old is None or survey.before is None or code_field(old) is None:
        return {}
    rows = read_rows(survey.connection, survey.before, old, codes)
    return {
        code: replace(row, values=frozen(row_renamed(survey, entity, row.values)))
        for code, row in rows.items()
    }


def _step(do: str, entity: Entity, says: str, risk: Risk = Risk.SAFE) -> Action:
    return Action(Phase.REGISTRY, Step(do, entity.key, says, risk, None, entity.place))


def _listed(entity: Entity, verb: str, items: list[Item]) -> str:
    codes = "、".join(item.code for item in items[:LISTED])
    more = " 等" if len(items) > LISTED else ""
    return f"{verb} {len(items)} 行“{entity.label}”：{codes}{more}"


def _told(survey: Survey, entity: Entity, change: RowChange) -> Action:
    """`～ LS-QY-017 承诺时限 3→2 工作日｜在办 12 件`"""
    words = [_changed(entity.fields[key], *pair) for key, pair in change.changes.items()]
    if change.restored:
        words.insert(0, "恢复使用")
    says = f"{change.item.code} {'，'.join(words)}"
    touched = _touched(survey, entity, change.row.id)
    says += f"｜在办 {touched} 件" if touched else ""
    key = f"{entity.key}.{change.item.code}"
    step = Step("item.change", key, says, Risk.SAFE, touched, change.item.place)
    return Action(Phase.REGISTRY, step)


def _changed(field: Field, old: object, new: object) -> str:
    if isinstance(old, Duration) and isinstance(new, Duration) and old.unit is new.unit:
        return f"{field.label} {old.amount}→{new.amount} {UNIT_WORDS[new.unit]}"
    return f"{field.label} {_shown(field, old)}→{_shown(field, new)}"


def _shown(field: Field, value: object) -> str:
    keys = value if isinstance(value, tuple) else (value,)
    if field.choices and value is not None:
        chosen = [field.choice(str(key)) for key in keys]
        return "、".join(
            one.label if one else str(key) for one, key in zip(chosen, keys, strict=True)
        )
    return shown(plain_value(value))


def _touched(survey: Survey, entity: Entity, row: int) -> int:
    """How many records that point to a row are under way: live, and not in a final state."""
    if survey.before is None or survey.old is None:
        return 0
    former, many = survey.old_key(entity.key), 0
    for key, other in survey.old.entities.items():
        flow = survey.old.workflows.get(other.workflow or "")
        if flow is None:
            continue
        table = survey.before.tables[key]
        under_way = table.c.state.not_in([s.key for s in flow.states.values() if s.final])
        for spot in survey.before.storage[key].values():
            if spot.kind is Kind.COLUMN and spot.column is not None and spot.field.to == former:
                many += survey.count(table, spot.column == row, under_way)
    return many


def _conflicts(entity: Entity, item: Item, merged: Merged) -> Iterator[Action]:
    for one in merged.conflicts:
        field = entity.fields[one.field]
        says = (
            f"{item.code} 的“{field.label}”两边都改过：YAML 是 {_shown(field, one.yaml)}，"
            f"界面是 {_shown(field, one.screen)}，上次发布是 {_shown(field, one.was)}。"
            "请说明以哪边为准：--prefer yaml 或 --prefer screen"
        )
        place = item.places.get(one.field, item.place)
        target = f"{entity.key}.{item.code}.{one.field}"
        yield Action(Phase.REGISTRY, Step("item.conflict", target, says, Risk.REFUSED, 1, place))


def _kept(entity: Entity, item: Item, base: Item | None, row: ItemRow, merged: Merged) -> Action:
    words = "，".join(
        f"{entity.fields[key].label} {_shown(entity.fields[key], row.values.get(key))}"
        for key in merged.kept
    )
    says = f"{item.code} 界面上改过，保留：{words}"
    target = f"{entity.key}.{item.code}"
    return Action(
        Phase.REGISTRY, Step("item.keep", target, says, Risk.SAFE, 1, item.place), notice=True
    )


def _retired(survey: Survey, entity: Entity, row: ItemRow, was: Item) -> Action:
    changed = [
        entity.fields[key].label
        for key in entity.fields
        if said(was, key) is not UNSAID
        and not alike(entity.fields[key], said(was, key), row.values.get(key))
    ]
    says = f"停用“{entity.label}”的 {row.code}：YAML 里已去掉；已有记录照旧显示"
    says += f"（界面上改过：{'、'.join(changed)}）" if changed else ""
    touched = _touched(survey, entity, row.id)
    says += f"｜在办 {touched} 件" if touched else ""
    step = Step("item.retire", f"{entity.key}.{row.code}", says, Risk.CAREFUL, touched)
    return Action(Phase.REGISTRY, step)


def _unknown_people(survey: Survey, entity: Entity, items: Mapping[str, Item]) -> Iterator[Action]:
    """Refs to users, whom only the database knows."""
    for key, field in entity.live_fields.items():
        if field.to != "user" or field.type not in (FieldType.REF, FieldType.REFS):
            continue
        names = {name for item in items.values() for name in _names(item.values.get(key))}
        known = (
            ids_of(survey.connection, survey.after, field, names) if names and survey.base else {}
        )
        for name in sorted(names - known.keys()):
            says = f"“{entity.label}”的预置行写到的人员 {name} 不存在；请先建账号，或改正"
            target = f"{entity.key}.{key}.{name}"
            step = Step("item.person", target, says, Risk.REFUSED, None, field.place)
            yield Action(Phase.REGISTRY, step)


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()
