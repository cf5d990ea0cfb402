"""Texts cut into pairs of characters: a word of two Chinese characters is one pair, so an index of pairs finds it.

A trigram index can't: most Chinese words are shorter than three characters.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MAX_TERMS = 8
MAX_QUERY = 100


def normal(text: str) -> str:
    """The text as it is compared: full-width forms as plain ones, capitals as small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def terms(typed: str) -> tuple[str, ...]:
    """The words that must all occur in what is looked for."""
    return tuple(dict.fromkeys(normal(typed[:MAX_QUERY]).split()))[:MAX_TERMS]


def pairs(text: str) -> Iterator[str]:
    """Every two neighbouring characters of the text, none across a blank."""
    for run in text.split():
        yield from (run[place : place + 2] for place in range(len(run) - 1))


def words_for_sqlite(text: str, initials: str) -> str:
    """What the full-text table indexes: a word for each pair, and one for the last character of each run, so that
    a single character is found as the beginning of a word. No character's code begins with the `x` of initials.
    """
    words = [_code(pair) for pair in pairs(text)]
    words += [_code(run[-1]) for run in text.split()]
    words += ["x" + _code(pair) for pair in pairs(initials)]
    words += ["x" + _code(run[-1]) for run in initials.split()]
    return " ".join(dict.fromkeys(words))


def query_for_sqlite(term: str, *, initials: bool = False) -> str:
    """The full-text query for rows in which the term may occur."""
    lead = "x" if initials else ""
    if len(term) == 1:
        return f"{lead}{_code(term)}*"
    return " AND ".join(f'"{lead}{_code(pair)}"' for pair in dict.fromkeys(pairs(term)))


def numbers_for_postgres(text: str, initials: str) -> list[int]:
    """What the array holds: a number for each pair and each character. Two may share a number; rows are looked at
    again anyway."""
    found = {*pairs(text), *(c for c in text if not c.isspace())}
    found |= {f"\0{part}" for part in (*pairs(initials), *initials.replace(" ", ""))}
    return sorted({_number(part) for part in found})


def query_for_postgres(term: str, *, initials: bool = False) -> list[int]:
    """Numbers that a row must all have for the term to occur in it."""
    parts: Iterable[str] = pairs(term) if len(term) > 1 else [term]
    return sorted({_number(f"\0{part}" if initials else part) for part in parts})


@lru_cache(maxsize=20_000)
def _code(part: str) -> str:
    """Four letters or digits a character: the tokenizer can't mistake any of them for a separator."""
    codes = []
    for character in part:
        number, code = ord(character), ""
        for _ in range(4):
            number, digit = divmod(number, 36)
            code = _DIGITS[digit] + code
        codes.append(code)
    return "".join(codes)


@lru_cache(maxsize=20_000)
def _number(part: str) -> int:
    unsigned = zlib.crc32(part.encode("utf-8", "surrogatepass"))
    return unsigned - 2**32 if unsigned >= 2**31 else unsigned
