"""The picture that a workflow's states and transitions draw: every state can be reached, and left unless final."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.manifest.problems import Findings, fault, likely
from app.manifest.read.words import is_path
from app.manifest.scalars import Word
from app.manifest.shapes import Said, Table
from app.place import Place

UNKNOWN_STATE = fault("WFL109", "流程里没有 {word} 这个状态")
UNREACHED = fault(
    "WFL110", "从起点 {start} 走不到状态 {state}", "请加一个到 {state} 的流转，或去掉这个状态"
)
DEAD_END = fault(
    "WFL111", "状态 {state} 不是终点，却没有离开它的流转", "请加一个离开它的流转，或写 final: yes"
)
LEAVES_FINAL = fault(
    "WFL112",
    "{state} 是终点，不能再流转",
    "办结后重办请写 does: reopen；否则从 from 里去掉它，或去掉 final",
)
REOPENS_TO_FINAL = fault(
    "WFL113", "重办后到了终点 {state}，什么也办不了", "请让 to 指向一个不是终点的状态"
)
NO_STATE = fault("WFL114", "流程里没有状态", "请至少写一个状态")


@dataclass(frozen=True, slots=True)
class Move:
    """What of a transition belongs to the picture."""

    sources: tuple[Word, ...]
    target: Word
    reopens: bool
    sure: bool  # that it reopens or not: no misspelt key may have been meant for that


def check_paths(
    start: Word | None,
    states: Table[Said],
    moves: Iterable[Move],
    found: Findings,
    *,
    complete: bool,
) -> None:
    """Report names without a state, states out of reach, dead ends, and ways out of an end.

    `complete` tells that every transition could be read: only then what is missing can be told.
    """
    moves = tuple(moves)
    if not states.names:
        found.add(NO_STATE(states.place))
        return
    named = [word for move in moves for word in (*move.sources, move.target)]
    known = [_known(word, states, found) for word in ([start] if start else []) + named]
    _check_ends(states, moves, found)
    if all(known) and complete and start is not None and not states.broken:
        _check_reach(start.text, states, moves, found)


def _known(word: Word, states: Table[Said], found: Findings) -> bool:
    if word.text in states.names:
        return True
    if any(not is_path(name) for name in states.broken):
        return False  # a state's own key was refused: this may be it
    found.add(UNKNOWN_STATE(word.place, word=word.text, hint=likely(word.text, states.names)))
    return False


def _check_ends(states: Table[Said], moves: tuple[Move, ...], found: Findings) -> None:
    ends = {entry.key for entry in states if entry.value.values.get("final") is True}
    for move in moves:
        for word in move.sources:
            if word.text in ends and move.sure and not move.reopens:
                found.add(LEAVES_FINAL(word.place, state=word.text))
        if move.reopens and move.target.text in ends:
            found.add(REOPENS_TO_FINAL(move.target.place, state=move.target.text))


def _check_reach(start: str, states: Table[Said], moves: tuple[Move, ...], found: Findings) -> None:
    ways: dict[str, set[str]] = {entry.key: set() for entry in states}
    for move in moves:
        for word in move.sources:
            ways[word.text].add(move.target.text)
    reached, waiting = {start}, [start]
    while waiting:
        for state in ways[waiting.pop()] - reached:
            reached.add(state)
            waiting.append(state)
    for entry in states:
        place: Place = entry.place
        if entry.key not in reached:
            found.add(UNREACHED(place, start=start, state=entry.key))
        elif not ways[entry.key] - {entry.key} and _goes_on(entry.value):
            found.add(DEAD_END(place, state=entry.key))


def _goes_on(state: Said) -> bool:
    """Whether a state is certainly not final."""
    return state.whole and state.values.get("final") is not True
