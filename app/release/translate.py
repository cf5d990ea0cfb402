"""Values of the last release in the words of the new one: renamed fields and choices, changed types."""

from __future__ import annotations

from collections.abc import Mapping

from app.manifest.field_values import ValueProblem
from app.manifest.model.entities import Entity, Item
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.release.conditions import rewritten
from app.release.convert import convert, convertible
from app.release.merge import plain_value
from app.release.survey import Survey


def item_renamed(survey: Survey, entity: Entity, item: Item) -> Item:
    """A declared row of the last release as the new one would say it."""
    values = row_renamed(survey, entity, item.values)
    names = {survey.renames.field_was(entity.key, key): key for key in entity.fields}
    places = {names.get(key, key): place for key, place in item.places.items()}
    return Item(item.code, frozen(values), frozen(places), item.place, item.state)


def row_renamed(survey: Survey, entity: Entity, values: Mapping[str, object]) -> dict[str, object]:
    """The values by the new field keys; those that can't be said any more are None."""
    former = survey.old.entities[survey.old_key(entity.key) or ""] if survey.old else None
    found: dict[str, object] = {}
    for key, field in entity.fields.items():
        was = survey.renames.field_was(entity.key, key)
        if was not in values:
            continue
        value = _choices_renamed(survey, entity, key, values[was])
        old = former.fields.get(was) if former else None
        found[key] = _retyped(survey, value, old, field)
    return found


def _choices_renamed(survey: Survey, entity: Entity, key: str, value: object) -> object:
    renamed = survey.renames.choices.get((entity.key, key), {})
    if not renamed:
        return value
    if isinstance(value, tuple):
        return tuple(renamed.get(one, one) for one in value)
    return renamed.get(value, value) if isinstance(value, str) else value


def _retyped(survey: Survey, value: object, old: Field | None, new: Field) -> object:
    if old is not None and old.type is new.type is FieldType.CONDITION:
        text = plain_value(value)
        return rewritten(survey, text, old, new) if isinstance(text, str) else None
    if old is None or value is None or old.type is new.type:
        return value
    if not convertible(old, new):
        return None
    try:
        return convert(value, old, new, survey.zone)
    except ValueProblem:
        return None
