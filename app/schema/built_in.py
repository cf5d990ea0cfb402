"""The fields of the built-in entities, for paths such as `department.kind` and for choosing a record by typing."""

from __future__ import annotations

from collections.abc import Mapping

from app.manifest.model.fields import Choice, Field, FieldType
from app.manifest.model.organization import DEPARTMENT_KINDS
from app.manifest.model.values import frozen
from app.place import Place

_NOWHERE = Place("", 0)


def _field(key: str, label: str, type_: FieldType, **said: object) -> Field:
    return Field(key, label, type_, _NOWHERE, system=True, **said)  # type: ignore[arg-type]


_KINDS = tuple(Choice(kind, kind, _NOWHERE) for kind in DEPARTMENT_KINDS)
_ID = _field("id", "编号", FieldType.INTEGER)
_RETIRED = _field("retired_at", "停用时间", FieldType.DATETIME)

BUILT_IN_FIELDS: Mapping[str, tuple[Field, ...]] = frozen(
    {
        "user": (
            _ID,
            _field("username", "用户名", FieldType.TEXT),
            _field("first_name", "姓名", FieldType.TEXT),
        ),
        "department": (
            _ID,
            _field("key", "键", FieldType.CODE),
            _field("label", "名称", FieldType.TEXT),
            _field("kind", "类别", FieldType.CHOICE, choices=_KINDS),
            _field("under", "上级部门", FieldType.REF, to="department"),
            _RETIRED,
        ),
        "post": (
            _ID,
            _field("key", "键", FieldType.CODE),
            _field("label", "名称", FieldType.TEXT),
            _field("department", "部门", FieldType.REF, to="department"),
            _RETIRED,
        ),
    }
)
