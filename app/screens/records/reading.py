"""What a browser sent of a form, as the domain reads it; and the form again, filled with just what was typed.

A ref comes as `key` (an id), `key~typed` (what stands in its box) and `key~shown` (what stood there when the id was
put in). Where the box was written in and no id chosen, as without JavaScript, the text is looked up: what fits one
record is taken, what fits several comes back to be chosen from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from app.domain.attachments import waiting_names
from app.domain.context import Context
from app.domain.queries import Option, by_code, options, titles
from app.domain.showing import Showing
from app.manifest.model.fields import Field, FieldType
from app.screens.records.controls import Control, FormSection, Picked, flat
from app.screens.texts import _

DURATION_WORDS = {"minutes": "m", "hours": "h", "workdays": " workdays", "days": " days"}
SEVERAL = ("、", "；", ";", "，", "\n")

Posted = MultiDict[str, str]


@dataclass(slots=True)
class Sent:
    """`raw` goes to the domain; `errors` are those of texts that name no record or several (`found`)."""

    raw: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    found: dict[str, tuple[Option, ...]] = field(default_factory=dict)


def read_form(context: Context, sections: Sequence[FormSection], form: Posted) -> Sent:
    """What was sent for each control that can be changed. What wasn't sent at all stays as it is."""
    sent = Sent()
    for one in flat(sections):
        if one.widget != "fixed" and one.name in form:
            sent.raw[one.name] = _given(context, one, form, sent)
    return sent


def _given(context: Context, one: Control, form: Posted, sent: Sent) -> object:
    match one.field.type:
        case FieldType.REF:
            return _ref(context, one.field, form, sent)
        case FieldType.REFS:
            return _refs(context, one.field, form, sent)
        case FieldType.FILES | FieldType.CHOICES:
            return [text for text in form.getlist(one.name) if text]
        case FieldType.DURATION:
            number, unit = form.get(one.name, "").strip(), form.get(f"{one.name}~unit", "")
            return f"{number}{DURATION_WORDS.get(unit, '')}" if number.isdecimal() else number
        case FieldType.NOTE | FieldType.LINES | FieldType.CONDITION:
            return form.get(one.name, "").replace("\r\n", "\n")
        case _:
            return form.get(one.name, "")


def _ref(context: Context, known: Field, form: Posted, sent: Sent) -> object:
    if picked := form.get(f"{known.key}~pick"):
        return picked
    typed = form.get(f"{known.key}~typed", "").strip()
    if typed == form.get(f"{known.key}~shown", "").strip():
        return form.get(known.key, "")
    if not typed:
        return ""
    return _resolve(context, known, typed, sent) or ""


def _refs(context: Context, known: Field, form: Posted, sent: Sent) -> object:
    ids: list[object] = [text for text in form.getlist(known.key) if text]
    if picked := form.getlist(f"{known.key}~pick"):
        return [*ids, *picked]
    typed = form.get(f"{known.key}~typed", "")
    for sign in SEVERAL:
        typed = typed.replace(sign, "\0")
    for name in filter(None, (part.strip() for part in typed.split("\0"))):
        found = _resolve(context, known, name, sent)
        if found is not None:
            ids.append(found)
    return ids


def _resolve(context: Context, known: Field, typed: str, sent: Sent) -> int | None:
    """The one record that the text names: exactly, else as the only one that fits."""
    target = known.to or ""
    exact = by_code(context, target, typed)
    if exact is not None:
        return exact
    fitting = options(context, target, typed)
    same = [one for one in fitting if one.label == typed]
    if len(same) == 1 or len(fitting) == 1:
        return (same or list(fitting))[0].id
    if fitting:
        sent.errors[known.key] = _("“%(typed)s”对应多条记录，请选一条", typed=typed[:40])
        sent.found[known.key] = fitting
    else:
        sent.errors[known.key] = _("没有找到“%(typed)s”，请换个名称或编号", typed=typed[:40])
    return None


def refilled(
    context: Context,
    sections: Sequence[FormSection],
    form: Posted,
    sent: Sent,
    errors: Mapping[str, str],
    shown: Mapping[str, Showing] | None = None,
) -> tuple[FormSection, ...]:
    """The form as it was sent, with what is wrong at its fields: nothing typed is lost."""
    return tuple(
        FormSection(
            section.label,
            tuple(
                _faulty(_again(context, one, form, sent), errors, shown) for one in section.controls
            ),
        )
        for section in sections
    )


def _faulty(
    one: Control, errors: Mapping[str, str], shown: Mapping[str, Showing] | None
) -> Control:
    return replace(
        one, error=errors.get(one.name, ""), showing=shown[one.name] if shown else one.showing
    )


def _again(context: Context, one: Control, form: Posted, sent: Sent) -> Control:
    if one.widget == "fixed" or one.name not in form:
        return one
    match one.field.type:
        case FieldType.REF:
            return _ref_again(context, one, form, sent)
        case FieldType.REFS:
            picked = _named(context, one, form.getlist(one.name))
            typed = form.get(f"{one.name}~typed", "") if one.name in sent.errors else ""
            return replace(one, picked=picked, typed=typed, found=_found(one, sent))
        case FieldType.FILES:
            return replace(one, picked=_files(context, one, form.getlist(one.name)))
        case FieldType.CHOICES:
            return replace(one, chosen=tuple(form.getlist(one.name)))
        case FieldType.DURATION:
            return replace(one, value=form.get(one.name, ""), unit=form.get(f"{one.name}~unit", ""))
        case _:
            return replace(one, value=form.get(one.name, ""))


def _ref_again(context: Context, one: Control, form: Posted, sent: Sent) -> Control:
    given = sent.raw.get(one.name)
    typed = form.get(f"{one.name}~typed", "")
    if given and one.name not in sent.errors:
        picked = _named(context, one, [str(given)])
        label = picked[0].label if picked else typed
        return replace(one, value=str(given), picked=picked, typed=label)
    return replace(one, value="", picked=(), typed=typed, found=_found(one, sent))


def _found(one: Control, sent: Sent) -> tuple[Picked, ...]:
    return tuple(Picked(str(each.id), each.label) for each in sent.found.get(one.name, ()))


def _named(context: Context, one: Control, ids: Sequence[str]) -> tuple[Picked, ...]:
    known = {each.id: each.label for each in one.picked}
    missing = _numbers(ids, known)
    found = titles(context, one.field.to or "", missing) if missing else {}
    known |= {str(id_): label for id_, label in found.items()}
    return tuple(Picked(text, known[text]) for text in ids if text in known)


def _numbers(ids: Sequence[str], known: Mapping[str, str]) -> list[int]:
    """Those that could be ids and aren't named yet. (Other scripts have digits that are no numbers, as ².)"""
    likely = (text for text in ids if text.isascii() and text.isdigit() and len(text) < 19)
    return [int(text) for text in likely if text not in known]


def _files(context: Context, one: Control, ids: Sequence[str]) -> tuple[Picked, ...]:
    known = {each.id: each.label for each in one.picked}
    missing = _numbers(ids, known)
    known |= {
        str(id_): name
        for id_, name in (waiting_names(context, missing, one.name) if missing else {}).items()
    }
    return tuple(Picked(text, known[text]) for text in ids if text in known)
