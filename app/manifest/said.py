"""What a mapping said: keys with their kinds, shapes made of keys, and the values read by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast, overload

from app.manifest.problems import Findings
from app.manifest.source import ListNode, MapNode, TextNode
from app.place import Place

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")
Json = Mapping[str, Any]
Form = type[TextNode] | type[ListNode] | type[MapNode]


@dataclass(frozen=True, slots=True)
class Kind(Generic[T_co]):
    """How to read one value. `says` names it in Chinese; `forms` are the nodes it accepts."""

    says: str
    forms: tuple[Form, ...]
    read: Callable[[Any, Findings], T_co | None]
    schema: Json


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """One key of a shape, with its Chinese description for the editor and the reference page."""

    name: str
    kind: Kind[T]
    says: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of one kind of mapping. `says` is its Chinese noun."""

    says: str
    keys: tuple[Key[Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(key.name for key in self.keys)


@dataclass(frozen=True, slots=True)
class Said:
    """What one mapping said. `place` is where it belongs to: its key, else its own beginning."""

    shape: Shape
    place: Place
    values: Mapping[str, object]
    places: Mapping[str, Place]  # of the values
    key_places: Mapping[str, Place]
    whole: bool  # nothing in it was refused

    @overload
    def get(self, key: Key[T]) -> T | None: ...
    @overload
    def get(self, key: Key[T], otherwise: U) -> T | U: ...
    def get(self, key: Key[T], otherwise: U | None = None) -> T | U | None:
        """The value of a key, else `otherwise`: the key wasn't written or its value was refused."""
        found = self.values.get(key.name)
        return otherwise if found is None else cast(T, found)

    def need(self, key: Key[T]) -> T:
        """The value of a required key. Only for a mapping that is `whole`, or a key known to be readable."""
        return cast(T, self.values[key.name])

    def has(self, key: Key[Any]) -> bool:
        """Whether the key was written, readable or not."""
        return key.name in self.key_places

    def place_of(self, key: Key[Any]) -> Place:
        """Where the value of a key stands; where the mapping is said, if the key wasn't written."""
        return self.places.get(key.name, self.place)

    def key_place(self, key: Key[Any]) -> Place:
        """Where the key itself stands."""
        return self.key_places.get(key.name, self.place)


@dataclass(frozen=True, slots=True)
class Named(Generic[T_co]):
    """One entry of a table: its key with its place, and its value."""

    key: str
    place: Place
    value: T_co


@dataclass(frozen=True, slots=True)
class Table(Generic[T_co]):
    """Named values in the written order. `broken` are the keys whose values were refused (the names are known)."""

    place: Place
    entries: tuple[Named[T_co], ...]
    broken: frozenset[str]

    def __iter__(self) -> Iterator[Named[T_co]]:
        return iter(self.entries)

    @property
    def names(self) -> tuple[str, ...]:
        """Every key written, refused ones last."""
        return (*(entry.key for entry in self.entries), *sorted(self.broken))


@dataclass(frozen=True, slots=True)
class Placed(Generic[T_co]):
    """A value with the place where it stands."""

    value: T_co
    place: Place
