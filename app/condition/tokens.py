"""Cutting the text of a condition into words, quoted texts and signs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.condition import faults

MAX_LENGTH = 4000


class Sort(Enum):
    WORD = "word"
    QUOTED = "quoted"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` of a quoted one is what stands between the quotes, unescaped."""

    sort: Sort
    text: str
    offset: int

    def sign(self, *texts: str) -> bool:
        """Whether it is one of these signs."""
        return self.sort is Sort.SIGN and self.text in texts

    def word(self, *texts: str) -> bool:
        """Whether it is one of these words."""
        return self.sort is Sort.WORD and self.text in texts


SIGNS = (">=", "<=", ">", "<", "(", ")", "[", "]", ",", "+", "-")
IN_WORDS = "_.-:%"
BEFORE_BRACKET = frozenset({"and", "or", "not", "where", "in"})
# What people bring from other languages, longest first: "" has no counterpart.
FOREIGN = {
    "===": "is",
    "!==": "is not",
    "==": "is",
    "!=": "is not",
    "<>": "is not",
    "=>": ">=",
    "=<": "<=",
    "&&": "and",
    "||": "or",
    "=": "is",
    "!": "not",
    "&": "and",
    "|": "or",
    "≥": ">=",
    "≤": "<=",
    "≠": "is not",
    "∈": "in",
}
QUOTES = "“”‘’„‟「」『』《》＂＇"
FULL_WIDTH = {"、": ",", "。": ".", "【": "[", "】": "]", "〔": "[", "〕": "]", "—": "-", "–": "-"}
OF_PROGRAMS = "*/\\^~;{}`@#$?"


def tokens(text: str) -> tuple[Token, ...]:
    """All tokens of a text, the last one an END. Raises ConditionError at the first thing that isn't one."""
    if len(text) > MAX_LENGTH:
        raise faults.TOO_LONG.error(MAX_LENGTH, length=len(text), limit=MAX_LENGTH)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _token(text, at)
        found.append(token)
    return (*found, Token(Sort.END, "", len(text)))


def _token(text: str, at: int) -> tuple[Token, int]:
    char = text[at]
    if char == '"':
        return _quoted(text, at)
    if _begins_word(char):
        return _word(text, at)
    _refuse_foreign(text, at)
    for sign in SIGNS:
        if text.startswith(sign, at):
            return Token(Sort.SIGN, sign, at), at + len(sign)
    raise faults.SYMBOL.error(at, symbol=char)


def _begins_word(char: str) -> bool:
    return (char.isalnum() or char == "_") and _half_width(char) is None


def _half_width(char: str) -> str | None:
    """The ASCII twin of a full-width character."""
    return chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else FULL_WIDTH.get(char)


def _quoted(text: str, at: int) -> tuple[Token, int]:
    said: list[str] = []
    here = at + 1
    while here < len(text):
        char = text[here]
        if char == "\0" or "\ud800" <= char <= "\udfff":  # no database keeps these
            raise faults.SYMBOL.error(here, symbol=char)
        if char == '"':
            return Token(Sort.QUOTED, "".join(said), at), here + 1
        if char == "\\" and text[here + 1 : here + 2] in ('"', "\\"):
            here += 1
            char = text[here]
        said.append(char)
        here += 1
    raise faults.OPEN_QUOTE.error(at)


def _word(text: str, at: int) -> tuple[Token, int]:
    end = at
    while end < len(text) and (_begins_word(text[end]) or text[end] in IN_WORDS):
        end += 1
    word = text[at:end]
    for moment in ("today", "now"):
        if word.startswith(f"{moment}-"):
            word, end = moment, at + len(moment)
    if text[end : end + 1] == "(" and word not in BEFORE_BRACKET:
        raise faults.CODE.error(at, word=f"{word}(")
    return Token(Sort.WORD, word, at), end


def _refuse_foreign(text: str, at: int) -> None:
    char = text[at]
    for written, right in FOREIGN.items():
        if text.startswith(written, at):
            raise faults.FOREIGN_SYMBOL.error(at, symbol=written, right=right)
    if char == "'":
        raise faults.SINGLE_QUOTE.error(at)
    if char in QUOTES:
        raise faults.FULL_WIDTH.error(at, symbol=char, right='"')
    half = _half_width(char)
    if half is not None:
        raise faults.FULL_WIDTH.error(at, symbol=char, right=FOREIGN.get(half, half))
    if char == "%":
        raise faults.SYMBOL.error(at, symbol=char, hint="百分号要紧跟在数字后面，例如 60%")
    if char in OF_PROGRAMS:
        raise faults.CODE.error(at, word=char)
