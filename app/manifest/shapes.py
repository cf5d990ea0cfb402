"""Typed reading: where a value stands decides its type.

A `Kind[T]` reads one node into a `T` (or reports and gives None) and knows its JSON Schema. A `Shape` is a table of
`Key`s; reading a mapping by it gives a `Said`, asked with the same `Key`s, so that types are checked by mypy and the
reader, the schema and the reference page come from one table:

    LABEL = Key("label", label(), "页面上显示的名称", required=True)
    FINAL = Key("final", yes_no(), "是否终点状态")
    STATE = Shape("状态", (LABEL, FINAL))
    STATES = Key("states", table(mapping(STATE)), "各个状态", required=True)

    for state in said.need(STATES).entries:         # a Named[Said]
        State(state.key, state.value.need(LABEL), state.value.get(FINAL) or False, state.place)

The scalar kinds are in `scalars`. Reading never raises and never stops at the first problem.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from app.manifest.model.values import frozen
from app.manifest.problems import Findings, closest, fault, likely
from app.manifest.said import Form, Json, Key, Kind, Named, Placed, Said, Shape, Table
from app.manifest.source import Entry, ListNode, MapNode, Node, TextNode
from app.problems import Problem

__all__ = [
    "Json",
    "Key",
    "Kind",
    "Named",
    "Placed",
    "Said",
    "Shape",
    "Table",
    "closest_unknown",
    "converted",
    "either",
    "mapping",
    "one_or_many",
    "placed",
    "raw",
    "read_mapping",
    "read_value",
    "series",
    "shape_schema",
    "table",
]

T = TypeVar("T")
U = TypeVar("U")

WRONG_FORM = fault("VAL101", "这里要写{wanted}，现在写的是{written}")
EMPTY = fault("VAL102", "{name} 后面没有内容", "请补上内容，或删去这一行")
UNKNOWN_KEY = fault("VAL103", "{shape}里没有 {key} 这个键")
MISSING_KEY = fault("VAL104", "{shape}缺少 {key}（{says}）", "请加上 {key}")
TOO_FEW = fault("VAL105", "这里至少要写一项", "请补上，或删去这一行")
REPEATED = fault("VAL106", "{word} 在这里写了两次", "请去掉一处")
BROKEN_CONDITION = fault(
    "VAL107",
    "“{key}”不像一个键；多半是条件里的逗号没有加引号",
    '请把整个条件放进双引号，例如 when: "grade in [a, b]"',
)

_FORMS: dict[Form, str] = {TextNode: "一段文字", ListNode: "一个列表", MapNode: "一组“键: 值”"}


def read_value(kind: Kind[T], node: Node, found: Findings, name: str) -> T | None:
    """Read a node as `kind`; emptiness and a wrong form are reported here, once for all kinds."""
    if isinstance(node, TextNode) and node.empty:
        found.add(EMPTY(node.owner, name=name))
        return None
    if not isinstance(node, kind.forms):
        found.add(
            WRONG_FORM(
                node.place, wanted=kind.says, written=_written(node), hint=_form_hint(kind, node)
            )
        )
        return None
    return kind.read(node, found)


def _written(node: Node) -> str:
    return _FORMS[type(node)]


def _form_hint(kind: Kind[Any], node: Node) -> str:
    if TextNode in kind.forms and isinstance(node, MapNode):
        return "文字里含有花括号时，请把整段文字加上引号"
    if ListNode in kind.forms and isinstance(node, TextNode):
        return "请写成 [甲, 乙]，只有一项也要加方括号"
    if MapNode in kind.forms and isinstance(node, TextNode):
        return "请另起一行缩进写“键: 值”，冒号后要有空格"
    return ""


def mapping(shape: Shape) -> Kind[Said]:
    """A mapping with the keys of `shape` and no others."""

    def read(node: MapNode, found: Findings) -> Said:
        return read_mapping(shape, node, found)

    return Kind(f"{shape.says}的一组“键: 值”", (MapNode,), read, shape_schema(shape))


def read_mapping(shape: Shape, node: MapNode, found: Findings) -> Said:
    """All keys of a mapping by its shape; unknown and missing ones are reported."""
    begin = len(found)
    keys = {key.name: key for key in shape.keys}
    values: dict[str, object] = {}
    before: Entry | None = None
    for entry in node.entries:
        key = keys.get(entry.key.text)
        if key is None:
            found.add(_unknown(shape, entry, before))
        else:
            value = read_value(key.kind, entry.value, found, key.name)
            if value is not None:
                values[key.name] = value
        before = entry
    written = {entry.key.text: entry for entry in node.entries}
    unknown = [name for name in written if name not in keys]
    for key in shape.keys:
        if key.required and key.name not in written and closest_unknown(key.name, unknown) is None:
            found.add(MISSING_KEY(node.owner, shape=shape.says, key=key.name, says=key.says))
    return Said(
        shape,
        node.owner,
        frozen(values),
        frozen({name: entry.value.place for name, entry in written.items()}),
        frozen({name: entry.key.place for name, entry in written.items()}),
        len(found) == begin,
    )


def closest_unknown(name: str, unknown: list[str]) -> str | None:
    """An unknown key that is likely this one mistyped: then its absence is no second problem."""
    return next((word for word in unknown if closest(word, [name]) is not None), None)


def _unknown(shape: Shape, entry: Entry, before: Entry | None) -> Problem:
    flow = before is not None and before.key.place.line == entry.key.place.line
    bare = isinstance(entry.value, TextNode) and entry.value.empty
    if flow and bare:
        return BROKEN_CONDITION(entry.key.place, key=entry.key.text)
    hint = likely(entry.key.text, shape.names)
    return UNKNOWN_KEY(entry.key.place, shape=shape.says, key=entry.key.text, hint=hint)


def table(kind: Kind[T], *, key: Kind[str] | None = None) -> Kind[Table[T]]:
    """A mapping whose keys are names that the administrator chooses. `key` checks the names (see `scalars`)."""

    def read(node: MapNode, found: Findings) -> Table[T]:
        entries: list[Named[T]] = []
        broken: set[str] = set()
        for entry in node.entries:
            name = entry.key.text if key is None else key.read(entry.key, found)
            value = read_value(kind, entry.value, found, entry.key.text)
            if name is None or value is None:
                broken.add(entry.key.text)
            else:
                entries.append(Named(name, entry.key.place, value))
        return Table(node.owner, tuple(entries), frozenset(broken))

    pattern = "^.+$" if key is None else key.schema.get("pattern", "^.+$")
    schema = {
        "type": "object",
        "patternProperties": {pattern: kind.schema},
        "additionalProperties": False,
    }
    return Kind(f"一组“名称: {kind.says}”", (MapNode,), read, schema)


def series(kind: Kind[T], *, at_least: int = 0, once: bool = False) -> Kind[tuple[T, ...]]:
    """A list. With `once`, the same scalar twice is a problem."""

    def read(node: ListNode, found: Findings) -> tuple[T, ...]:
        if len(node.items) < at_least:
            found.add(TOO_FEW(node.place))
        if once:
            _refuse_repeats(node, found)
        values = (read_value(kind, item, found, "列表的“-”") for item in node.items)
        return tuple(value for value in values if value is not None)

    schema = {"type": "array", "items": kind.schema, "minItems": at_least}
    return Kind(f"{kind.says}的列表", (ListNode,), read, schema)


def _refuse_repeats(node: ListNode, found: Findings) -> None:
    seen: set[str] = set()
    for item in node.items:
        if isinstance(item, TextNode):
            if item.text in seen:
                found.add(REPEATED(item.place, word=item.text))
            seen.add(item.text)


def one_or_many(kind: Kind[T]) -> Kind[tuple[T, ...]]:
    """One value, or a list of them; a tuple either way."""
    many = series(kind, at_least=1, once=True)

    def read(node: Node, found: Findings) -> tuple[T, ...] | None:
        if isinstance(node, ListNode):
            return many.read(node, found)
        value = kind.read(node, found)
        return None if value is None else (value,)

    forms = (*kind.forms, ListNode)
    return Kind(f"{kind.says}或其列表", forms, read, {"anyOf": [kind.schema, many.schema]})


def either(one: Kind[T], other: Kind[U]) -> Kind[T | U]:
    """One kind or another, told apart by the node's form (text, list, mapping); the forms must not meet."""
    if set(one.forms) & set(other.forms):
        raise ValueError(f"{one.says} and {other.says} can't be told apart")

    def read(node: Node, found: Findings) -> T | U | None:
        return one.read(node, found) if isinstance(node, one.forms) else other.read(node, found)

    schema = {"anyOf": [one.schema, other.schema]}
    return Kind(f"{one.says}或{other.says}", (*one.forms, *other.forms), read, schema)


def converted(kind: Kind[T], convert: Callable[[T], U], says: str = "") -> Kind[U]:
    """The same value, turned into something else once it was read."""

    def read(node: Any, found: Findings) -> U | None:
        value = kind.read(node, found)
        return None if value is None else convert(value)

    return Kind(says or kind.says, kind.forms, read, kind.schema)


def placed(kind: Kind[T]) -> Kind[Placed[T]]:
    """The same value, with its place."""

    def read(node: Node, found: Findings) -> Placed[T] | None:
        value = kind.read(node, found)
        return None if value is None else Placed(value, node.place)

    return Kind(kind.says, kind.forms, read, kind.schema)


def raw(says: str = "任意内容") -> Kind[Node]:
    """The node itself: what it may be is known only later (declared rows, tests' records)."""

    def read(node: Node, found: Findings) -> Node:
        return node

    return Kind(says, (TextNode, ListNode, MapNode), read, {})


def shape_schema(shape: Shape) -> Json:
    """The JSON Schema of a shape, with the descriptions an editor shows."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            key.name: {"description": key.says, **key.kind.schema} for key in shape.keys
        },
        "additionalProperties": False,
    }
    required = [key.name for key in shape.keys if key.required]
    return {**schema, "required": required} if required else schema
