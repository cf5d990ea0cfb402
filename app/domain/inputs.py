"""From what a form or a REST body holds to a record's typed values, with a Chinese message at each bad field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain import access
from app.domain.attachments import waiting_names
from app.domain.context import Context
from app.manifest.field_values import ValueProblem, check_limits, check_lines, read_text
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.source_bytes import without_hidden

MAX_REFS = 500
MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Inputs:
    """`values` by field key, typed (refs: id; refs of several: tuple of ids); `errors` by field key."""

    values: Mapping[str, object]
    errors: Mapping[str, str]


def read_inputs(
    context: Context, entity: Entity, raw: Mapping[str, object], *, keep: Mapping[str, object]
) -> Inputs:
    """Reads every given field. `keep` holds the record's present values (empty for a new one).

    A field that is unknown, retired or kept by the platform is an error, and so is a read-only one unless its
    value stays as it is.
    """
    values: dict[str, object] = {}
    errors: dict[str, str] = {}
    for key, given in raw.items():
        field = entity.fields.get(key)
        if field is None or field.retired:
            errors[key] = f"“{entity.label}”没有可填写的字段“{key[:40]}”"
            continue
        try:
            value = read_value(context, field, given, keep.get(key))
        except ValueProblem as problem:
            errors[key] = str(problem)
            continue
        if field.read_only and value != keep.get(key):
            errors[key] = "此项不能修改"
            continue
        values[key] = value
    return Inputs(values, errors)


def read_value(context: Context, field: Field, given: object, present: object = None) -> object:
    """One field's typed value of a text (form) or JSON value; None where empty. Raises ValueProblem."""
    match field.type:
        case FieldType.REF:
            return _ref(context, field, given, present)
        case FieldType.REFS:
            return _refs(context, field, given, present)
        case FieldType.CHOICE:
            return _choice(field, given, present)
        case FieldType.CHOICES:
            return _choices(field, given, present)
        case FieldType.FILES:
            return _files(context, field, given, present)
        case FieldType.LINES if isinstance(given, list | tuple):
            lines = (without_hidden(_text(line)) for line in given)
            return check_lines(tuple(line for line in lines if line.strip())) or None
        case FieldType.CONDITION:
            return _condition(context, field, given)
        case _:
            return _scalar(context, field, given)


def _scalar(context: Context, field: Field, given: object) -> object:
    if given is None:
        return None
    if isinstance(given, bool):
        if field.type is not FieldType.YES_NO:
            raise ValueProblem("这里不能填是/否")
        return given
    if isinstance(given, int | float | Decimal):
        numeric = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT)
        if field.type not in numeric:
            raise ValueProblem("应为文字，不能是数字")
        given = str(given) if not isinstance(given, float) else format(Decimal(repr(given)), "f")
    return read_text(field, _text(given), context.zone)


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise ValueProblem("内容的类型不对，应为文字")
    return given


def _choice(field: Field, given: object, present: object) -> str | None:
    key = _text(given).strip() if given is not None else ""
    if not key:
        return None
    _check_choice(field, key, {present} if isinstance(present, str) else set())
    return key


def _check_choice(field: Field, key: str, kept: set[object]) -> None:
    """A retired value may stay where it already is, and can't be chosen anew."""
    choice = field.choice(key)
    if choice is None:
        raise ValueProblem(f"没有“{key[:40]}”这个选项")
    if choice.retired and key not in kept:
        raise ValueProblem(f"“{choice.label}”已停用，请另选")


def _choices(field: Field, given: object, present: object) -> tuple[str, ...] | None:
    listed = given if isinstance(given, list | tuple) else [] if given in (None, "") else [given]
    keys = tuple(dict.fromkeys(_text(key).strip() for key in listed if key != ""))
    kept = set(present) if isinstance(present, tuple | list) else set()
    for key in keys:
        _check_choice(field, key, kept)
    order = {choice.key: place for place, choice in enumerate(field.choices)}
    return tuple(sorted(keys, key=lambda key: order[key])) or None


def _id(given: object) -> int | None:
    if given is None or given == "":
        return None
    if isinstance(
        given, dict
    ):  # REST answers refs as {"id", "title"}; what was read may be sent back
        given = given.get("id")
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise ValueProblem("请从列表中选择一条记录")
    text = str(given).strip()
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:20]) <= MAX_ID:
        raise ValueProblem("请从列表中选择一条记录")
    return int(text)


def _ids(given: object) -> tuple[int, ...] | None:
    listed: Sequence[object] = given if isinstance(given, list | tuple) else [given]
    ids = tuple(dict.fromkeys(one for one in (_id(each) for each in listed) if one is not None))
    if len(ids) > MAX_REFS:
        raise ValueProblem(f"最多选 {MAX_REFS} 条")
    return ids or None


def _ref(context: Context, field: Field, given: object, present: object) -> int | None:
    wanted = _id(given)
    if wanted is None or wanted == present:
        return wanted
    if wanted not in access.reachable(context, field.to or "", (wanted,)):
        raise ValueProblem("没有这条记录，或您无权选择它")
    return wanted


def _refs(context: Context, field: Field, given: object, present: object) -> tuple[int, ...] | None:
    wanted = _ids(given)
    kept = set(present) if isinstance(present, tuple | list) else set()
    new = tuple(one for one in wanted or () if one not in kept)
    if new and set(new) - access.reachable(context, field.to or "", new):
        raise ValueProblem("所选记录中有不存在的，或您无权选择的")
    return wanted


def _files(
    context: Context, field: Field, given: object, present: object
) -> tuple[int, ...] | None:
    """Files that hang here already, and uploads of the actor's own for this field."""
    wanted = _ids(given)
    kept = set(present) if isinstance(present, tuple | list) else set()
    new = [one for one in wanted or () if one not in kept]
    if new and set(new) - waiting_names(context, new, field.key).keys():
        raise ValueProblem("所选文件中有不存在的，请重新上传")
    return wanted


def _condition(context: Context, field: Field, given: object) -> str | None:
    from app.domain.facts import check_typed

    text = _text(given).strip() if given is not None else ""
    if not text:
        return None
    check_limits(field, text)
    return check_typed(context, field.of or "", text, ValueProblem).text
