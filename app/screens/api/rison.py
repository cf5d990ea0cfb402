"""Rison, the notation of Flask-AppBuilder's queries in addresses, read strictly.

    (filters:!((col:state,opr:eq,value:open)),order_column:due_at,page_size:20)

`(…)` is an object, `!(…)` a list, `'…'` a text (`!'` and `!!` inside it), `!t !f !n` true, false and nothing; what
looks like a JSON number is one, any other bare word is a text. A key said twice is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

from app.domain.wire import Json

DEEPEST = 16
LONGEST_NUMBER = 30
_BARE = re.compile(r"[^'!:(),*@$\s]+")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS: dict[str, Json] = {"t": True, "f": False, "n": None}


class BadRison(ValueError):
    """The text isn't Rison; `offset` is where it stops being that."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"no Rison at {offset}")
        self.offset = offset


def read_rison(text: str) -> Json:
    """The value that the text says. Raises BadRison."""
    reader = _Reader(text)
    value = reader.value(DEEPEST)
    if reader.at != len(text):
        raise BadRison(reader.at)
    return value


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0

    def value(self, depth: int) -> Json:
        if depth == 0:
            raise BadRison(self.at)
        if self._takes("!"):
            return self._marked(depth)
        if self._takes("("):
            return self._object(depth)
        if self._takes("'"):
            return self._quoted()
        return _bare(self._word())

    def _marked(self, depth: int) -> Json:
        if self._takes("("):
            return self._list(depth)
        word = self.text[self.at : self.at + 1]
        if word not in _WORDS:
            raise BadRison(self.at)
        self.at += 1
        return _WORDS[word]

    def _list(self, depth: int) -> Json:
        found: list[Json] = []
        while not self._takes(")"):
            if found:
                self._must(",")
            found.append(self.value(depth - 1))
        return found

    def _object(self, depth: int) -> Json:
        found: dict[str, Json] = {}
        while not self._takes(")"):
            if found:
                self._must(",")
            key = self._quoted() if self._takes("'") else self._word()
            if key in found:
                raise BadRison(self.at)
            self._must(":")
            found[key] = self.value(depth - 1)
        return found

    def _quoted(self) -> str:
        said: list[str] = []
        while not self._takes("'"):
            if self._takes("!") and self.text[self.at : self.at + 1] not in ("'", "!"):
                raise BadRison(self.at)
            if self.at == len(self.text):
                raise BadRison(self.at)
            said.append(self.text[self.at])
            self.at += 1
        return "".join(said)

    def _word(self) -> str:
        match = _BARE.match(self.text, self.at)
        if match is None:
            raise BadRison(self.at)
        self.at = match.end()
        return match[0]

    def _takes(self, sign: str) -> bool:
        if self.text.startswith(sign, self.at):
            self.at += 1
            return True
        return False

    def _must(self, sign: str) -> None:
        if not self._takes(sign):
            raise BadRison(self.at)


def _bare(word: str) -> Json:
    match = _NUMBER.fullmatch(word) if len(word) <= LONGEST_NUMBER else None
    if match is None:
        return word
    if not match[2] and not match[3]:
        return int(word)
    number = float(word)
    return number if isfinite(number) else word
