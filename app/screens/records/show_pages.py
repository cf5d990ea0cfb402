"""`/<entity>/show/<id>` and `/<entity>/history/<id>`: facts, what hangs on them, and all that was done to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import access, attachments
from app.domain.access import Verdict
from app.domain.context import Context
from app.domain.errors import BadQuery, Invalid
from app.domain.history import PAGE, read_history
from app.domain.queries import child_request, find, first_rows
from app.domain.rows import Row
from app.domain.showing import showings
from app.manifest.model.entities import Detail, Entity
from app.manifest.model.fields import Field
from app.screens.records.controls import sections_of
from app.screens.records.listing import Column, Line, lead_key, list_keys
from app.screens.records.timeline import happenings
from app.screens.records.uploads import store_uploads
from app.screens.records.values import LONG, NUMERIC, Cell, cell
from app.screens.texts import _
from app.screens.visits import current, saving, shell

CHILDREN = 5
LINES_SHOWN = 12  # of the history beside the facts
CHILD_COLUMNS = 5
SHORT_NOTE = 40


@dataclass(frozen=True, slots=True)
class Fact:
    field: Field
    cell: Cell
    wide: bool


@dataclass(frozen=True, slots=True)
class Facts:
    label: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Children:
    """Child records on the page. `add` is where another is made, for those who may."""

    entity: Entity
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    more: bool
    all: str
    add: str


def show_record(entity: Entity, record: int) -> ResponseReturnValue:
    """The record's page. Raises Denied or NotFound."""
    context = current().context
    access.require(context, entity.key, "read")
    row = find(context, entity.key, record)
    entries = read_history(context, entity, record, row=row)
    known = shell().settings
    files = (
        attachments.files_of(context, known.storage, entity.key, record)
        if entity.attachments
        else ()
    )
    return render_template(
        "records/show.html",
        entity=entity,
        row=row,
        title=row.title(entity),
        state=_state(context, entity, row),
        sections=facts_of_row(context, entity, row),
        kept=_kept(context, entity, row),
        timeline=happenings(context, entity, entries[:LINES_SHOWN]),
        older=len(entries) > LINES_SHOWN,
        children=_all_children(context, entity, row),
        files=files,
        verdicts=_verdicts(context, entity, row),
    )


def _state(context: Context, entity: Entity, row: Row) -> Cell | None:
    field = entity.field("state") if entity.workflow else None
    return cell(context, entity, field, row) if field is not None else None


def facts_of_row(context: Context, entity: Entity, row: Row) -> tuple[Facts, ...]:
    """The declared fields by section. One that doesn't apply to this record and is empty isn't shown."""
    values = {key: None if key in row.masked else value for key, value in row.values.items()}
    shown = showings(context, entity, values)
    sections = []
    for label, keys in sections_of(entity, _("其他")):
        facts = []
        for key in keys:
            field = entity.fields[key]
            found = cell(context, entity, field, row)
            if found.kind != "empty" or shown[key].visible:
                facts.append(Fact(field, found, _wide(field, found)))
        said = label in {section.label for section in entity.form}
        if facts and (said or any(fact.cell.kind != "empty" for fact in facts)):
            sections.append(Facts(label, tuple(facts)))
    return tuple(sections)


def _wide(field: Field, found: Cell) -> bool:
    return (
        field.type in LONG
        and found.kind != "empty"
        and (len(found.parts) > 1 or len(found.text) > SHORT_NOTE)
    )


def _kept(context: Context, entity: Entity, row: Row) -> tuple[Fact, ...]:
    """What the platform keeps of every record, and what its traits bring."""
    skipped = ("id", "version", "state", "number")
    facts = []
    for key, field in entity.system.items():
        if key not in skipped and key in row.values:
            found = cell(context, entity, field, row)
            if found.kind != "empty":
                facts.append(Fact(field, found, wide=False))
    return tuple(facts)


def _verdicts(context: Context, entity: Entity, row: Row) -> Mapping[str, Verdict]:
    """Whether the record may be edited and retired, and why not."""
    found = {}
    for verb in ("edit", "retire"):
        verdict = access.may(context, entity.key, verb)
        if verdict and verb == "edit" and row.retired:
            verdict = Verdict(False, _("这条记录已停用，恢复后才能修改"))
        elif verdict and not _reaches(context, entity, row, verb):
            verdict = Verdict(False, _("这条记录不在您可以修改的范围内"), verdict.place)
        found[verb] = verdict
    return found


def _reaches(context: Context, entity: Entity, row: Row, verb: str) -> bool:
    return row.editable if verb == "edit" else access.holds(context, entity.key, row.id, verb)


def _all_children(context: Context, entity: Entity, row: Row) -> tuple[Children, ...]:
    return tuple(
        _children(context, detail, row)
        for detail in entity.details
        if access.may(context, detail.entity, "read")
    )


def _children(context: Context, detail: Detail, row: Row) -> Children:
    child = context.manifest.entities[detail.entity]
    keys = [key for key in list_keys(context, child) if key != detail.field][:CHILD_COLUMNS]
    asked = child_request(context, child.key, detail.field, row.id, size=CHILDREN)
    rows, more = first_rows(context, asked, keys)
    root = f"{request.script_root}/{child.key}"
    lead = lead_key(child, keys)
    fields = [field for key in keys if (field := child.field(key)) is not None]
    columns = tuple(Column(f, f.label, f.type in NUMERIC, main=f.key == lead) for f in fields)
    lines = tuple(
        Line(
            one,
            one.title(child),
            f"{root}/show/{one.id}",
            tuple(cell(context, child, f, one) for f in fields),
        )
        for one in rows
    )
    may_add = access.may(context, child.key, "create") and not row.retired
    add = f"{root}/add?{detail.field}={row.id}" if may_add else ""
    return Children(child, columns, lines, more, f"{root}/list?{detail.field}={row.id}", add)


def show_history(entity: Entity, record: int) -> ResponseReturnValue:
    """The whole history, PAGE entries at a time. Raises Denied or NotFound."""
    context = current().context
    access.require(context, entity.key, "read")
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadQuery("before", _("页的起点应为数字"))
    row = find(context, entity.key, record)
    entries = read_history(context, entity, record, before=int(text) if text else None, row=row)
    return render_template(
        "records/history.html",
        entity=entity,
        row=row,
        title=row.title(entity),
        timeline=happenings(context, entity, entries),
        older=entries[-1].id if len(entries) == PAGE else None,
        first=not text,
    )


def attach(entity: Entity, record: int) -> ResponseReturnValue:
    """Hangs uploaded files on the record. Nothing is stored for one on which the caller may hang none."""
    attachments.require_attachable(current().context, entity, record)
    back = url_for("RecordScreen.show", entity=entity, record=record) + "#files"
    try:
        ids = store_uploads(entity, "", "files")
        if ids:
            with saving() as context:
                attachments.attach(context, entity, record, ids)
            flash(_("已添加 %(n)s 个附件", n=len(ids)), "ok")
        else:
            flash(_("请先选择文件"), "warn")
    except Invalid as refusal:
        flash(refusal.message, "danger")
    return redirect(back)


def detach(entity: Entity, record: int, file: int) -> ResponseReturnValue:
    """Takes a file off the record."""
    with saving() as context:
        attachments.detach(context, entity, record, file)
    flash(_("已移除附件"), "ok")
    return redirect(url_for("RecordScreen.show", entity=entity, record=record) + "#files")
