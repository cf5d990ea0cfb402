"""Records as JSON: refs as `{"id", "title"}`, decimals as text, moments as ISO 8601 with their offset (UTC)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.history import Entry
from app.domain.rows import Row
from app.domain.wire import Json, to_json
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType

LISTS = frozenset({FieldType.REFS, FieldType.FILES, FieldType.CHOICES, FieldType.LINES})


def record_json(entity: Entity, row: Row, keys: Iterable[str]) -> dict[str, Json]:
    """The record's fields in this order. A private value that isn't to be seen is its mask."""
    found: dict[str, Json] = {}
    for key in keys:
        field = entity.field(key)
        if field is not None:
            found[key] = value_json(field, row)
    return found


def value_json(field: Field, row: Row) -> Json:
    value = row.values.get(field.key)
    if field.key in row.masked:
        return to_json(value)
    if field.type in LISTS:
        return _list_json(field, value, row.labels.get(field.key))
    if field.type is FieldType.REF and isinstance(value, int):
        label = row.labels.get(field.key)
        return {"id": value, "title": label if isinstance(label, str) else f"#{value}"}
    return to_json(value)


def _list_json(field: Field, value: object, labels: object) -> Json:
    """An empty list is `[]`."""
    values: Sequence[object] = value if isinstance(value, tuple | list) else ()
    if field.type in (FieldType.CHOICES, FieldType.LINES):
        return [to_json(one) for one in values]
    names: Sequence[object] = labels if isinstance(labels, tuple) else ()
    name = "title" if field.type is FieldType.REFS else "name"
    return [
        {"id": to_json(one), name: to_json(label)}
        for one, label in zip(values, names, strict=False)
    ]


def all_keys(entity: Entity) -> tuple[str, ...]:
    """Every field of a record's own answer: what the platform keeps, then the declared ones."""
    own = tuple(key for key in entity.system if key not in entity.fields)
    return (*own, *entity.fields)


def labels_json(entity: Entity, keys: Iterable[str]) -> dict[str, Json]:
    return {key: field.label for key in keys if (field := entity.field(key)) is not None}


def descriptions_json(entity: Entity, keys: Iterable[str]) -> dict[str, Json]:
    """What the administrator wrote to help with a field."""
    return {
        key: field.help for key in keys if (field := entity.field(key)) is not None and field.help
    }


def entry_json(entry: Entry) -> dict[str, Json]:
    """One line of a record's history."""
    return {
        "id": entry.id,
        "at": to_json(entry.at),
        "by": entry.by,
        "action": entry.action,
        "reason": entry.reason,
        "release": entry.release,
        "place": entry.place,
        "changes": [
            {
                "field": change.field.key,
                "label": change.field.label,
                "old": change.old,
                "new": change.new,
            }
            for change in entry.changes
        ],
        "details": dict(entry.details),
    }
