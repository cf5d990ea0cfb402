"""An entity's file, `catalogs/**.yaml`: its shape, and the steps in which it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType, half_read
from app.manifest.model.values import frozen
from app.manifest.problems import closest, fault
from app.manifest.read import fields as field_reader
from app.manifest.read import items, portal, rules, screens
from app.manifest.read.fields import FIELD, build_fields
from app.manifest.read.numbers import read_number
from app.manifest.read.renames import WAS
from app.manifest.read.traits import TRAITS
from app.manifest.scalars import icon, key_name, label, name, phrase, text, yes_no
from app.manifest.shapes import Key, Said, Shape, mapping, table

KEY = Key("entity", name(), "实体的键名，与文件名相同", required=True)
LABEL = Key("label", label(20), "实体名称，显示在菜单和页面上", required=True)
GROUP = Key("group", label(20), "菜单分组")
ICON = Key("icon", icon(), "菜单图标的名称")
HELP = Key("help", text(500), "页面上的说明")
NUMBER = Key("number", phrase("编号"), "编号规则，例如 CS-{year}{month}-{seq:4}")
TITLE = Key("title", name(), "在别处用哪个字段称呼一条记录")
FIELDS = Key("fields", table(mapping(FIELD), key=key_name()), "字段", required=True)
ATTACHMENTS = Key("attachments", yes_no(), "能否上传附件")
WORKFLOW = Key("workflow", name(), "走哪个流程，是 workflows.yaml 里的一个")
ENTITY = Shape(
    "实体",
    (KEY, LABEL, GROUP, ICON, HELP, NUMBER, TITLE, FIELDS, screens.LIST, screens.FILTER, screens.FORM,
     screens.ORDER, screens.DETAILS, ATTACHMENTS, rules.KEY, portal.KEY, items.KEY, WORKFLOW,
     *(trait.key for trait in TRAITS), WAS),
)  # fmt: skip

MAX_FIELDS = 300
TOO_MANY = fault(
    "ENT155",
    "实体有 {count} 个字段，超过 {limit} 个",
    "请把一部分字段分到另一个实体，用 ref 连起来",
)
NO_FIELDS = fault("ENT151", "实体没有字段", "请至少写一个字段")
TITLE_TYPE = fault("ENT152", "{type} 类型的字段 {key} 不能作 title", "请换一个文字或编号字段")
TITLE_PRIVATE = fault(
    "ENT153", "{key} 是隐私字段，不能作 title", "title 会显示在别处，请换一个字段"
)
TWO_CODES = fault(
    "ENT154",
    "{key} 是第二个 code 字段，前面已有 {first}",
    "一个实体只能有一个 code 字段，其余请用 text",
)
SELF_VISIBLE = fault("FLD117", "字段 {key} 的 {part} 又看它自己", "请改用别的字段")
TITLES = (
    FieldType.TEXT,
    FieldType.CODE,
    FieldType.CHOICE,
    FieldType.REF,
    FieldType.DATE,
    FieldType.INTEGER,
)


def skeleton(key: str, said: Said, link: Linking) -> Entity:
    """The entity with its declared fields only: enough for others to refer to it."""
    written = said.get(FIELDS)
    if _perhaps_a_trait(said):
        link.unread_fields[key] = None
    if written is not None and len(written.names) > MAX_FIELDS:
        link.found.add(TOO_MANY(written.place, count=len(written.names), limit=MAX_FIELDS))
        written = None
    fields = build_fields(written, link) if written is not None else {}
    if written is None:
        link.unread_fields[key] = None
    else:
        _note_unread(key, written.names, fields, link)
        if not written.names:
            link.found.add(NO_FIELDS(written.place))
    _refuse_second_code(fields, link)
    workflow = said.get(WORKFLOW)
    was = said.get(WAS)
    return Entity(
        key=key,
        label=said.get(LABEL, key),
        place=said.place_of(KEY),
        fields=frozen(fields),
        system=frozen({}),
        group=said.get(GROUP, ""),
        icon=said.get(ICON, ""),
        help=said.get(HELP, ""),
        attachments=said.get(ATTACHMENTS, otherwise=False),
        workflow=workflow.text if workflow and link.known(Noun.WORKFLOW, workflow) else None,
        was=was.text if was is not None else None,
    )


def _perhaps_a_trait(said: Said) -> bool:
    """An unknown key that is likely a trait mistyped: what it would have brought isn't missed."""
    bringing = (FIELDS.name, WORKFLOW.name, *(trait.key.name for trait in TRAITS))
    unknown = [name for name in said.key_places if name not in ENTITY.names]
    return any(closest(name, bringing) is not None for name in unknown)


def _note_unread(
    key: str, written: tuple[str, ...], fields: Mapping[str, Field], link: Linking
) -> None:
    for name_ in written:
        field = fields.get(name_)
        if field is None or half_read(field):
            link.mark_unread(key, name_)
            link.mark_unread(key, name_.casefold().replace("-", "_"))  # what it was meant to be


def _refuse_second_code(fields: Mapping[str, Field], link: Linking) -> None:
    codes = [field for field in fields.values() if field.type is FieldType.CODE]
    for second in codes[1:]:
        link.found.add(TWO_CODES(second.place, key=second.key, first=codes[0].key))


def finish(entity: Entity, said: Said, link: Linking) -> Entity:
    """The whole entity: conditions of fields, screens, rules, rows, traits."""
    written = {entry.key: entry.value for entry in said.get(FIELDS) or ()}
    fields = field_conditions(entity.key, entity.fields, written, link)
    number = said.get(NUMBER)
    entity = replace(
        entity,
        fields=frozen(fields),
        number=read_number(number, link.found) if number is not None else None,
        title=_title(said, entity, link),
        list=screens.read_columns(said, screens.LIST, entity, link),
        filter=screens.read_columns(said, screens.FILTER, entity, link),
        form=screens.read_form(said, entity, link),
        order=screens.read_order(said, entity, link),
        details=screens.read_details(said, entity, link),
        rules=rules.read_rules(said, entity, link),
        portal=portal.read_portal(said, entity, link),
    )
    nodes = said.get(items.KEY)
    if nodes is not None:
        rows = items.read_items(nodes, said.key_place(items.KEY), entity, link)
        entity = replace(entity, items=rows)
    for trait in TRAITS:
        part = said.get(trait.key)
        if part is not None:
            built = {trait.key.name: trait.build(part, entity, link)}
            entity = replace(entity, **built)  # type: ignore[arg-type] # each trait's model, under its own name
    return entity


def field_conditions(
    entity: str, fields: Mapping[str, Field], written: Mapping[str, Said], link: Linking
) -> dict[str, Field]:
    """The fields with `visible_when` and `required_when` checked."""
    whole = {}
    for key, field in fields.items():
        said = written.get(key)
        for part in (field_reader.VISIBLE_WHEN, field_reader.REQUIRED_WHEN):
            word = said.get(part) if said is not None else None
            checked = read_condition(link, word, entity) if word is not None else None
            if checked is None or word is None:
                continue
            if key in checked.reads:
                link.found.add(SELF_VISIBLE(word.place, key=key, part=part.name))
            when = {part.name: checked}
            field = replace(field, **when)  # type: ignore[arg-type] # visible_when or required_when
        whole[key] = field
    return whole


def _title(said: Said, entity: Entity, link: Linking) -> str:
    word = said.get(TITLE)
    if word is None or word.text == "number":
        return word.text if word is not None else ""
    field = screens.column(word, entity, link)
    if field is None:
        return ""
    if field.type not in TITLES:
        link.found.add(TITLE_TYPE(word.place, type=field.type, key=word.text))
    elif field.private:
        link.found.add(TITLE_PRIVATE(word.place, key=word.text))
    return word.text
