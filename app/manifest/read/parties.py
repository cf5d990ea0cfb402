"""What a party of a dispatch is in conditions: a ref to whom its work went, with the facts of its work item."""

from __future__ import annotations

from collections.abc import Iterable

from app.manifest.link import Linking, Noun
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field, FieldType
from app.manifest.read.system_fields import system_field
from app.place import Place

FACTS = (
    ("accepted_at", "签收时间", FieldType.DATETIME),
    ("done_at", "办结时间", FieldType.DATETIME),
    ("due_at", "截止时间", FieldType.DATETIME),
    ("returns", "退回次数", FieldType.INTEGER),
)


def party_fields(
    key: str, label: str, paths: Iterable[str], entity: str, place: Place, link: Linking
) -> tuple[Field, ...]:
    """The party itself and what is known of its work item. Paths that lead nowhere are somebody else's report."""
    kinds = party_kinds(paths, entity, link)
    if not kinds:
        link.mark_unread(entity, key)
        kinds = ("user",)
    to, targets = (kinds[0], ()) if len(kinds) == 1 else (None, kinds)
    facts = (
        system_field(f"{key}.{fact}", f"{label}·{said}", type_, place)
        for fact, said, type_ in FACTS
    )
    return (system_field(key, label, FieldType.REF, place, to=to, targets=targets), *facts)


def party_kinds(paths: Iterable[str], entity: str, link: Linking) -> tuple[str, ...]:
    """Where the paths lead: `user`, `post`, `department`. Roles lead to nobody in particular: alone, to users.

    Empty where one of them leads nowhere, so that it can't be told.
    """
    words = tuple(paths)
    roles = link.names[Noun.ROLE].keys
    ends = [_end(path.split("."), entity, link) for path in words if path not in roles]
    if not words or any(end not in BUILT_IN_ENTITIES for end in ends):
        return ()
    return tuple(dict.fromkeys(ends)) or ("user",)


def _end(steps: list[str], entity: str, link: Linking) -> str:
    """The entity that a path of refs leads to; empty where it leads nowhere."""
    for step in steps:
        owner = link.entities.get(entity)
        field = owner.field(step) if owner is not None else None
        entity = (field.to or "") if field is not None else ""
    return entity
