"""How two readings of the same thing differ, in Chinese, whatever the thing is and wherever it now stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from app.condition.tree import Condition
from app.manifest.model.fields import FieldType
from app.manifest.model.values import Duration
from app.place import Place
from app.release.vocabulary import (
    ATTRIBUTE_WORDS,
    NOT_COMPARED,
    TYPE_WORDS,
    UNIT_WORDS,
    VERB_WORDS,
)

SHOWN = 40  # characters of a value
TOLD = 3  # differences in one sentence


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute that changed. `path` are words from the outside in, the attribute's own last."""

    path: tuple[str, ...]
    before: str
    after: str
    place: Place | None

    def __str__(self) -> str:
        words = "的".join(self.path)
        if not self.before or not self.after:
            return f"{words}{'删去' if self.before else '加上'}{self.before or self.after}"
        return f"{words} {self.before}→{self.after}"


def differences(
    old: object, new: object, *, without: frozenset[str] = frozenset()
) -> tuple[Difference, ...]:
    """All differences of two dataclasses of one kind; `without` names attributes told elsewhere."""
    return tuple(_of_dataclass(old, new, (), without))


def told(found: tuple[Difference, ...]) -> str:
    """The differences in half a sentence."""
    more = f" 等 {len(found)} 处" if len(found) > TOLD else ""
    return "；".join(str(one) for one in found[:TOLD]) + more


def same(old: object, new: object) -> bool:
    """Whether two readings mean the same, wherever they stand in their files."""
    return plain(old) == plain(new)


def plain(value: object) -> object:
    """A value without places and keys of trees: equal for what means the same."""
    match value:
        case Condition():
            return " ".join(value.text.split())
        case Place():
            return None
        case Mapping():
            return {key: plain(one) for key, one in value.items()}
        case tuple() | list():
            return tuple(plain(one) for one in value)
        case Enum() | Duration():
            return value
        case _ if is_dataclass(value):
            return {name: plain(one) for name, one in _compared(value)} | {
                "key": getattr(value, "key", None)
            }
        case _:
            return value


def _compared(thing: object) -> Iterator[tuple[str, Any]]:
    for one in fields(thing):  # type: ignore[arg-type]
        if one.name not in NOT_COMPARED:
            yield one.name, getattr(thing, one.name)


def _of_dataclass(
    old: object, new: object, path: tuple[str, ...], without: frozenset[str]
) -> Iterator[Difference]:
    before = dict(_compared(old))
    place = getattr(new, "place", None)
    for name, value in _compared(new):
        if name in without or same(before.get(name), value):
            continue
        word = ATTRIBUTE_WORDS.get(name, name)
        yield from _of_value(before.get(name), value, (*path, word), place)


def _of_value(
    old: object, new: object, path: tuple[str, ...], place: Place | None
) -> Iterator[Difference]:
    one, other = _by_key(old), _by_key(new)
    if one is not None and other is not None:
        yield from _of_keyed(one, other, path, place)
    elif is_dataclass(new) and type(old) is type(new) and not _is_value(new):
        yield from _of_dataclass(old, new, path, frozenset())
    elif isinstance(old, frozenset) and isinstance(new, frozenset):
        gone, added = old - new, new - old
        if gone:
            yield Difference(path, shown(gone), "", place)
        if added:
            yield Difference(path, "", shown(added), place)
    elif _are_words(old) and _are_words(new) and set(old) != set(new):  # type: ignore[call-overload]
        yield from _of_words(old, new, path, place)  # type: ignore[arg-type]
    else:
        yield Difference(path, shown(old), shown(new), place)


def _are_words(value: object) -> bool:
    """A list of keys or paths: what left it and what joined it says more than both lists."""
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, str) for one in value)


def _of_words(
    old: tuple[str, ...], new: tuple[str, ...], path: tuple[str, ...], place: Place | None
) -> Iterator[Difference]:
    gone, added = [w for w in old if w not in new], [w for w in new if w not in old]
    if gone:
        yield Difference(path, shown(gone), "", place)
    if added:
        yield Difference(path, "", shown(added), place)


def _is_value(thing: object) -> bool:
    return isinstance(thing, Condition | Duration)


def _by_key(value: object) -> Mapping[Any, Any] | None:
    """A collection of named things, None for any other value."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, tuple) and value and all(hasattr(one, "key") for one in value):
        names = [one.key for one in value]
        return dict(zip(names, value, strict=True)) if len(set(names)) == len(names) else None
    return None


def _of_keyed(
    old: Mapping[Any, Any], new: Mapping[Any, Any], path: tuple[str, ...], place: Place | None
) -> Iterator[Difference]:
    gone = [named(key, thing) for key, thing in old.items() if key not in new]
    added = [named(key, thing) for key, thing in new.items() if key not in old]
    if gone:
        yield Difference(path, "、".join(gone), "", place)
    if added:
        yield Difference(path, "", "、".join(added), place)
    for key, thing in new.items():
        if key in old and not same(old[key], thing):
            deeper = (*path, named(key, thing))
            yield from _of_value(old[key], thing, deeper, getattr(thing, "place", place))
    kept_old, kept_new = [k for k in old if k in new], [k for k in new if k in old]
    if kept_old != kept_new and not gone and not added:
        yield Difference((*path, "先后"), shown(kept_old), shown(kept_new), place)


def named(key: object, thing: object) -> str:
    """How something is called in a sentence: its label in quotes, or its key."""
    label = getattr(thing, "label", "")
    return f"“{label}”" if label else str(key)


def shown(value: object) -> str:
    """A value as a person reads it, not too long."""
    text = re.sub(r"\s+", " ", _text(value)).strip()
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _text(value: object) -> str:
    match value:
        case None | "" | () | []:
            return "无"
        case bool():
            return "是" if value else "否"
        case FieldType():
            return TYPE_WORDS[value]
        case Condition():
            return value.text
        case frozenset() | Mapping() | tuple() | list():
            return _of_several(value)
        case Duration():
            return f"{value.amount} {UNIT_WORDS[value.unit]}"
        case _ if is_dataclass(value):
            return _of_parts(value)
        case _:
            return str(value)


def _of_several(values: Any) -> str:
    if isinstance(values, Mapping):
        return "、".join(named(key, one) for key, one in values.items()) or "无"
    if isinstance(values, frozenset):
        return "、".join(sorted(VERB_WORDS.get(str(one), _text(one)) for one in values)) or "无"
    return "、".join(_text(one) for one in values)


def _of_parts(thing: object) -> str:
    """A dataclass without a name of its own, by its parts."""
    label = getattr(thing, "label", "") or getattr(thing, "key", "")
    if label:
        return str(label)
    parts = (_text(value) for _, value in _compared(thing) if value not in (None, "", (), False))
    return " ".join(parts) or "有"
