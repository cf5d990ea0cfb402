"""The entities that every site has without declaring them: people, departments, posts.

Conditions and paths may read these fields of theirs; they have no screens of an entity and no grants.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Choice, Field, FieldType
from app.manifest.model.values import frozen
from app.manifest.read.system_fields import system_field
from app.place import Place

NOWHERE = Place("", 1, 1)
_KINDS = {"committee": "管委会", "department": "部门", "utility": "水电气单位", "bank": "银行"}


def built_in_entities(person_fields: Mapping[str, Field]) -> dict[str, Entity]:
    """`user` with what the site knows of a person besides, `department`, `post`."""
    kinds = tuple(Choice(key, label, NOWHERE) for key, label in _KINDS.items())
    return {
        "user": _entity(
            "user",
            "人员",
            system_field("id", "内部编号", FieldType.INTEGER, NOWHERE),
            system_field("name", "姓名", FieldType.TEXT, NOWHERE),
            system_field("username", "登录名", FieldType.TEXT, NOWHERE),
            system_field("department", "部门", FieldType.REF, NOWHERE, to="department"),
            declared=person_fields,
        ),
        "department": _entity(
            "department",
            "部门",
            system_field("id", "内部编号", FieldType.INTEGER, NOWHERE),
            system_field("key", "键名", FieldType.TEXT, NOWHERE),
            system_field("label", "名称", FieldType.TEXT, NOWHERE),
            system_field("kind", "类别", FieldType.CHOICE, NOWHERE, choices=kinds),
            system_field("under", "上级部门", FieldType.REF, NOWHERE, to="department"),
        ),
        "post": _entity(
            "post",
            "岗位",
            system_field("id", "内部编号", FieldType.INTEGER, NOWHERE),
            system_field("key", "键名", FieldType.TEXT, NOWHERE),
            system_field("label", "名称", FieldType.TEXT, NOWHERE),
            system_field("department", "所属部门", FieldType.REF, NOWHERE, to="department"),
        ),
    }


def _entity(
    key: str, label: str, *fields: Field, declared: Mapping[str, Field] | None = None
) -> Entity:
    system = frozen({field.key: field for field in fields})
    return Entity(key, label, NOWHERE, frozen(dict(declared or {})), system)
