"""What may be said of which type of field, and which names are the platform's own."""

from __future__ import annotations

from collections.abc import Mapping

from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import Duration
from app.manifest.problems import Findings, fault
from app.manifest.read.choices import RESERVED as GRAMMAR_WORDS
from app.manifest.read.renames import WAS, check_was
from app.manifest.shapes import Said, Table

T = FieldType
NUMBERS = (T.INTEGER, T.DECIMAL, T.MONEY, T.PERCENT)
ORDERED = (*NUMBERS, T.DATE, T.DATETIME, T.TIME, T.DURATION)
OF_CHOICES = (T.CHOICE, T.CHOICES)
OF_REFS = (T.REF, T.REFS)
TEXTS = (T.TEXT, T.NOTE, T.CODE, T.PHONE, T.EMAIL, T.URL, T.ID_CARD, T.CREDIT_CODE)
SINGLE_TEXTS = tuple(type_ for type_ in TEXTS if type_ is not T.NOTE)

# Which keys are for which types only; a key that isn't here may be said of every type.
ONLY_FOR: Mapping[str, tuple[FieldType, ...]] = {
    "to": OF_REFS,
    "choices": OF_CHOICES,
    "of": (T.CONDITION,),
    "min": ORDERED,
    "max": ORDERED,
    "max_length": (T.TEXT, T.NOTE, T.CODE),
    "unit": (T.INTEGER, T.DECIMAL, T.MONEY),
    "places": (T.DECIMAL, T.MONEY, T.PERCENT),
    "search": (*TEXTS, T.LINES),
    "unique": (*SINGLE_TEXTS, *NUMBERS, T.DATE, T.DATETIME, T.REF),
    "default": tuple(
        t for t in T if t not in (T.FILES, T.CONDITION, T.REF, T.REFS, T.ID_CARD, T.CREDIT_CODE)
    ),
}
NEEDED: Mapping[str, tuple[FieldType, ...]] = {
    "to": OF_REFS,
    "choices": OF_CHOICES,
    "of": (T.CONDITION,),
}

ALWAYS_THERE = ("id", "number", "created_at", "created_by", "changed_at", "changed_by", "version")
# Attributes that the program's foundations put on every record: a field of that name would break it.
FOUNDATIONS = frozenset(
    (
        "metadata",
        "query",
        "registry",
        "to_json",
        "retired",
        "retired_at",
        "retired_by",
        "password",
        "salt",
        "reason",
        "search_text",
    )
)

NOT_FOR_TYPE = fault("FLD105", "{type} 类型的字段不能写 {key}")
NEEDS = fault("FLD106", "{type} 类型的字段缺少 {key}", "请加上 {key}")
PLATFORM_NAME = fault(
    "FLD107", "字段名不能用 {key}，它是平台自带的", "请换一个键；显示的名称不受影响"
)
GRAMMAR_NAME = fault(
    "FLD108", "字段名不能用 {key}，它在条件里另有含义", "请换一个键；显示的名称不受影响"
)
COLUMN_CLASH = fault("FLD109", "字段 {key} 会与引用字段 {ref} 的存储列重名", "请把 {key} 换一个键")
UPSIDE_DOWN = fault("FLD110", "最小值 {min} 大于最大值 {max}", "请对调或改正")
TWO_UNITS = fault("FLD111", "最小值 {min} 与最大值 {max} 的单位不同，不能比较", "请用同一个单位")
ALWAYS_REQUIRED = fault(
    "FLD112", "已经写了 required: yes，required_when 不起作用", "请去掉其中一个"
)
RETIRED_REQUIRED = fault("FLD113", "停用的字段不能必填", "请去掉 required 或 retired")
NEVER_FILLED = fault(
    "FLD114",
    "字段只读又必填，却没有默认值，在页面上无法新建记录",
    "请加上 default，或去掉 read_only 或 required",
)
RETIRED_DEFAULT = fault("FLD115", "默认值 {value} 是已停用的选项", "请改用在用的选项")
SAME_LABEL = fault("FLD116", "字段 {other} 也叫“{label}”", "请改一个名称，导入导出按名称对应各列")


def check_field(field: Field, said: Said, found: Findings) -> None:
    """What is said of a field must suit its type and itself."""
    for name, types in ONLY_FOR.items():
        if name in said.key_places and field.type not in types:
            hint = f"{name} 只用于 {'、'.join(types)}" if len(types) <= 8 else f"请去掉 {name}"
            found.add(NOT_FOR_TYPE(said.key_places[name], type=field.type, key=name, hint=hint))
    for name, types in NEEDED.items():
        if field.type in types and name not in said.key_places:
            found.add(NEEDS(said.place, type=field.type, key=name))
    _check_limits(field, said, found)
    _check_required(field, said, found)
    defaults = field.default if isinstance(field.default, tuple) else (field.default,)
    for value in defaults:
        choice = (
            field.choice(value) if field.type in OF_CHOICES and isinstance(value, str) else None
        )
        if choice is not None and choice.retired:
            found.add(RETIRED_DEFAULT(said.places["default"], value=value))


def _check_limits(field: Field, said: Said, found: Findings) -> None:
    low, high = field.min, field.max
    if low is None or high is None or isinstance(low, str) or isinstance(high, str):
        return
    if isinstance(low, Duration) and isinstance(high, Duration):
        if low.unit != high.unit:
            found.add(TWO_UNITS(said.places["max"], min=low, max=high))
            return
        wrong = low.amount > high.amount
    else:
        wrong = low > high  # type: ignore[operator] # both were read for the same type
    if wrong:
        found.add(UPSIDE_DOWN(said.places["max"], min=low, max=high))


def _check_required(field: Field, said: Said, found: Findings) -> None:
    if field.required and "required_when" in said.key_places:
        found.add(ALWAYS_REQUIRED(said.key_places["required_when"]))
    if field.required and field.retired:
        found.add(RETIRED_REQUIRED(said.key_places["required"]))
    if field.required and field.read_only and "default" not in said.key_places:
        found.notice(NEVER_FILLED(said.key_places["read_only"]))


def check_names(written: Table[Said], fields: Mapping[str, Field], found: Findings) -> None:
    """Keys that the platform, the grammar or another field's column needs are refused."""
    labels: dict[str, str] = {}
    for entry in written:
        key = entry.key
        if key in ALWAYS_THERE or key in FOUNDATIONS:
            found.add(PLATFORM_NAME(entry.place, key=key))
        elif key in GRAMMAR_WORDS:
            found.add(GRAMMAR_NAME(entry.place, key=key))
        ref = fields.get(key.removesuffix("_id")) if key.endswith("_id") else None
        if ref is not None and ref.type is T.REF:
            found.add(COLUMN_CLASH(entry.place, key=key, ref=ref.key))
        field = fields.get(key)
        if field is None or field.retired:
            continue
        other = labels.setdefault(field.label, key)
        if other != key:
            found.notice(SAME_LABEL(entry.value.places["label"], label=field.label, other=other))
    check_was(written.names, ((entry.key, entry.value.get(WAS)) for entry in written), found)
