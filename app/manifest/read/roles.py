"""`config/roles.yaml`: who may do what with which rows."""

from __future__ import annotations

from collections.abc import Mapping

from app.condition.tree import Condition
from app.manifest.conditions import read_condition
from app.manifest.link import Linking, Noun
from app.manifest.model.roles import PLATFORM_NOUNS, VERBS, PrivateField, Role
from app.manifest.model.values import frozen
from app.manifest.problems import fault, likely
from app.manifest.read.renames import WAS, check_was
from app.manifest.scalars import Word, condition, key_name, label, name, path, word
from app.manifest.shapes import (
    Key,
    Named,
    Said,
    Shape,
    Table,
    either,
    mapping,
    one_or_many,
    series,
    table,
)
from app.place import Place

LABEL = Key("label", label(), "角色名称", required=True)
CAN = Key(
    "can",
    table(series(word(*VERBS), at_least=1, once=True)),
    "对每个实体能做什么：read 查看，create 新建，edit 修改，retire 停用，export 导出，import 导入；"
    "也可写平台自带的 user 账号、grant 角色授予、audit 审计日志、release 发布",
)
SEES = Key("sees", table(condition()), "能看到哪些行；不写就是全部")
EDITS = Key("edits", table(condition()), "在看得到的行里能修改哪些；不写就是全部")
FIELD = Key("field", path(), "实体.字段", required=True)
WHEN = Key("when", condition(), "什么条件下可以看")
PRIVATE = Shape("隐私字段", (FIELD, WHEN))
PRIVATE_FIELDS = Key(
    "private_fields",
    series(either(path(), mapping(PRIVATE)), once=True),
    "能看到哪些隐私字段的明文，写 实体.字段",
)
NOT_WITH = Key("not_with", one_or_many(name()), "不能与哪些角色由同一人担任")
ROLE = Shape("角色", (LABEL, CAN, SEES, EDITS, PRIVATE_FIELDS, NOT_WITH, WAS))
KEY = Key("roles", table(mapping(ROLE), key=key_name()), "角色和授权", required=True)

RESERVED_ROLE = fault("ROL101", "角色不能叫 {key}，这个词另有含义", "请换一个键")
NEEDS_READ = fault("ROL102", "对 {entity} 有 {verb} 却没有 read", "请加上 read")
SEES_NOTHING = fault(
    "ROL103",
    "{part} 写了 {entity}，但这个角色不能查看它",
    "请在 can 里给 {entity} 加上 read，或去掉这一行",
)
EDITS_NOTHING = fault(
    "ROL104",
    "edits 写了 {entity}，但这个角色不能修改它",
    "请在 can 里给 {entity} 加上 edit，或去掉这一行",
)
PRIVATE_PATH = fault("ROL105", "“{word}”要写成 实体.字段", "例如 {example}")
NOT_PRIVATE = fault("ROL106", "{word} 不是隐私字段", "请在实体里给它写 private: yes，或从这里去掉")
WITH_ITSELF = fault("ROL107", "角色不能与自己互斥", "请从 not_with 里去掉 {key}")
NO_FIELD = fault("ROL108", "{entity} 没有 {field} 这个字段")
NO_SUCH_VERB = fault("ROL109", "对 {noun} 没有 {verb} 这个动作", "能写的有：{verbs}")

RESERVED = ("system", "link", "me", "my", "all", "any", "public", "admin_of_all")


def build(written: Table[Said], link: Linking) -> dict[str, Role]:
    """The roles. Grants that make no sense are reported where they are written."""
    check_was(written.names, ((entry.key, entry.value.get(WAS)) for entry in written), link.found)
    return {entry.key: _role(entry, link) for entry in written}


def _role(entry: Named[Said], link: Linking) -> Role:
    said = entry.value
    if entry.key in RESERVED:
        link.found.add(RESERVED_ROLE(entry.place, key=entry.key))
    can = _grants(said, link)
    was = said.get(WAS)
    return Role(
        key=entry.key,
        label=said.get(LABEL, entry.key),
        can=frozen(can),
        sees=_rows(said, SEES, can, link),
        edits=_rows(said, EDITS, can, link),
        private_fields=_private_fields(said, can, link),
        not_with=_not_with(entry, link),
        place=entry.place,
        places=frozen(_places(said)),
        was=was.text if was is not None else None,
    )


def _grants(said: Said, link: Linking) -> dict[str, frozenset[str]]:
    can = {}
    for entry in said.get(CAN) or ():
        if entry.key in PLATFORM_NOUNS:
            _check_platform(entry, link)
        elif not _entity(entry.key, entry.place, link):
            continue
        verbs = frozenset(entry.value)
        can[entry.key] = verbs
        odd = next((verb for verb in entry.value if verb in ("edit", "retire", "export")), None)
        if odd is not None and "read" not in verbs:
            link.found.add(NEEDS_READ(entry.place, entity=entry.key, verb=odd))
    return can


def _check_platform(entry: Named[tuple[str, ...]], link: Linking) -> None:
    known = PLATFORM_NOUNS[entry.key]
    for verb in entry.value:
        if verb not in known:
            link.found.add(
                NO_SUCH_VERB(entry.place, noun=entry.key, verb=verb, verbs="、".join(known))
            )


def _entity(key: str, place: Place, link: Linking) -> bool:
    """Whether an entity of the site has this key; the built-in ones are kept elsewhere."""
    names = link.names[Noun.ENTITY]
    if key not in names.keys and not names.open:
        link.found.add(Noun.ENTITY.unknown(place, word=key, hint=likely(key, names.keys)))
    return key in names.keys


def _rows(
    said: Said, part: Key[Table[Word]], can: Mapping[str, frozenset[str]], link: Linking
) -> Mapping[str, Condition]:
    rows = {}
    for entry in said.get(part) or ():
        if not _entity(entry.key, entry.place, link):
            continue
        if said.whole and "read" not in can.get(entry.key, ()):
            link.found.add(SEES_NOTHING(entry.place, part=part.name, entity=entry.key))
        elif said.whole and part is EDITS and "edit" not in can[entry.key]:
            link.found.add(EDITS_NOTHING(entry.place, entity=entry.key))
        checked = read_condition(link, entry.value, entry.key)
        if checked is not None:
            rows[entry.key] = checked
    return frozen(rows)


def _private_fields(
    said: Said, can: Mapping[str, frozenset[str]], link: Linking
) -> tuple[PrivateField, ...]:
    fields = []
    for one in said.get(PRIVATE_FIELDS, ()):
        written = one.get(FIELD) if isinstance(one, Said) else one
        when = one.get(WHEN) if isinstance(one, Said) else None
        found = _private_field(written, when, link) if written is not None else None
        if found is None or written is None:
            continue
        if said.whole and "read" not in can.get(found.entity, ()):
            link.found.add(
                SEES_NOTHING(written.place, part=PRIVATE_FIELDS.name, entity=found.entity)
            )
        fields.append(found)
    return tuple(fields)


def _private_field(written: Word, when: Word | None, link: Linking) -> PrivateField | None:
    key, _, field_key = written.text.partition(".")
    if not field_key or "." in field_key:
        link.found.add(PRIVATE_PATH(written.place, word=written.text, example="order.phone"))
        return None
    if not _entity(key, written.place, link) or key not in link.entities:
        return None
    entity = link.entities[key]
    field = entity.fields.get(field_key)
    if field is None:
        if not link.unread(key, field_key):
            hint = likely(field_key, entity.fields)
            link.found.add(
                NO_FIELD(written.at(len(key) + 1), entity=entity.label, field=field_key, hint=hint)
            )
        return None
    if not field.private:
        link.found.add(NOT_PRIVATE(written.place, word=written.text))
    checked = read_condition(link, when, key) if when is not None else None
    return PrivateField(key, field_key, checked, written.place)


def _not_with(entry: Named[Said], link: Linking) -> frozenset[str]:
    others = set()
    for other in entry.value.get(NOT_WITH, ()):
        if other.text == entry.key:
            link.found.add(WITH_ITSELF(other.place, key=entry.key))
        elif link.known(Noun.ROLE, other):
            others.add(other.text)
    return frozenset(others)


def _places(said: Said) -> dict[str, Place]:
    places = dict(said.key_places)
    for part in (CAN, SEES, EDITS):
        for entry in said.get(part) or ():
            places[f"{part.name}.{entry.key}"] = entry.place
    return places
