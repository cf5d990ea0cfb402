"""`was:` — what something was called in the last release."""

from __future__ import annotations

from collections.abc import Iterable

from app.manifest.problems import Findings, fault
from app.manifest.scalars import Word, name
from app.manifest.shapes import Key

WAS = Key("was", name(), "改名前的键；应用时旧数据随之改过来，下一次可删去")

STILL_THERE = fault(
    "WAS101", "was 写的 {was} 还在，没有改名", "改名时旧的键要去掉；若两者都要，请删去 was"
)
SAME_WAS = fault("WAS102", "{was} 已经改名为 {other} 了", "一个旧键只能改成一个新键")


def check_was(
    keys: Iterable[str], renamed: Iterable[tuple[str, Word | None]], found: Findings
) -> None:
    """An old key must be gone, and can become only one new key. `renamed` pairs each key with its `was`."""
    there = set(keys)
    taken: dict[str, str] = {}
    for key, was in renamed:
        if was is None:
            continue
        if was.text in there:
            found.add(STILL_THERE(was.place, was=was.text))
        elif was.text in taken:
            found.add(SAME_WAS(was.place, was=was.text, other=taken[was.text]))
        taken.setdefault(was.text, key)
