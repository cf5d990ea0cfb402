"""`tests/**.yaml` of a site: given a record and a moment, what is expected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.manifest.field_values import ValueProblem, read_text
from app.manifest.link import Linking, Noun
from app.manifest.model.entities import Entity, Item
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.site_tests import Expected, Persona, SiteTest
from app.manifest.model.values import Unit, frozen
from app.manifest.problems import fault
from app.manifest.read.items import row_field, row_value
from app.manifest.read.presses import check_presses
from app.manifest.read.states import require_workflow
from app.manifest.read.targets import require_calendar
from app.manifest.scalars import Word, label, name
from app.manifest.shapes import (
    Key,
    Named,
    Said,
    Shape,
    Table,
    mapping,
    raw,
    read_value,
    series,
    table,
)
from app.manifest.source import MapNode, Node, TextNode
from app.manifest.times import duration
from app.place import Place

LABEL = Key("test", label(80), "测试的名称", required=True)
GIVEN = Key(
    "given",
    table(raw("内容")),
    "给定什么：实体: {字段: 值}，at: 时刻，press: [依次按的流转]",
    required=True,
)
AFTER = Key("after", duration(), "然后过了多久，按实体时钟的日历")
EXPECT = Key(
    "expect",
    table(raw("值")),
    "应当怎样：字段: 值，seen_by: [谁看得到]，not_seen_by: [谁看不到]",
    required=True,
)
TEST = Shape("测试", (LABEL, GIVEN, AFTER, EXPECT))
KEY = Key("tests", series(mapping(TEST), at_least=1), "站点自带的测试")

ONE_RECORD = fault(
    "TST101",
    "given 里要写且只写一条记录",
    "例如 given: {{ order: {{ title: 示例 }}, at: 2026-03-02 09:00 }}",
)
NO_MOMENT = fault(
    "TST102", "given 里没有写 at，不知道记录是何时登记的", "请加上 at: 2026-03-02 09:00"
)
MOMENT = fault("TST103", "“{word}”不是时刻", "请写成 2026-03-02 09:00")
NOTHING = fault("TST104", "expect 里什么也没有写", "请写期望的字段值、seen_by 或 not_seen_by")
NOBODY = fault(
    "TST105", "没有 {word} 这样的人", "请写角色，或 角色_部门、角色_岗位，例如 {example}"
)
BOTH = fault("TST106", "{word} 既在 seen_by 里又在 not_seen_by 里", "请去掉一处")
NOT_A_RECORD = fault("TST107", "这里要写一条记录，即一组“字段: 值”", "例如 {{ title: 示例 }}")

_AT, _PRESS = "at", "press"
_SEEN, _NOT_SEEN = "seen_by", "not_seen_by"
_NAMES = series(name(), at_least=1)


def build(files: Iterable[tuple[Said, ...]], link: Linking) -> tuple[SiteTest, ...]:
    """The tests of all files that could be read, in their order."""
    tests = (_test(said, link) for file in files for said in file)
    return tuple(test for test in tests if test is not None)


def _test(said: Said, link: Linking) -> SiteTest | None:
    given, expect, after = said.get(GIVEN), said.get(EXPECT), said.get(AFTER)
    if given is None:
        return None
    entity = _record_of(given, said, link)
    at = _moment(given, said, link) if entity is not None else None
    if entity is None or expect is None:
        return None
    record = _record(entity.value, entity.key, link)
    press = _presses(given, entity.key, link)
    if after is not None and after.unit is not Unit.DAYS:
        require_calendar(entity.key, said.key_place(AFTER), link)
    expected = _expected(expect, link.entities[entity.key], link)
    seen, unseen = _people(expect, _SEEN, link), _people(expect, _NOT_SEEN, link)
    _refuse_both(seen, unseen, link)
    if not expect.names:
        link.found.add(NOTHING(said.place_of(EXPECT)))
    if at is None or record is None:
        return None
    words = tuple(word.text for word in press)
    return SiteTest(
        said.get(LABEL, ""),
        entity.key,
        record,
        at,
        words,
        after,
        expected,
        seen,
        unseen,
        said.place,
    )


def _entry(written: Table[Node], key: str) -> Named[Node] | None:
    return next((entry for entry in written if entry.key == key), None)


def _moment(given: Table[Node], said: Said, link: Linking) -> datetime | None:
    entry = _entry(given, _AT)
    if entry is None:
        link.found.add(NO_MOMENT(said.key_place(GIVEN)))
        return None
    field = Field(_AT, _AT, FieldType.DATETIME, entry.place)
    text = entry.value.text if isinstance(entry.value, TextNode) else ""
    try:
        moment = read_text(field, text, link.zone)
    except ValueProblem:
        moment = None
    if not isinstance(moment, datetime):
        link.found.add(MOMENT(entry.value.place, word=text))
        return None
    return moment


def _record_of(given: Table[Node], said: Said, link: Linking) -> Named[Node] | None:
    records = [entry for entry in given if entry.key not in (_AT, _PRESS)]
    if len(records) != 1:
        link.found.add(ONE_RECORD(said.key_place(GIVEN)))
        return None
    entry = records[0]
    word = Word(entry.key, entry.place, TextNode(entry.place, entry.place, entry.key))
    known = link.known(Noun.ENTITY, word) and entry.key in link.entities
    return entry if known else None


def _record(node: Node, entity: str, link: Linking) -> Item | None:
    if not isinstance(node, MapNode):
        link.found.add(NOT_A_RECORD(node.place))
        return None
    owner = link.entities[entity]
    values: dict[str, object] = {}
    places: dict[str, Place] = {}
    for entry in node.entries:
        field = row_field(entry, owner, link)
        if field is None:
            continue
        places[field.key] = entry.value.place
        value = row_value(entry.value, field, owner, link)
        if value is not None:
            values[field.key] = value
    return Item("", frozen(values), frozen(places), node.place)


def _presses(given: Table[Node], entity: str, link: Linking) -> tuple[Word, ...]:
    entry = _entry(given, _PRESS)
    if entry is None or not require_workflow(entity, _PRESS, entry.place, link):
        return ()
    words = read_value(_NAMES, entry.value, link.found, _PRESS) or ()
    check_presses(words, entity, link)
    return words


def _expected(expect: Table[Node], entity: Entity, link: Linking) -> tuple[Expected, ...]:
    expected = []
    for entry in expect:
        if entry.key in (_SEEN, _NOT_SEEN):
            continue
        word = Word(entry.key, entry.place, TextNode(entry.place, entry.place, entry.key))
        field = link.path(word, entity.key)
        if field is None:
            continue
        node = entry.value
        nothing = isinstance(node, TextNode) and node.text == ""  # `""`: it must be empty
        value = None if nothing else row_value(node, field, entity, link)
        expected.append(Expected(entry.key, value, entry.place))
    return tuple(expected)


def _people(expect: Table[Node], key: str, link: Linking) -> tuple[Persona, ...]:
    entry = _entry(expect, key)
    words = read_value(_NAMES, entry.value, link.found, key) if entry is not None else ()
    people = (_persona(word, link) for word in words or ())
    return tuple(persona for persona in people if persona is not None)


def _persona(word: Word, link: Linking) -> Persona | None:
    """`nurse`, `nurse_east`: a role, and where it is held."""
    roles, text = link.names[Noun.ROLE], word.text
    if text in roles.keys:
        return Persona(text, text, None, None, word.place)
    departments, posts = link.names[Noun.DEPARTMENT], link.names[Noun.POST]
    for cut in (n for n, character in enumerate(text) if character == "_"):
        role, where = text[:cut], text[cut + 1 :]
        if role in roles.keys and where in departments.keys:
            return Persona(text, role, where, None, word.place)
        if role in roles.keys and where in posts.keys:
            return Persona(text, role, None, where, word.place)
    if not (roles.open or departments.open or posts.open):
        role, where = next(iter(roles.keys), "role"), next(iter(departments.keys), "department")
        link.found.add(NOBODY(word.place, word=text, example=f"{role}_{where}"))
    return None


def _refuse_both(seen: tuple[Persona, ...], unseen: tuple[Persona, ...], link: Linking) -> None:
    names = {persona.name for persona in seen}
    for persona in unseen:
        if persona.name in names:
            link.found.add(BOTH(persona.place, word=persona.name))
