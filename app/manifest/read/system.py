"""Fields that are always there: every record's own, a workflow's, a colour, and what the traits bring."""

from __future__ import annotations

from dataclasses import replace

from app.manifest.link import Linking
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.manifest.problems import fault
from app.manifest.read import workflows
from app.manifest.read.field_rules import COLUMN_CLASH
from app.manifest.read.site import LOCALE
from app.manifest.read.system_fields import colour_field, system_field
from app.manifest.read.system_words import in_language
from app.manifest.read.traits import TRAITS
from app.manifest.scalars import Word
from app.manifest.shapes import Said
from app.place import Place

SYSTEM_CLASH = fault(
    "ENT141", "字段 {key} 与 {trait} 自带的字段重名", "请把这个字段换一个键；显示的名称不受影响"
)


def own_fields(place: Place) -> tuple[Field, ...]:
    """What every record has."""
    return (
        system_field("id", "内部编号", FieldType.INTEGER, place),
        system_field("number", "编号", FieldType.TEXT, place),
        system_field("created_at", "登记时间", FieldType.DATETIME, place),
        system_field("created_by", "登记人", FieldType.REF, place, to="user"),
        system_field("changed_at", "修改时间", FieldType.DATETIME, place),
        system_field("changed_by", "修改人", FieldType.REF, place, to="user"),
        system_field("version", "版本", FieldType.INTEGER, place),
    )


def with_system(entity: Entity, said: Said, link: Linking) -> Entity:
    """The entity with its system fields; a declared field of the same name is refused."""
    own = own_fields(entity.place)
    for field in own:
        _refuse_column(field, entity, link)
    system = {field.key: field for field in own}
    brought: list[tuple[str, tuple[Field, ...]]] = [("workflow", _of_workflow(entity, said, link))]
    for trait in TRAITS:
        written = said.get(trait.key)
        if written is not None and not written.whole:
            link.unread_fields[entity.key] = None  # what it would have brought can't be told
        if written is not None:
            brought.append((trait.key.name, trait.brings(written, entity.key, link)))
    brought.append(("预警", _colour(entity, link)))
    for trait_name, fields in brought:
        for field in fields:
            _refuse_column(field, entity, link)
            _refuse_clash(field, trait_name, entity, link)
            system[field.key] = field
    site = link.drafts.site
    locale = site.get(LOCALE, "zh") if site is not None else "zh"
    spoken = {key: in_language(field, locale) for key, field in system.items()}
    return replace(entity, system=frozen(spoken))


def _refuse_column(field: Field, entity: Entity, link: Linking) -> None:
    """A declared field that is called like the column of a system ref."""
    column = entity.fields.get(f"{field.key}_id")
    if field.type is FieldType.REF and column is not None:
        link.found.add(COLUMN_CLASH(column.place, key=column.key, ref=field.key))


def _refuse_clash(field: Field, trait: str, entity: Entity, link: Linking) -> None:
    """A declared field of the same name; or a ref, through which `first.rest` would be another path."""
    first, dot, _ = field.key.partition(".")
    declared = entity.fields.get(first)
    if declared is not None and (not dot or declared.type is FieldType.REF):
        link.found.add(SYSTEM_CLASH(declared.place, key=first, trait=trait))


def _of_workflow(entity: Entity, said: Said, link: Linking) -> tuple[Field, ...]:
    fields = workflows.brings(entity.workflow, link) if entity.workflow is not None else ()
    if "workflow" in said.key_places and not any(field.choices for field in fields):
        link.mark_unread(entity.key, "state")
        link.mark_unread(entity.key, "round")
    return fields


def _colour(entity: Entity, link: Linking) -> tuple[Field, ...]:
    """`colour`, where an escalation watches the entity."""
    for entry in link.drafts.escalations or ():
        watch = entry.value.values.get("watch")
        written = watch.text if isinstance(watch, Word) else str(watch)
        if written.partition(".")[0] == entity.key:
            return (colour_field(entry.place),)
    return ()
