"""From a file's bytes to nodes with places. Nothing is ever constructed: every scalar stays the text it was.

The nodes are built from the parser's events, one at a time, so that depth, aliases and several documents are
refused before they can cost anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from app.manifest.problems import Findings, fault
from app.manifest.source_bytes import decoded, hidden_characters, report_hidden
from app.manifest.source_errors import KEY_EMPTY, syntax_problem
from app.place import Place
from app.problems import Problem

MAX_DEPTH = 40
MAX_NODES = 200_000
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

TOO_DEEP = fault(
    "SRC110", "括号或缩进嵌套超过 {limit} 层", "没有任何配置需要这么多层；请检查是否多写了括号"
)
TOO_MANY = fault("SRC111", "文件里的内容超过 {limit} 项", "请把它拆成几个文件")
ANCHOR = fault("SRC112", "不能使用锚点 &{name}", "请去掉 &{name}；共用的内容请写成字典或单独的配置")
ALIAS = fault("SRC113", "不能使用引用 *{name}", "请把内容直接写在这里；若是文字，请加引号")
TAG = fault("SRC114", "不能使用标签 {tag}", "请去掉它；若是文字，请加引号")
MERGE = fault("SRC115", "不能使用合并键 <<", "请把各个键直接写在这里")
SEVERAL = fault(
    "SRC116", "一个文件只能有一份文档，这里用 --- 又开始了一份", "请去掉 ---，或拆成两个文件"
)
EMPTY_FILE = fault("SRC117", "文件是空的", "请写入内容，或删去这个文件")
DUPLICATE = fault("SRC118", "键 {key} 写了两次，上一次在 {first}", "请合并成一处")
KEY_FORM = fault(
    "SRC119", "键只能是一个词，不能是列表或一组键", "若想写带花括号的文字，请把整段文字加上引号"
)


@dataclass(frozen=True, slots=True)
class TextNode:
    """A scalar, exactly as written. `owner` is the place of the key (or list item) that it belongs to."""

    place: Place
    owner: Place
    text: str
    quoted: bool = False
    straight: bool = True  # one line without escapes: character n of the text stands n columns on

    @property
    def empty(self) -> bool:
        """Nothing was written here."""
        return not self.quoted and not self.text

    def at(self, offset: int) -> Place:
        """The place of a character of the text, as exactly as can be told."""
        if not self.straight:
            return self.place
        begin = self.place.column + (1 if self.quoted else 0)
        return Place(self.place.file, self.place.line, begin + offset)


@dataclass(frozen=True, slots=True)
class ListNode:
    place: Place
    owner: Place
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    key: TextNode
    value: Node


@dataclass(frozen=True, slots=True)
class MapNode:
    """Keys with their values in the written order; a key stands once."""

    place: Place
    owner: Place
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        return next((entry.value for entry in self.entries if entry.key.text == key), None)


Node = TextNode | ListNode | MapNode


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its lines for showing, and its root where it could be read."""

    file: str
    lines: tuple[str, ...]
    root: Node | None


def read_source(file: str, content: bytes, found: Findings) -> Source:
    """The nodes of one file. Whatever is wrong is reported; the root is None where nothing can be built on it."""
    text, lines = decoded(file, content, found)
    root: Node | None = None
    if text is not None:
        try:
            root = _document(file, text, found)
        except yaml.YAMLError as error:
            found.add(syntax_problem(file, lines, error))
    return Source(file, lines, root)


class _Refused(Exception):
    """Reading can't go on; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def _document(file: str, text: str, found: Findings) -> Node | None:
    builder = _Builder(file, found)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except _Refused as refused:
        found.add(refused.problem)
        return None
    if builder.root is None or (isinstance(builder.root, TextNode) and builder.root.empty):
        found.add(EMPTY_FILE(Place(file, 1, 1)))
        return None
    return None if builder.spoilt else builder.root


@dataclass(slots=True)
class _Open:
    """A collection being read: `owner` is where its key stands; `key` the key whose value comes next."""

    place: Place
    owner: Place
    mapping: bool
    items: list[Node]
    entries: list[Entry]
    keys: dict[str, Place]
    key: TextNode | None = None
    skip: bool = False  # the coming value belongs to a key that was refused


class _Builder:
    """Puts events together into nodes without recursion."""

    def __init__(self, file: str, found: Findings) -> None:
        self.file = file
        self.found = found
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0
        self.spoilt = False  # a key was refused, so that what is missing can't be told

    def take(self, event: yaml.Event) -> None:
        """One event of the parser."""
        place = self._place(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _Refused(SEVERAL(place))
        elif isinstance(event, yaml.AliasEvent):
            raise _Refused(ALIAS(place, name=event.anchor))
        elif isinstance(event, yaml.NodeEvent):
            self._refuse_extras(event, place)
            self._node(event, place)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None  # the parser always sets it
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _refuse_extras(self, event: yaml.NodeEvent, place: Place) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _Refused(TOO_MANY(place, limit=MAX_NODES))
        if event.anchor is not None:
            raise _Refused(ANCHOR(place, name=event.anchor))
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _Refused(TAG(place, tag=tag))

    def _node(self, event: yaml.NodeEvent, place: Place) -> None:
        owner = self._owner(place)
        if isinstance(event, yaml.ScalarEvent):
            node = _text(event, place, owner)
            if hidden_characters(node.text):
                report_hidden(node.text, place, self.found)
            self._put(node)
            return
        if len(self.stack) >= MAX_DEPTH:
            raise _Refused(TOO_DEEP(place, limit=MAX_DEPTH))
        self.stack.append(
            _Open(place, owner, isinstance(event, yaml.MappingStartEvent), [], [], {})
        )

    def _owner(self, place: Place) -> Place:
        top = self.stack[-1] if self.stack else None
        return top.key.place if top is not None and top.key is not None else place

    def _close(self) -> None:
        done = self.stack.pop()
        if done.mapping:
            self._put(MapNode(done.place, done.owner, tuple(done.entries)))
        else:
            self._put(ListNode(done.place, done.owner, tuple(done.items)))

    def _put(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if not top.mapping:
            top.items.append(node)
        elif top.skip:
            top.skip = False
        elif top.key is None:
            self._key(top, node)
        else:
            top.entries.append(Entry(top.key, node))
            top.key = None

    def _key(self, top: _Open, node: Node) -> None:
        """A key was read: it becomes the one whose value comes next, unless it is refused."""
        top.skip = True
        if not isinstance(node, TextNode):
            self.found.add(KEY_FORM(node.place))
            self.spoilt = True
            return
        first = top.keys.get(node.text)
        if node.empty or (node.text == "<<" and not node.quoted):
            self.found.add((KEY_EMPTY if node.empty else MERGE)(node.place))
            self.spoilt = True
        elif first is not None:
            self.found.add(DUPLICATE(node.place, key=node.text, first=f"第 {first.line} 行"))
        else:
            top.key, top.skip = node, False
            top.keys[node.text] = node.place


def _text(event: yaml.ScalarEvent, place: Place, owner: Place) -> TextNode:
    assert event.start_mark is not None
    assert event.end_mark is not None
    quoted = bool(event.style)
    one_line = event.start_mark.line == event.end_mark.line
    width = event.end_mark.column - event.start_mark.column - (2 if quoted else 0)
    straight = one_line and event.style not in ("|", ">") and width == len(event.value)
    return TextNode(place, owner, event.value, quoted, straight)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the written order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ListNode):
            waiting.extend(reversed(node.items))
        elif isinstance(node, MapNode):
            waiting.extend(
                value for entry in reversed(node.entries) for value in (entry.value, entry.key)
            )
