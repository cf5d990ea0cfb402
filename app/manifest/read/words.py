"""Parts of a phrase, each with its own place."""

from __future__ import annotations

import re

from app.manifest.scalars import Word
from app.manifest.source import TextNode

_NAME_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def part(word: Word, start: int, end: int) -> Word:
    """The characters from `start` to `end` as a word of their own."""
    place, text = word.at(start), word.text[start:end]
    node = TextNode(place, word.node.owner, text, quoted=False, straight=word.node.straight)
    return Word(text, place, node)


def is_path(text: str) -> bool:
    """Whether the text is names joined by dots."""
    return _NAME_PATH.fullmatch(text) is not None
