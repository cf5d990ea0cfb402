"""Small makings that all rows share: identifiers that belong to nobody, names, choices by weight."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")
Row = dict[str, Any]

SEED = 20261124
REGION = "999900"  # no such administrative region
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
CYCLE = tuple(
    _STEMS[n % 10] + _BRANCHES[n % 12] for n in range(60)
)  # the sixty-year cycle: 甲子 … 癸亥


def chance(topic: str) -> random.Random:
    """A generator of its own for each topic, so that a change in one leaves the others' rows as they are."""
    return random.Random(f"{SEED}:{topic}")


def weighted(dice: random.Random, weights: Mapping[T, float]) -> T:
    """One key, as likely as its weight."""
    return dice.choices(list(weights), list(weights.values()))[0]


def credit_code(n: int, *, self_employed: bool = False) -> str:
    """The n-th fictitious unified social credit code; both check characters are right (GB 11714, GB 32100-2015)."""
    body = f"MA{n // 10:05d}{_ALPHABET[10 + n % 10]}"
    total = sum(int(c, 36) * w for c, w in zip(body, _ORGANIZATION_WEIGHTS, strict=True))
    check = 11 - total % 11
    first17 = f"9{'2' if self_employed else '1'}{REGION}{body}{'X' if check == 10 else check % 11}"
    total = sum(_ALPHABET.index(c) * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return first17 + _ALPHABET[(31 - total % 31) % 31]


def phone(n: int) -> str:
    """The n-th telephone number of a form that is assigned to nobody."""
    return f"101{n:08d}"


def rounded(value: float, places: int = 2) -> float:
    """A figure as a clerk would type it: no exponent, no trailing digits."""
    return int(value) if places == 0 else round(value, places)
