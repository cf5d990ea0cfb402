"""Fields of an entity or of a person: their shape, and what is built of it before conditions are known."""

from __future__ import annotations

from dataclasses import replace

from app.manifest.link import Linking, Noun
from app.manifest.model.fields import BUILT_IN_ENTITIES, Choice, Field, FieldType
from app.manifest.problems import fault
from app.manifest.read.choices import CHOICES, build_choices
from app.manifest.read.field_rules import OF_CHOICES, check_field, check_names
from app.manifest.read.renames import WAS
from app.manifest.read.sessions import SESSIONS
from app.manifest.read.values import BadValue, read_value_of
from app.manifest.scalars import Word, condition, integer, label, member, name, path, text, yes_no
from app.manifest.shapes import Key, Named, Said, Shape, Table, either, raw

LABEL = Key("label", label(), "字段名称", required=True)
TYPE = Key("type", member(FieldType), "字段类型", required=True)
HELP = Key("help", text(300), "填写说明，显示在字段下面")
REQUIRED = Key("required", yes_no(), "是否必填")
UNIQUE = Key("unique", yes_no(), "是否不许重复")
DEFAULT = Key("default", raw(), "默认值，写法同字段类型；日期可写 today")
PRIVATE = Key("private", yes_no(), "是否隐私：没有授权的角色只看到掩码")
SEARCH = Key("search", yes_no(), "是否参与搜索")
READ_ONLY = Key("read_only", yes_no(), "是否只读：不能在表单里填")
VISIBLE_WHEN = Key("visible_when", condition(), "什么条件下显示")
REQUIRED_WHEN = Key("required_when", condition(), "什么条件下必填")
MIN = Key("min", raw(), "最小值；日期可写 today")
MAX = Key("max", raw(), "最大值；日期可写 today")
MAX_LENGTH = Key("max_length", integer(1, 20_000), "最多几个字")
UNIT = Key("unit", label(10), "单位，显示在数字后面")
PLACES = Key("places", integer(0, 6), "小数位数")
RETIRED = Key("retired", yes_no(), "是否停用：旧数据保留，表单里不再出现")
TO = Key("to", name(), "引用哪个实体；也可以是 user、department、post")
VALUES = Key(
    "choices", either(path(), CHOICES), "选项：字典的键、calendar.日历，或就地写“键: 名称”"
)
OF = Key("of", name(), "条件是关于哪个实体的")
FIELD = Shape(
    "字段",
    (LABEL, TYPE, HELP, REQUIRED, UNIQUE, DEFAULT, PRIVATE, SEARCH, READ_ONLY, VISIBLE_WHEN,
     REQUIRED_WHEN, MIN, MAX, MAX_LENGTH, UNIT, PLACES, RETIRED, TO, VALUES, OF, WAS),
)  # fmt: skip

DEFAULT_VALUE = fault("FLD101", "默认值不能用：{why}")
LIMIT_VALUE = fault("FLD102", "{key} 不能用：{why}")
CHOICES_PATH = fault("FLD103", "{word} 不是字典，也不是日历", "请写字典的键，或 calendar.日历")
NO_SESSIONS = fault(
    "FLD104", "日历 {calendar} 没有 sessions，不能拿来作选项", "请给日历写上 sessions"
)


def build_fields(written: Table[Said], link: Linking) -> dict[str, Field]:
    """The fields that could be read; conditions come later, with `entity_conditions`."""
    fields = {}
    for entry in written:
        built = _field(entry, link)
        if built is not None:
            fields[entry.key] = built
            check_field(built, entry.value, link.found)
    check_names(written, fields, link.found)
    return fields


def _field(entry: Named[Said], link: Linking) -> Field | None:
    said = entry.value
    type_ = said.get(TYPE)
    if type_ is None:
        return None
    to, of, was = said.get(TO), said.get(OF), said.get(WAS)
    choices, dictionary, calendar = _choices(said, link)
    field = Field(
        key=entry.key,
        label=said.get(LABEL, entry.key),
        type=type_,
        place=entry.place,
        help=said.get(HELP, ""),
        required=said.get(REQUIRED, otherwise=False),
        unique=said.get(UNIQUE, otherwise=False),
        private=said.get(PRIVATE, otherwise=False),
        search=said.get(SEARCH, otherwise=False),
        read_only=said.get(READ_ONLY, otherwise=False),
        max_length=said.get(MAX_LENGTH),
        unit=said.get(UNIT, ""),
        places=said.get(PLACES),
        was=was.text if was else None,
        retired=said.get(RETIRED, otherwise=False),
        to=_target(to, link) if to else None,
        choices=choices,
        dictionary=dictionary,
        calendar=calendar,
        of=_target(of, link) if of else None,
    )
    return _with_values(field, said, link)


def _target(word: Word, link: Linking) -> str | None:
    if word.text in BUILT_IN_ENTITIES or link.known(Noun.ENTITY, word):
        return word.text
    return None


def _choices(said: Said, link: Linking) -> tuple[tuple[Choice, ...], str | None, str | None]:
    """The choices themselves, and the dictionary or the calendar they come from."""
    written = said.get(VALUES)
    if isinstance(written, Table):
        return build_choices(written, link.found), None, None
    if written is None:
        return (), None, None
    source, dot, calendar = written.text.partition(".")
    if not dot:
        known = link.known(Noun.DICTIONARY, written)
        dictionary = link.dictionaries.get(source)
        return (dictionary.choices if dictionary else ()), (source if known else None), None
    if source != "calendar" or "." in calendar:
        link.found.add(CHOICES_PATH(written.place, word=written.text))
        return (), None, None
    return _sessions(written, calendar, link), None, calendar


def _sessions(written: Word, calendar: str, link: Linking) -> tuple[Choice, ...]:
    word = Word(calendar, written.at(len("calendar.")), written.node)
    if not link.known(Noun.CALENDAR, word) or calendar not in link.calendars:
        return ()
    sessions = link.calendars[calendar].sessions
    refused = [key for key in _written_sessions(calendar, link) if key not in sessions]
    if not sessions and not refused:
        link.found.add(NO_SESSIONS(word.place, calendar=calendar))
    return (
        *(Choice(s.key, s.label, s.place, s.retired) for s in sessions.values()),
        *(Choice(key, key, word.place) for key in refused),
    )


def _written_sessions(calendar: str, link: Linking) -> tuple[str, ...]:
    """The names of a calendar's own sessions, those that were refused included."""
    for entry in link.drafts.calendars or ():
        written = entry.value.get(SESSIONS) if entry.key == calendar else None
        if written is not None:
            return written.names
    return ()


def _with_values(field: Field, said: Said, link: Linking) -> Field:
    """The field with its limits, and its default checked against them."""
    bare = field
    for key in (MIN, MAX):
        node = said.get(key)
        if node is None:
            continue
        try:
            limit = read_value_of(node, bare, link.zone, relative=True)
        except BadValue as bad:
            link.found.add(LIMIT_VALUE(bad.place, key=key.name, why=bad.message, hint=bad.hint))
        else:
            field = replace(field, min=limit) if key is MIN else replace(field, max=limit)
    node = said.get(DEFAULT)
    if node is None or not (field.choices or field.type not in OF_CHOICES):
        return field
    try:
        return replace(field, default=read_value_of(node, field, link.zone, relative=True))
    except BadValue as bad:
        link.found.add(DEFAULT_VALUE(bad.place, why=bad.message, hint=bad.hint))
        return field
