"""What a form asks the server while someone is typing: what a ref may be set to, what shows, what a condition says."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.condition.sentence import sentence
from app.domain import access, queries
from app.domain.errors import Invalid, NotFound, Refusal
from app.domain.facts import check_typed
from app.domain.queries import find
from app.domain.rows import Row
from app.domain.showing import showings
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.manifest.vocabulary import site_vocabulary
from app.screens.records.controls import make_controls
from app.screens.records.form_pages import typed_values
from app.screens.records.reading import read_form
from app.screens.visits import current

LONGEST = 100


def options(entity: Entity, key: str) -> ResponseReturnValue:
    """Up to twenty records that a ref may be set to, by Chinese or pinyin initials. Raises NotFound or Denied."""
    context = current().context
    if not any(access.may(context, entity.key, verb) for verb in ("read", "create", "edit")):
        access.require(context, entity.key, "read")
    field = entity.field(key)
    if field is None or field.type not in (FieldType.REF, FieldType.REFS) or field.to is None:
        raise NotFound
    found = queries.options(context, field.to, request.args.get("q", "")[:LONGEST])
    return jsonify({"options": [{"id": one.id, "label": one.label} for one in found]})


def ask(entity: Entity) -> ResponseReturnValue:
    """Which fields show, and which are to be filled in, for what stands in the form now."""
    context = current().context
    row = _row(entity)
    blank = row or Row(entity.key, 0, {}, {}, frozenset())
    everything = showings(context, entity, blank.values)
    sections = make_controls(context, entity, blank.values, blank, everything, new=row is None)
    sent = read_form(context, sections, request.form)
    shown = showings(context, entity, typed_values(context, entity, sent, row))
    dependent = {
        key: one
        for key, one in shown.items()
        if entity.fields[key].visible_when or entity.fields[key].required_when
    }
    return jsonify(
        {
            "fields": {
                key: {"visible": one.visible, "required": one.required}
                for key, one in dependent.items()
            }
        }
    )


def _row(entity: Entity) -> Row | None:
    """The record that is being edited, if the form is one's own to fill in. Raises Denied or NotFound."""
    context, text = current().context, request.form.get("record~", "")
    if text.isascii() and text.isdigit() and len(text) < 19:
        access.require(context, entity.key, "edit")
        return find(context, entity.key, int(text))
    access.require(context, entity.key, "create")
    return None


def condition(entity: Entity, key: str) -> ResponseReturnValue:
    """Whether a condition can be read, for a field that holds one or (`where`) for the entity's list."""
    context = current().context
    access.require(context, entity.key, "read")
    field = entity.field(key)
    of = entity.key if key == "where" else (field.of if field is not None else None)
    if of is None:
        raise NotFound
    text = request.form.get("text", "").strip()
    if not text:
        return jsonify({"fault": "", "sentence": ""})
    try:
        checked = check_typed(context, of, text, lambda say: Invalid({key: say}))
    except Refusal as refusal:
        return jsonify({"fault": refusal.message, "sentence": ""})
    vocabulary = site_vocabulary(context.manifest)
    said = sentence(checked, vocabulary, "zh" if str(get_locale()).startswith("zh") else "en")
    return jsonify({"fault": "", "sentence": said})
