"""Kinds of scalar: text stays text (`18:00`, `on`, `0010`), and each place says what it wants of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from app.manifest.problems import Findings, fault, likely
from app.manifest.shapes import Kind
from app.manifest.source import TextNode
from app.place import Place

E = TypeVar("E", bound=StrEnum)

LABEL_LENGTH = 40
TEXT_LENGTH = 2000
KEY_LENGTH = 40
PHRASE_LENGTH = 20_000  # conditions tell of their own, lower limit

TOO_LONG = fault("VAL110", "文字有 {length} 个字，超过 {limit} 个", "请改短")
SEVERAL_LINES = fault("VAL111", "名称不能换行", "请写在一行里")
KEY_SHAPE = fault(
    "VAL112",
    "“{key}”不能作键名",
    "键名用小写英文字母、数字和单个下划线，以字母开头，最多 {limit} 个字；中文请写在 label 里",
)
NAME_SHAPE = fault("VAL113", "“{word}”不是一个名称", "这里写键名：小写英文字母、数字和下划线")
PATH_SHAPE = fault(
    "VAL114", "“{word}”不是一条路径", "路径形如 category.department，各段是字段的键名"
)
YES_NO = fault("VAL115", "“{word}”不是 yes 或 no", "请写 yes 或 no")
NUMBER = fault("VAL116", "“{word}”不是整数", "请只写数字，例如 3")
RANGE = fault("VAL117", "{word} 不在 {low} 到 {high} 之间")
DECIMAL = fault("VAL118", "“{word}”不是数字", "请只写数字，例如 12.5")
WORD = fault("VAL119", "这里不能写 {word}")
ICON = fault("VAL130", "“{word}”不是图标名", "图标名用小写英文字母和连字符，例如 bullhorn")

_KEY = re.compile(r"[a-z](_?[a-z0-9])*_?")
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
TEXT_SCHEMA = {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Word:
    """A name, path or condition as written, with its place: what it stands for is found when linking."""

    text: str
    place: Place
    node: TextNode

    def at(self, offset: int) -> Place:
        """The place of a character of the text."""
        return self.node.at(offset)


def scalar(
    says: str, read: Callable[[TextNode, Findings], Any], schema: dict[str, Any]
) -> Kind[Any]:
    """A kind that is written as one scalar; `read` reports what is wrong and gives None."""
    return Kind(says, (TextNode,), read, schema)


def text(limit: int = TEXT_LENGTH) -> Kind[str]:
    """Any text up to `limit` characters."""

    def read(node: TextNode, found: Findings) -> str | None:
        if len(node.text) > limit:
            found.add(TOO_LONG(node.place, length=len(node.text), limit=limit))
            return None
        return node.text

    return scalar("文字", read, TEXT_SCHEMA)


def label(limit: int = LABEL_LENGTH) -> Kind[str]:
    """A short name on one line."""

    def read(node: TextNode, found: Findings) -> str | None:
        value = node.text.strip()
        if "\n" in value:
            found.add(SEVERAL_LINES(node.place))
        elif len(value) > limit:
            found.add(TOO_LONG(node.place, length=len(value), limit=limit))
        else:
            return value
        return None

    return scalar("名称", read, TEXT_SCHEMA)


def key_name(limit: int = KEY_LENGTH) -> Kind[str]:
    """A key that the administrator chooses; for `table(…, key=…)`."""

    def read(node: TextNode, found: Findings) -> str | None:
        if _KEY.fullmatch(node.text) and len(node.text) <= limit:
            return node.text
        found.add(KEY_SHAPE(node.place, key=node.text, limit=limit))
        return None

    return scalar("键名", read, {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})


def name() -> Kind[Word]:
    """The key of something said elsewhere."""

    def read(node: TextNode, found: Findings) -> Word | None:
        if _KEY.fullmatch(node.text):
            return Word(node.text, node.place, node)
        found.add(NAME_SHAPE(node.place, word=node.text))
        return None

    return scalar("键名", read, {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})


def icon() -> Kind[str]:
    """The name of an icon."""

    def read(node: TextNode, found: Findings) -> str | None:
        if re.fullmatch(r"[a-z][a-z0-9-]{0,39}", node.text):
            return node.text
        found.add(ICON(node.place, word=node.text))
        return None

    return scalar("图标名", read, {"type": "string", "pattern": "^[a-z][a-z0-9-]*$"})


def path() -> Kind[Word]:
    """Names joined by dots."""

    def read(node: TextNode, found: Findings) -> Word | None:
        if _PATH.fullmatch(node.text):
            return Word(node.text, node.place, node)
        found.add(PATH_SHAPE(node.place, word=node.text))
        return None

    return scalar("路径", read, {"type": "string"})


def phrase(says: str = "文字", limit: int = PHRASE_LENGTH) -> Kind[Word]:
    """Text with its place, to be understood later (a condition, `100% - 7h`, `sum amount`)."""

    def read(node: TextNode, found: Findings) -> Word | None:
        if len(node.text) > limit:
            found.add(TOO_LONG(node.place, length=len(node.text), limit=limit))
            return None
        return Word(node.text, node.place, node)

    return scalar(says, read, TEXT_SCHEMA)


def condition() -> Kind[Word]:
    """A condition: parsed and checked when all entities are known."""
    return phrase("条件")


def yes_no() -> Kind[bool]:
    """`yes` or `no`."""

    def read(node: TextNode, found: Findings) -> bool | None:
        if node.text in ("yes", "no"):
            return node.text == "yes"
        found.add(YES_NO(node.place, word=node.text))
        return None

    return scalar("yes 或 no", read, {"enum": ["yes", "no"]})


def integer(low: int = 0, high: int = 1_000_000) -> Kind[int]:
    """A whole number between `low` and `high`."""

    def read(node: TextNode, found: Findings) -> int | None:
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", node.text):
            found.add(NUMBER(node.place, word=node.text))
            return None
        value = int(node.text)
        if not low <= value <= high:
            found.add(RANGE(node.place, word=node.text, low=low, high=high))
            return None
        return value

    return scalar("整数", read, {"type": ["integer", "string"]})


def decimal() -> Kind[Decimal]:
    """An exact number, sign allowed."""

    def read(node: TextNode, found: Findings) -> Decimal | None:
        if re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?", node.text):
            return Decimal(node.text)
        found.add(DECIMAL(node.place, word=node.text))
        return None

    return scalar("数字", read, {"type": ["number", "string"]})


def word(*allowed: str) -> Kind[str]:
    """One of a closed list of words."""

    def read(node: TextNode, found: Findings) -> str | None:
        if node.text in allowed:
            return node.text
        found.add(WORD(node.place, word=node.text, hint=likely(node.text, allowed)))
        return None

    spelled = [*(int(one) for one in allowed if one.isdigit()), *allowed]
    return scalar(" / ".join(allowed), read, {"enum": spelled})


def member(words: type[E]) -> Kind[E]:
    """One member of an enumeration, spelled by its value."""

    def read(node: TextNode, found: Findings) -> E | None:
        try:
            return words(node.text)
        except ValueError:
            found.add(
                WORD(node.place, word=node.text, hint=likely(node.text, [w.value for w in words]))
            )
            return None

    return scalar("可选的词", read, {"enum": [w.value for w in words]})
