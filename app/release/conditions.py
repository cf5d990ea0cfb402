"""Conditions that stand in records: they follow what they name to its new key, and keep it from going unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, select, update

from app.condition.check import read
from app.condition.tree import Clause, Coded, Constant, Listing, Node, Path, within_tree
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.read.items import code_field
from app.manifest.vocabulary import site_vocabulary
from app.place import Place
from app.release.differences import shown
from app.release.steps import Action, Phase, Risk, Run, Step, Work
from app.release.survey import Survey
from app.schema.names import column_name

LISTED = 10
NOWHERE = Place("", 1)


@dataclass(frozen=True, slots=True)
class Edit:
    """A word of a text that becomes another."""

    at: int
    old: str
    new: str


def condition_actions(survey: Survey, old: Entity, new: Entity) -> Iterator[Action]:
    """Everything about the conditions in an entity's records."""
    assert survey.before is not None
    table = survey.before.tables[old.key]
    for key, after in new.fields.items():
        before = old.fields.get(survey.renames.field_was(new.key, key))
        if before is not None and before.type is after.type is FieldType.CONDITION:
            yield from _of_field(survey, table, new, before, after)


def _of_field(
    survey: Survey, table: Table, entity: Entity, old: Field, new: Field
) -> Iterator[Action]:
    column = table.c[column_name(old)]
    texts = survey.connection.scalars(select(column).where(column.is_not(None)).distinct()).all()
    moved: dict[str, str] = {}
    lost: dict[str, int] = {}
    for text in texts:
        fresh = rewritten(survey, text, old, new)
        if not _reads(survey, fresh, new) and _reads_now(survey, text, old):
            lost[text] = _not_said(survey, table, entity, new, column == text)
        elif fresh != text:
            moved[text] = fresh
    if any(lost.values()):
        yield _lost(entity, new, {text: many for text, many in lost.items() if many})
    if moved:
        yield _moved(entity, new, moved)


def _not_said(
    survey: Survey, table: Table, entity: Entity, field: Field, where: ColumnElement[bool]
) -> int:
    """How many live rows hold a condition that no declared row is about to replace."""
    said = [item.code for item in entity.items if field.key in item.values]
    code = code_field(entity)
    if not said or code is None:
        return survey.count(table, where)
    known_by = table.c[survey.renames.field_was(entity.key, code.key)]
    return survey.count(table, where, known_by.not_in(said))


def _reads(survey: Survey, text: str, field: Field) -> bool:
    checked = read(text, site_vocabulary(survey.new), field.of or "", place=NOWHERE)
    return checked.condition is not None


def _reads_now(survey: Survey, text: str, field: Field) -> bool:
    assert survey.old is not None
    checked = read(text, site_vocabulary(survey.old), field.of or "", place=NOWHERE)
    return checked.condition is not None


def rewritten(survey: Survey, text: str, old: Field, new: Field) -> str:
    """The condition with every renamed field, choice, department and post under its new key."""
    if survey.old is None:
        return text
    checked = read(text, site_vocabulary(survey.old), old.of or "", place=NOWHERE)
    if checked.condition is None:
        return text
    edits = {edit for node in within_tree(checked.condition.tree) for edit in _edits(survey, node)}
    for edit in sorted(edits, key=lambda one: one.at, reverse=True):
        end = edit.at + len(edit.old)
        if text[edit.at : end] == edit.old:
            text = text[: edit.at] + edit.new + text[end:]
    return text


def _edits(survey: Survey, node: Node) -> Iterator[Edit]:
    match node:
        case Path():
            yield Edit(node.offset, node.dotted, _renamed_path(survey, node))
        case Coded(entity="department" | "post"):
            renames = survey.renames
            keys = renames.departments if node.entity == "department" else renames.posts
            yield Edit(node.offset, node.code, keys.get(node.code, node.code))
        case Clause(left=Path() as left, right=right):
            items = right.items if isinstance(right, Listing) else (right,)
            choices = survey.renames.choices.get(_new_name(survey, left), {})
            for item in items:
                if isinstance(item, Constant) and isinstance(item.value, str):
                    yield Edit(item.offset, item.value, choices.get(item.value, item.value))


def _renamed_path(survey: Survey, path: Path) -> str:
    steps = path.dotted.split(".")
    for place, (owner, step) in enumerate(zip(path.owners, path.steps, strict=True)):
        key = (_new_entity(survey, owner), step)
        if key in survey.renames.fields:
            steps[place] = survey.renames.fields[key]
    return ".".join(steps)


def _new_name(survey: Survey, path: Path) -> tuple[str, str]:
    """Entity and field at the end of a path, as they are called now."""
    entity = _new_entity(survey, path.owners[-1])
    key = path.steps[-1]
    return entity, survey.renames.fields.get((entity, key), key)


def _new_entity(survey: Survey, old: str) -> str:
    return survey.renames.entities.get(old, old)


def _lost(entity: Entity, field: Field, lost: dict[str, int]) -> Action:
    many = sum(lost.values())
    says = (
        f"“{entity.label}”的“{field.label}”里有 {many} 条记录的条件会读不懂：它们用到的字段或选项要去掉了。"
        "请先改这些条件，或保留那些字段"
    )
    examples = tuple(shown(text) for text in list(lost)[:LISTED])
    target = f"{entity.key}.{field.key}"
    step = Step("condition.lost", target, says, Risk.REFUSED, many, field.place, examples)
    return Action(Phase.REGISTRY, step)


def _moved(entity: Entity, field: Field, moved: dict[str, str]) -> Action:
    says = f"“{entity.label}”的“{field.label}”里的条件随改名改写（{len(moved)} 种写法）"
    examples = tuple(f"{shown(old)} → {shown(new)}" for old, new in list(moved.items())[:LISTED])
    target = f"{entity.key}.{field.key}"
    step = Step("condition.rewrite", target, says, Risk.SAFE, None, field.place, examples)
    return Action(Phase.VALUES, step, _rewriting(entity, field, moved))


def _rewriting(entity: Entity, field: Field, moved: dict[str, str]) -> Run:
    def run(work: Work) -> None:
        table = work.schema.tables[entity.key]
        column = table.c[column_name(field)]
        for old, new in moved.items():
            work.connection.execute(update(table).where(column == old).values({column.name: new}))

    return run
