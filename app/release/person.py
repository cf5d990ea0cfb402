"""The declared fields of a person: columns of the one table of people, which has no releases of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.manifest.model.fields import Field
from app.release.differences import differences, told
from app.release.moves import Moves
from app.release.renames import pairs
from app.release.steps import Action, Phase, Risk, Step
from app.release.survey import Survey
from app.schema.names import column_name
from app.schema.storage import shape
from app.schema.tables import PERSON, has_column


def person_actions(survey: Survey, moves: Moves) -> Iterator[Action]:
    """Everything about what the site knows of a person."""
    old: Mapping[str, Field] = survey.old.organization.person_fields if survey.old else {}
    new = survey.new.organization.person_fields
    renamed = pairs(old, new)
    former = {now: key for key, now in renamed.items()}
    for key, field in new.items():
        before = old.get(former.get(key, key))
        if before is None:
            if survey.old is not None:
                yield _step("add", field, f"新增人员字段“{field.label}”")
            continue
        if before.key != key and has_column(before):
            moves.rename_column(PERSON, column_name(before), column_name(field))
            yield _step("rename", field, f"人员字段 {before.key} 改名为 {key}，内容随之")
        yield from _changed(survey, moves, before, field)
    for key, gone in old.items():
        if key not in new and key not in renamed:
            says = f"停用人员字段“{gone.label}”：内容保留在数据库里，不再显示"
            yield _step("retire", gone, says, Risk.CAREFUL)


def _changed(survey: Survey, moves: Moves, old: Field, new: Field) -> Iterator[Action]:
    if shape(old) == shape(new):
        if found := differences(old, new):
            yield _step("change", new, f"修改人员字段“{new.label}”：{told(found)}")
        return
    assert survey.before is not None
    person = survey.before.person
    filled = survey.count(person, person.c[column_name(old)].is_not(None)) if has_column(old) else 0
    if filled:
        says = f"人员字段“{new.label}”不能换类型：{filled} 人已填；请另加一个字段，停用这个"
        yield _step("retype", new, says, Risk.REFUSED, filled)
        return
    moves.drop_column(PERSON, column_name(old))
    yield _step("retype", new, f"人员字段“{new.label}”换了类型；还没有人填")


def _step(
    do: str, field: Field, says: str, risk: Risk = Risk.SAFE, rows: int | None = None
) -> Action:
    target = f"{PERSON}.{field.key}"
    return Action(Phase.REGISTRY, Step(f"person.{do}", target, says, risk, rows, field.place))
