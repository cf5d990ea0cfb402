"""`/<entity>/add` and `/<entity>/edit/<id>`: forms that lose nothing, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain import access, records, rules
from app.domain.context import Context
from app.domain.errors import BadQuery, Conflict, Denied, Invalid, Stale
from app.domain.inputs import read_value
from app.domain.queries import find, titles
from app.domain.rows import Row
from app.domain.showing import showings
from app.manifest.field_values import ValueProblem
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.manifest.model.values import frozen
from app.screens.records.conflict import Clash, clashes, untouched
from app.screens.records.controls import TWO_COLUMNS_FROM, FormSection, flat, make_controls
from app.screens.records.reading import Posted, Sent, read_form, refilled
from app.screens.records.uploads import store_uploads
from app.screens.texts import _
from app.screens.visits import current, saving


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it is drawn. `row` is None for a new record; `clashes` are what two people did to one record."""

    entity: Entity
    sections: tuple[FormSection, ...]
    row: Row | None = None
    version: int = 0
    errors: Mapping[str, str] = field(default_factory=lambda: frozen({}))
    clashes: tuple[Clash, ...] = ()
    message: str = ""
    by: str = ""


def add_record(entity: Entity) -> ResponseReturnValue:
    """An empty form with defaults and what the address presets; or what was sent, stored."""
    context = current().context
    access.require(context, entity.key, "create")
    values, row = _beginning(context, entity)
    sections = _sections(context, entity, values, row, new=True)
    if request.method == "GET":
        return _drawn(Draft(entity, sections), 200)
    form = _form_with_uploads(entity, sections)
    sent = read_form(context, sections, form.values)
    errors = {**sent.errors, **form.errors}
    if not errors:
        try:
            with saving() as writing:
                made = records.create(
                    writing, entity.key, sent.raw, reason=form.values.get("reason~", "")
                )
        except (Invalid, Conflict) as refusal:
            errors = _faults(refusal)
        else:
            flash(_("已登记"), "ok")
            if form.values.get("then") == "another":
                return redirect(request.full_path.rstrip("?"))
            return redirect(url_for("RecordScreen.show", entity=entity, record=made.id))
    sections = _shown_again(context, entity, sections, form.values, sent, errors, None)
    return _drawn(Draft(entity, sections, errors=frozen(errors)), 422)


def _beginning(context: Context, entity: Entity) -> tuple[Mapping[str, object], Row]:
    """Defaults, and fields preset by the address (`?customer=5`), with the names of records."""
    values = {key: rules.default(context, one) for key, one in entity.live_fields.items()}
    labels: dict[str, str | tuple[str, ...]] = {}
    for key, text in request.args.items():
        known = entity.live_fields.get(key)
        if known is None or known.read_only:
            raise BadQuery(key, _("没有可预先填写的字段“%(key)s”", key=key[:40]))
        try:
            values[key] = read_value(context, known, text)
        except ValueProblem as problem:
            raise BadQuery(key, f"“{known.label}”：{problem}") from problem
        value = values[key]
        if known.type is FieldType.REF and isinstance(value, int):
            labels[key] = titles(context, known.to or "", [value]).get(value, f"#{value}")
    return values, Row(entity.key, 0, frozen(values), frozen(labels), frozenset())


def edit_record(entity: Entity, record: int) -> ResponseReturnValue:
    """The record in a form; or what was sent, stored, unless someone else was first."""
    context = current().context
    access.require(context, entity.key, "edit")
    row = find(context, entity.key, record)
    _require_editable(entity, row)
    sections = _sections(context, entity, row.values, row)
    if request.method == "GET":
        return _drawn(Draft(entity, sections, row, row.version), 200)
    version = _version(request.form.get("version", ""))
    form = _form_with_uploads(entity, sections)
    sent = read_form(context, sections, form.values)
    errors = {**sent.errors, **form.errors}
    if not errors:
        theirs = {
            k.removesuffix("~choose")
            for k, v in form.values.items()
            if k.endswith("~choose") and v == "theirs"
        }
        same = untouched(sections, form.values)
        raw = {
            key: given for key, given in sent.raw.items() if key not in theirs and key not in same
        }
        try:
            with saving() as writing:
                reason = form.values.get("reason~", "")
                saved = records.save(writing, entity.key, record, version, raw, reason=reason)
        except Stale as stale:
            return _both(context, entity, record, version, form.values, stale)
        except (Invalid, Conflict) as refusal:
            errors = _faults(refusal)
        else:
            flash(
                _("已保存") if saved.changes else _("没有改动"), "ok" if saved.changes else "info"
            )
            return redirect(url_for("RecordScreen.show", entity=entity, record=record))
    sections = _shown_again(context, entity, sections, form.values, sent, errors, row)
    return _drawn(Draft(entity, sections, row, version, frozen(errors)), 422)


def _both(
    context: Context, entity: Entity, record: int, version: int, form: Posted, stale: Stale
) -> ResponseReturnValue:
    """409 with both versions field by field. What I didn't touch becomes theirs, what I typed stays mine."""
    row = find(context, entity.key, record)
    sections = _sections(context, entity, row.values, row)
    sent = read_form(context, sections, form)
    found, merged = clashes(context, entity, row, sections, form, sent, version)
    sections = refilled(context, sections, merged, read_form(context, sections, merged), {})
    draft = Draft(
        entity, sections, row, row.version, clashes=found, message=stale.message, by=stale.by
    )
    return _drawn(draft, 409)


def _require_editable(entity: Entity, row: Row) -> None:
    if row.retired:
        raise Conflict(_("这条记录已停用，恢复后才能修改"))
    if not row.editable:
        raise Denied(_("这条“%(label)s”不在您可以修改的范围内", label=entity.label))


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadQuery("version", _("表单缺少版本，请重新打开后再改"))
    return int(text)


def _sections(
    context: Context, entity: Entity, values: Mapping[str, object], row: Row, *, new: bool = False
) -> tuple[FormSection, ...]:
    clear = {key: None if key in row.masked else value for key, value in values.items()}
    shown = showings(context, entity, clear)
    return make_controls(context, entity, values, row, shown, new=new)


@dataclass(frozen=True, slots=True)
class _Form:
    values: Posted
    errors: Mapping[str, str]


def _form_with_uploads(entity: Entity, sections: Sequence[FormSection]) -> _Form:
    """What was typed, with the ids of files that came along: those are kept even if the form comes back."""
    values: Posted = MultiDict(request.form)
    errors = {}
    for one in flat(sections):
        if one.field.type is FieldType.FILES and one.widget != "fixed":
            try:
                for id_ in store_uploads(entity, one.name, f"{one.name}~upload"):
                    values.add(one.name, str(id_))
            except Invalid as refusal:
                errors[one.name] = refusal.message
    return _Form(values, errors)


def _faults(refusal: Invalid | Conflict) -> dict[str, str]:
    return dict(refusal.fields) if isinstance(refusal, Invalid) else {"": refusal.message}


def _shown_again(
    context: Context,
    entity: Entity,
    sections: Sequence[FormSection],
    form: Posted,
    sent: Sent,
    errors: Mapping[str, str],
    row: Row | None,
) -> tuple[FormSection, ...]:
    """The form as it was sent; which fields show follows what was typed."""
    shown = showings(context, entity, typed_values(context, entity, sent, row))
    return refilled(context, sections, form, sent, errors, shown)


def typed_values(
    context: Context, entity: Entity, sent: Sent, row: Row | None
) -> dict[str, object]:
    """Values as far as they can be read, over what is there."""
    values = dict(row.values) if row is not None else {}
    for key, given in sent.raw.items():
        try:
            values[key] = read_value(context, entity.fields[key], given, values.get(key))
        except ValueProblem:
            values[key] = None
    return values


def _drawn(draft: Draft, status: int) -> ResponseReturnValue:
    controls = flat(draft.sections)
    page = render_template(
        "records/form.html",
        entity=draft.entity,
        draft=draft,
        row=draft.row,
        title=draft.row.title(draft.entity) if draft.row is not None else "",
        two=len(controls) >= TWO_COLUMNS_FROM,
        labels={one.name: one.field.label for one in controls if one.field.label not in one.error},
        depends=any(one.field.visible_when or one.field.required_when for one in controls),
        uploads=any(one.widget == "files" for one in controls),
    )
    return make_response(page, status)
