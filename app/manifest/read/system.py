"""Fields that are always there: every record's own, a workflow's, a colour, and what the traits bring."""

from __future__ import annotations

from dataclasses import replace

from app.manifest.link import Linking
from app.manifest.model.entities import Entity
from app.manifest.model.escalations import COLOURS
from app.manifest.model.fields import Choice, Field, FieldType
from app.manifest.model.values import frozen
from app.manifest.problems import fault
from app.manifest.read.traits import TRAITS
from app.manifest.scalars import Word
from app.manifest.shapes import Named, Said, Table
from app.place import Place

SYSTEM_CLASH = fault("ENT141", "字段 {key} 与 {trait} 自带的字段重名", "请把这个字段换一个键；显示的名称不受影响")

_COLOUR_LABELS = {"blue": "蓝色", "yellow": "黄色", "red": "红色"}


def system_field(
    key: str,
    label: str,
    type_: FieldType,
    place: Place,
    *,
    to: str | None = None,
    choices: tuple[Choice, ...] = (),
    dictionary: str | None = None,
) -> Field:
    """A field that the platform keeps by itself."""
    return Field(
        key, label, type_, place, read_only=True, to=to, choices=choices, dictionary=dictionary, system=True
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
    system = {field.key: field for field in own_fields(entity.place)}
    brought: list[tuple[str, tuple[Field, ...]]] = [("workflow", _of_workflow(entity, said, link))]
    for trait in TRAITS:
        written = said.get(trait.key)
        if written is not None:
            brought.append((trait.key.name, trait.brings(written, entity.key, link)))
    brought.append(("预警", _colour(entity, link)))
    for trait_name, fields in brought:
        for field in fields:
            first = field.key.partition(".")[0]
            if first in entity.fields:
                place = entity.fields[first].place
                link.found.add(SYSTEM_CLASH(place, key=first, trait=trait_name))
            system[field.key] = field
    return replace(entity, system=frozen(system))


def _of_workflow(entity: Entity, said: Said, link: Linking) -> tuple[Field, ...]:
    if not "workflow" in said.key_places:
        return ()
    states: tuple[Choice, ...] = ()
    for entry in link.drafts.workflows or ():
        written = entry.value.values.get("states")
        if entry.key == entity.workflow and isinstance(written, Table):
            states = tuple(_state(one) for one in written if isinstance(one.value, Said))
    if not states:
        link.mark_unread(entity.key, "state")
    return (
        system_field("state", "状态", FieldType.CHOICE, entity.place, choices=states),
        system_field("round", "轮次", FieldType.INTEGER, entity.place),
    )


def _state(entry: Named[Said]) -> Choice:
    label = entry.value.values.get("label")
    return Choice(entry.key, label if isinstance(label, str) else entry.key, entry.place)


def _colour(entity: Entity, link: Linking) -> tuple[Field, ...]:
    """`colour`, where an escalation watches the entity."""
    for entry in link.drafts.escalations or ():
        watch = entry.value.values.get("watch")
        written = watch.text if isinstance(watch, Word) else str(watch)
        if written.partition(".")[0] == entity.key:
            choices = tuple(Choice(key, _COLOUR_LABELS[key], entry.place) for key in COLOURS)
            return (system_field("colour", "亮牌", FieldType.CHOICE, entry.place, choices=choices),)
    return ()
