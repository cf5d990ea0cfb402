"""Whether transitions can be pressed one after another, as far as the workflow alone tells."""

from __future__ import annotations

from collections.abc import Iterable

from app.manifest.link import Linking
from app.manifest.problems import fault
from app.manifest.read.states import entries, known_transition, start_state
from app.manifest.scalars import Word
from app.manifest.shapes import Said

NOT_NOW = fault(
    "TST108", "此时按不了 {press}，记录在{states}", "请按流程的先后写，漏了的流转要补上"
)
SYSTEM_ONLY = fault("TST109", "{press} 由系统自动流转，没有人能按", "请从 press 里去掉它")


def check_presses(words: Iterable[Word], entity: str, link: Linking) -> None:
    """Each transition must start where the one before it, and whatever the system then does, may have led."""
    start = start_state(entity, link)
    moves = {entry.key: entry.value for entry in entries(entity, link, "transitions") or ()}
    table = entries(entity, link, "states")
    known = set(table.names) if table is not None else set()
    states = _settled({start}, moves) if start is not None else set()
    for word in words:
        if not known_transition(word, entity, link) or word.text not in moves:
            return
        said = moves[word.text]
        if _by(said) == {"system"}:
            link.found.add(SYSTEM_ONLY(word.place, press=word.text))
            return
        if not known >= _sources(said) | states:
            return
        if states and not states & _sources(said):
            names = "、".join(sorted(states))
            link.found.add(NOT_NOW(word.place, press=word.text, states=names))
            return
        states = _settled({_target(said)}, moves)


def _settled(states: set[str], moves: dict[str, Said]) -> set[str]:
    """The states, and those that the system may have moved on to by itself."""
    automatic = [said for said in moves.values() if "system" in _by(said)]
    reached, grew = set(states), True
    while grew:
        more = {_target(said) for said in automatic if _sources(said) & reached} - reached
        reached |= more
        grew = bool(more)
    return reached


def _names(said: Said, key: str) -> set[str]:
    words = said.values.get(key)
    return (
        {word.text for word in words if isinstance(word, Word)}
        if isinstance(words, tuple)
        else set()
    )


def _sources(said: Said) -> set[str]:
    return _names(said, "from")


def _by(said: Said) -> set[str]:
    return _names(said, "by")


def _target(said: Said) -> str:
    word = said.values.get("to")
    return word.text if isinstance(word, Word) else ""
