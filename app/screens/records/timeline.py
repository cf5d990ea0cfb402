"""A record's history in words: what was done, by whom, what changed from what to what, and by which line of YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from app.domain.context import Context
from app.domain.history import Entry
from app.domain.masks import HIDDEN
from app.domain.wire import Json
from app.manifest.field_values import read_duration
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.screens.records.values import text_of
from app.screens.texts import _, _l
from app.screens.wording import NOTHING

# What may be done to any record: its word and how the line is marked.
ACTIONS: Mapping[str, tuple[str, str]] = {
    "create": (_l("登记"), "ok"),
    "edit": (_l("修改"), ""),
    "retire": (_l("停用"), "warn"),
    "restore": (_l("恢复"), "ok"),
    "attach": (_l("添加附件"), ""),
    "detach": (_l("移除附件"), "warn"),
    "import": (_l("导入"), ""),
    "apply": (_l("配置发布"), ""),
}
FIRST_CHANGES = 4  # shown at once; the others behind a fold


@dataclass(frozen=True, slots=True)
class Difference:
    """A field's old and new value in words. `old` is empty where there was nothing."""

    label: str
    old: str
    new: str
    long: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    id: int
    at: datetime
    by: str
    word: str
    tone: str
    reason: str
    place: str
    release: int
    changes: tuple[Difference, ...]
    notes: tuple[str, ...] = ()
    folded: bool = False  # a new record's values are those of the page: no need to say them twice


def happenings(context: Context, entity: Entity, entries: Sequence[Entry]) -> tuple[Happening, ...]:
    """The entries in words."""
    return tuple(_happening(context, entity, entry) for entry in entries)


def _happening(context: Context, entity: Entity, entry: Entry) -> Happening:
    word, tone = ACTIONS.get(entry.action, ("", ""))
    if not word and entity.workflow:
        transition = context.manifest.workflows[entity.workflow].transitions.get(entry.action)
        word = transition.label if transition is not None else ""
    changes = tuple(_difference(context, one.field, one.old, one.new) for one in entry.changes)
    return Happening(
        entry.id,
        entry.at,
        entry.by,
        str(word) or entry.action,
        tone,
        entry.reason,
        entry.place,
        entry.release,
        changes,
        notes=_notes(entry.details),
        folded=entry.action == "create" or len(changes) > FIRST_CHANGES,
    )


def _notes(details: Mapping[str, Json]) -> tuple[str, ...]:
    named = details.get("files")
    return tuple(str(one) for one in named) if isinstance(named, list) else ()


def _difference(context: Context, field: Field, old: Json, new: Json) -> Difference:
    long = field.type in (FieldType.NOTE, FieldType.LINES, FieldType.CONDITION)
    return Difference(field.label, _words(context, field, old), _words(context, field, new), long)


def _words(context: Context, field: Field, value: Json) -> str:
    """A value as history keeps it, in words; nothing for nothing."""
    text = kept_text(context, field, value)
    return "" if text == NOTHING else text


def kept_text(context: Context, field: Field, value: Json) -> str:
    """A value as history keeps it, as one line of text."""
    if value is None or value == HIDDEN:
        return NOTHING if value is None else HIDDEN
    if field.type is FieldType.FILES and isinstance(value, list):
        return _("%(n)s 个文件", n=len(value))
    if isinstance(value, dict):
        return str(value.get("title") or f"#{value.get('id')}")
    if isinstance(value, list):
        named = [
            str(one.get("title")) if isinstance(one, dict) else _choice(field, one) for one in value
        ]
        return "、".join(named)
    if field.type is FieldType.REF:
        return f"#{value}"
    return text_of(field, typed(field, value))


def _choice(field: Field, key: Json) -> str:
    known = field.choice(str(key))
    return known.label if known is not None else str(key)


def typed(field: Field, value: Json) -> object:
    """The value that JSON holds as its own type; as it stands where it can't be one (a mask, an older type)."""
    if not isinstance(value, str):
        return value
    try:
        match field.type:
            case FieldType.DECIMAL | FieldType.MONEY | FieldType.PERCENT:
                return Decimal(value)
            case FieldType.DATE:
                return date.fromisoformat(value)
            case FieldType.TIME:
                return time.fromisoformat(value)
            case FieldType.DATETIME:
                return datetime.fromisoformat(value).astimezone(UTC)
            case FieldType.DURATION:
                return read_duration(value) or value
    except (ValueError, InvalidOperation):
        pass
    return value
