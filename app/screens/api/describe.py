"""`_info`: what the caller may do with an entity, which fields they may fill in, by what they may filter."""

from __future__ import annotations

from app.domain.access import may
from app.domain.comparisons import OPERATOR_WORDS, operators
from app.domain.context import Context
from app.domain.wire import Json, to_json
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.roles import VERBS
from app.screens.api.questions import comparable

REFS = (FieldType.REF, FieldType.REFS)


def info_json(
    context: Context, entity: Entity, keys: tuple[str, ...], address: str
) -> dict[str, Json]:
    """The parts named by `keys`. `address` is that of the entity's REST class."""
    parts: dict[str, Json] = {}
    for verb, name in (("create", "add"), ("edit", "edit")):
        allowed = may(context, entity.key, verb)
        fields = [f for f in entity.live_fields.values() if not f.read_only] if allowed else []
        if f"{name}_columns" in keys:
            parts[f"{name}_columns"] = [field_json(entity, field, address) for field in fields]
        if f"{name}_title" in keys:
            parts[f"{name}_title"] = entity.label
    if "permissions" in keys:
        parts["permissions"] = [f"can_{verb}" for verb in VERBS if may(context, entity.key, verb)]
    if "filters" in keys:
        parts["filters"] = {
            key: [{"name": OPERATOR_WORDS[one], "operator": one} for one in operators(field)]
            for key, field in comparable(context, entity).items()
        }
    return parts


def field_json(entity: Entity, field: Field, address: str) -> dict[str, Json]:
    """A field to fill in. The records that a ref may be set to stand at `related`, never here."""
    told: dict[str, Json] = {
        "name": field.key,
        "label": field.label,
        "description": field.help,
        "type": str(field.type),
        "required": field.required,
        "unique": field.unique,
        "private": field.private,
    }
    if field.choices:
        live = (choice for choice in field.choices if not choice.retired)
        told["choices"] = [{"value": choice.key, "label": choice.label} for choice in live]
    if field.type in REFS:
        told["related"] = f"{address}/related/{field.key}"
    for name in ("min", "max", "max_length", "places", "unit", "default"):
        value = getattr(field, name)
        if value not in (None, "", ()):
            told[name] = to_json(value)
    return told
