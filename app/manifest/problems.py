"""Kinds of problem: each declared once, beside the code that reports it, and listed here by id.

A `Fault` is called with a place and the facts of the case and gives a `Problem`. `CATALOGUE` is what the reference
page and the tests of the bad examples go by.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from app.place import Place
from app.problems import Problem

CATALOGUE: dict[str, Fault] = {}
SHOWN_LENGTH = 60
MAX_TOLD = 500
MAX_COMPARED = 300  # names that a misspelt one is compared with


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of problem. `message` and `hint` are Chinese templates; `{facts}` are filled in by the caller."""

    id: str
    message: str
    hint: str = ""

    def __call__(self, place: Place, *, hint: str | None = None, **facts: object) -> Problem:
        """The problem at `place`. A given `hint` (already worded) stands in for the template's."""
        said = {name: shown(str(fact)) for name, fact in facts.items()}
        remedy = self.hint.format(**said) if hint is None else hint
        return Problem(self.id, place, self.message.format(**said), remedy)


def fault(id: str, message: str, hint: str = "") -> Fault:  # noqa: A002 - the catalogue's own word
    """Declare a kind of problem. An id is never given twice and never reused."""
    if id in CATALOGUE:
        raise ValueError(f"problem id {id} is declared twice")
    CATALOGUE[id] = Fault(id, message, hint)
    return CATALOGUE[id]


class Enough(Exception):
    """So many problems were found that reading stops."""


@dataclass(slots=True)
class Findings:
    """What was found so far. Readers report here and go on, so that everything is told at once."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    _told: set[tuple[str, Place, str]] = field(default_factory=set)

    def add(self, problem: Problem) -> None:
        """Note a problem, once: the same at the same place isn't told twice, whatever the hints.

        Raises Enough where so much is wrong that more would help nobody.
        """
        same = (problem.id, problem.place, problem.message)
        if same in self._told:
            return
        self._told.add(same)
        self.problems.append(problem)
        if len(self.problems) >= MAX_TOLD:
            raise Enough

    def notice(self, problem: Problem) -> None:
        """Note something worth saying that is no fault."""
        if problem not in self.notices:
            self.notices.append(problem)

    def __len__(self) -> int:
        return len(self.problems)


def shown(text: str) -> str:
    """The text as it may be put into a message: one line, no invisible characters, not too long."""
    clean = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: SHOWN_LENGTH + 1])
    return clean if len(text) <= SHOWN_LENGTH else clean[:SHOWN_LENGTH] + "…"


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if one is close."""
    pool = [str(name) for name in known]
    folded = {name.casefold().replace("-", "_"): name for name in pool}
    same = folded.get(word.casefold().replace("-", "_").strip())
    if same is not None:
        return same
    if len(pool) > MAX_COMPARED:
        alike = (n for n in pool if n[:1] == word[:1] and abs(len(n) - len(word)) <= 2)
        pool = list(islice(alike, MAX_COMPARED))
    found = difflib.get_close_matches(word[:SHOWN_LENGTH], pool, n=1, cutoff=0.6)
    return found[0] if found else None


def likely(word: str, known: Iterable[str], *, noun: str = "可以写") -> str:
    """A hint for a name that isn't known: the one probably meant, else what there is to choose from."""
    pool = [str(name) for name in known]
    meant = closest(word, pool)
    if meant is not None:
        return f"是不是想写 {meant}？"
    if not pool:
        return ""
    more = " 等" if len(pool) > 12 else ""
    return f"{noun}：{'、'.join(pool[:12])}{more}"
