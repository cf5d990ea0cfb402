"""Two people changed one record: both versions side by side, and a form in which nothing of either is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.domain.context import Context
from app.domain.history import values_before
from app.domain.inputs import read_value
from app.domain.queries import titles
from app.domain.rows import Row
from app.domain.wire import Json, to_json
from app.manifest.field_values import ValueProblem
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.screens.records.controls import Control, FormSection, flat
from app.screens.records.reading import Posted, Sent
from app.screens.records.timeline import kept_text
from app.screens.records.values import text_of


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that differs. `both` changed it: then it is to be chosen whose value stays."""

    field: Field
    before: str
    theirs: str
    mine: str
    both: bool


def untouched(sections: Sequence[FormSection], form: Posted) -> frozenset[str]:
    """Fields whose input still says what was put into it: a moment's seconds aren't lost for not being shown."""
    return frozenset(
        one.name
        for one in flat(sections)
        if one.widget in ("input", "area") and form.getlist(one.name) == [one.value]
    )


def clashes(
    context: Context,
    entity: Entity,
    row: Row,
    sections: Sequence[FormSection],
    form: Posted,
    sent: Sent,
    version: int,
) -> tuple[tuple[Clash, ...], Posted]:
    """What differs between the record as it is now (`row`) and what was typed over its older `version`; and the form
    again, in which fields that I hadn't touched hold their new value.
    """
    before = values_before(context, entity.key, row.id, row.version - version)
    same = untouched(sections, form)
    merged: Posted = MultiDict(form)
    found: list[Clash] = []
    for one in flat(sections):
        if one.name not in sent.raw or one.name in same or one.name in row.masked:
            continue
        theirs = to_json(row.values.get(one.name))
        mine = _json(context, one.field, sent.raw[one.name], row)
        if mine == theirs:
            continue
        base = _plain(before[one.name]) if one.name in before else theirs
        if one.name in before and mine == base:
            _put(merged, one)
        both = one.name in before and mine != base
        if one.name in before or mine != base:
            found.append(
                _clash(context, one, row, before, sent.raw[one.name], mine, both, mine == base)
            )
    return tuple(found), merged


def _json(context: Context, field: Field, given: object, row: Row) -> Json:
    """What was typed as JSON; just as typed where it can't be read."""
    try:
        return to_json(read_value(context, field, given, row.values.get(field.key)))
    except ValueProblem:
        return to_json(given)


def _plain(kept: Json) -> Json:
    """History keeps refs with their titles."""
    if isinstance(kept, dict):
        return kept.get("id")
    if isinstance(kept, list):
        return [_plain(one) for one in kept]
    return kept


def _put(form: Posted, one: Control) -> None:
    """Writes a control's own value into the form."""
    several = (
        [each.id for each in one.picked] if one.widget in ("refs", "files") else list(one.chosen)
    )
    form.setlist(one.name, ["", *several] if several else [one.value])
    for tail, text in (("typed", one.typed), ("shown", one.typed), ("unit", one.unit)):
        form[f"{one.name}~{tail}"] = text


def _clash(
    context: Context,
    one: Control,
    row: Row,
    before: Mapping[str, Json],
    given: object,
    mine: Json,
    both: bool,
    unchanged: bool,
) -> Clash:
    theirs = _text(context, one.field, row.values.get(one.name), row)
    base = kept_text(context, one.field, before[one.name]) if one.name in before else theirs
    own = theirs if unchanged else _mine(context, one.field, mine, given)
    return Clash(one.field, base, theirs, own, both)


def _text(context: Context, field: Field, value: object, row: Row) -> str:
    label = row.labels.get(field.key)
    if label:
        return label if isinstance(label, str) else "、".join(label)
    return text_of(field, value)


def _mine(context: Context, field: Field, mine: Json, given: object) -> str:
    if field.type in (FieldType.REF, FieldType.REFS) and mine is not None:
        ids = [one for one in (mine if isinstance(mine, list) else [mine]) if isinstance(one, int)]
        names = titles(context, field.to or "", ids)
        return "、".join(names.get(one, f"#{one}") for one in ids)
    return kept_text(context, field, mine)
