"""Each field as a JSON Schema (2020-12, as OpenAPI 3.1 has it): as it is answered, and as it may be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.domain.masks import HIDDEN
from app.domain.wire import to_json
from app.manifest.field_values import DEFAULT_MAX_LENGTH, MAX_INTEGER, MAX_LINES, decimal_places
from app.manifest.model.fields import Field, FieldType

Schema = dict[str, Any]
T = FieldType
REF = {"$ref": "#/components/schemas/Ref"}
FILE = {"$ref": "#/components/schemas/File"}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
LISTS = (T.REFS, T.FILES, T.CHOICES, T.LINES)
DECIMALS = (T.DECIMAL, T.MONEY, T.PERCENT)
TIME_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"
DURATION_PATTERN = r"^\d{1,6}(m|h| workdays?| days?)$"
_EXAMPLES: Mapping[FieldType, object] = {
    T.NOTE: "文字",
    T.TEXT: "文字",
    T.LINES: ["第一项", "第二项"],
    T.INTEGER: 12,
    T.YES_NO: True,
    T.DATE: "2026-03-02",
    T.DATETIME: "2026-03-02T01:00:00Z",
    T.TIME: "08:30:00",
    T.DURATION: "3 workdays",
    T.PHONE: "13800000000",
    T.EMAIL: "name@example.com",
    T.URL: "https://example.com/",
    T.CODE: "A0101",
    T.REF: {"id": 1, "title": "…"},
    T.REFS: [{"id": 1, "title": "…"}],
    T.FILES: [{"id": 1, "name": "说明.pdf"}],
}


def read_schema(field: Field) -> Schema:
    """What an answer holds. A private field may be masked, and then is a text whatever its type."""
    shape = _shape(field, sent=False)
    if field.type not in LISTS:
        shape = {"anyOf": [shape, {"type": "null"}]}
    if field.private:
        hidden = {"type": ["string", "null"], "description": f"无权查看明文时是掩码，如 {HIDDEN}"}
        shape = {"anyOf": [*shape.get("anyOf", [shape]), hidden]}
    return _told(field, shape) | ({"readOnly": True} if field.system or field.read_only else {})


def sent_schema(field: Field) -> Schema:
    """What a body may hold; null empties the field."""
    shape = _shape(field, sent=True)
    return _told(
        field, shape if field.required else {"anyOf": [shape, {"type": "null"}]}, sent=True
    )


def _shape(field: Field, *, sent: bool) -> Schema:
    match field.type:
        case T.REF:
            return {"anyOf": [ID, REF]} if sent else dict(REF)
        case T.REFS:
            return {"type": "array", "items": {"anyOf": [ID, REF]} if sent else REF}
        case T.FILES:
            return {"type": "array", "items": ID if sent else FILE}
        case T.CHOICE:
            return _choice(field, sent=sent)
        case T.CHOICES:
            return {"type": "array", "items": _choice(field, sent=sent), "uniqueItems": True}
        case T.LINES:
            return {
                "type": "array",
                "items": {"type": "string", "maxLength": 500},
                "maxItems": MAX_LINES,
            }
        case T.DECIMAL | T.MONEY | T.PERCENT:
            return _decimal(field, sent=sent)
        case T.INTEGER:
            limits = {"minimum": field.min, "maximum": field.max} if sent else {}
            return {"type": "integer", "format": "int64"} | _said(
                {"minimum": -MAX_INTEGER, "maximum": MAX_INTEGER} | _said(limits)
            )
        case T.YES_NO:
            return {"type": "boolean"}
    return _text(field, sent=sent)


def _choice(field: Field, *, sent: bool) -> Schema:
    """Retired values stand in old records and can't be chosen."""
    keys = [choice.key for choice in field.choices if not (sent and choice.retired)]
    return {"type": "string", "enum": keys} if keys else {"type": "string"}


def _decimal(field: Field, *, sent: bool) -> Schema:
    places = decimal_places(field)
    fraction = rf"(\.\d{{1,{places}}})?" if places else ""
    exact: Schema = {"type": "string", "pattern": rf"^-?\d{{1,15}}{fraction}$"}
    return {"anyOf": [exact, {"type": "number"}]} if sent else exact


_TEXTS: Mapping[FieldType, Callable[[], Schema]] = {
    T.DATE: lambda: {"type": "string", "format": "date"},
    T.DATETIME: lambda: {"type": "string", "format": "date-time"},
    T.TIME: lambda: {"type": "string", "pattern": TIME_PATTERN},
    T.DURATION: lambda: {"type": "string", "pattern": DURATION_PATTERN},
    T.EMAIL: lambda: {"type": "string", "format": "email"},
    T.URL: lambda: {"type": "string", "format": "uri"},
}


def _text(field: Field, *, sent: bool) -> Schema:
    made = _TEXTS.get(field.type)
    shape: Schema = made() if made else {"type": "string"}
    longest = field.max_length or DEFAULT_MAX_LENGTH.get(field.type)
    if longest and sent:
        shape["maxLength"] = longest
    if sent and field.required:
        shape["minLength"] = 1
    return shape


def _told(field: Field, shape: Schema, *, sent: bool = False) -> Schema:
    """With title, description, example, and the default of what may be sent."""
    told: Schema = {"title": field.label, "description": describe(field)} | shape
    example = _example(field, sent=sent)
    if example is not None:
        told["examples"] = [example]
    moment = field.type in (T.DATE, T.DATETIME)  # its default may be said as "today + 7 days"
    if sent and field.default is not None and not (moment and isinstance(field.default, str)):
        told["default"] = to_json(field.default)
    if field.retired:
        told["deprecated"] = True
    return told


def _example(field: Field, *, sent: bool) -> object:
    if field.type in (T.CHOICE, T.CHOICES):
        keys = [choice.key for choice in field.choices if not choice.retired][:1]
        return (keys if field.type is T.CHOICES else keys[0]) if keys else None
    if field.type in DECIMALS:
        return to_json(Decimal(60).quantize(Decimal(1).scaleb(-decimal_places(field))))
    if field.type is T.INTEGER and isinstance(field.min or field.max, int):
        return field.min if isinstance(field.min, int) else field.max
    if field.type is T.FILES and sent:
        return [1]
    found = _EXAMPLES.get(field.type)
    return found[: field.max_length] if isinstance(found, str) else found


def describe(field: Field) -> str:
    """The field in Chinese: what it is, what it may hold, who may see it."""
    notes = [field.help.rstrip("。")]
    if field.choices:
        notes.append("、".join(f"{choice.key}：{choice.label}" for choice in field.choices))
    notes.append(f"单位：{field.unit}" if field.unit else "")
    notes.append("十进制数写成文字，60 即 60%" if field.type is T.PERCENT else "")
    notes.append("十进制数写成文字，不丢精度" if field.type in (T.DECIMAL, T.MONEY) else "")
    notes.append("含时区的 ISO 8601 时刻" if field.type is T.DATETIME else "")
    notes.append("时长：30m、4h、3 workdays、3 days" if field.type is T.DURATION else "")
    notes.append("不可与其他记录重复" if field.unique else "")
    notes.append("隐私字段" if field.private else "")
    notes.append("满足条件时必填" if field.required_when is not None else "")
    return "；".join(note for note in (field.label, *notes) if note)


def _said(limits: Mapping[str, object]) -> Schema:
    return {name: value for name, value in limits.items() if isinstance(value, int)}
