"""The words a condition may use: what the check and the sentence ask of whoever knows the site's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """The types of the language, spelled as field types are."""

    TEXT = "text"
    NOTE = "note"
    LINES = "lines"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    YES_NO = "yes_no"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"
    CHOICE = "choice"
    CHOICES = "choices"
    REF = "ref"
    REFS = "refs"
    FILES = "files"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    ID_CARD = "id_card"
    CREDIT_CODE = "credit_code"
    CODE = "code"
    CONDITION = "condition"


TEXTS = frozenset(
    {
        Kind.TEXT,
        Kind.NOTE,
        Kind.PHONE,
        Kind.EMAIL,
        Kind.URL,
        Kind.ID_CARD,
        Kind.CREDIT_CODE,
        Kind.CODE,
    }
)
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.PERCENT})
LISTS = frozenset({Kind.LINES, Kind.CHOICES, Kind.REFS, Kind.FILES})
USER, DEPARTMENT, POST = "user", "department", "post"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice list."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What a condition needs to know of a field.

    `targets` are where a ref or refs points to: one entity, or for a party with several routes each kind of target.
    `options` are the choices in their written order, retired ones included. `places` are the decimal places kept
    (0 for an integer).
    """

    key: str
    label: str
    kind: Kind
    targets: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    unit: str = ""
    places: int = 0

    def option(self, key: str) -> Option | None:
        """The choice with this key."""
        return next((option for option in self.options if option.key == key), None)


class Vocabulary(Protocol):
    """The site's names, as far as conditions use them."""

    def entities(self) -> Mapping[str, str]:
        """Labels by key of every entity, built-in ones included."""
        ...

    def fields(self, entity: str) -> Mapping[str, Shape]:
        """Every field of an entity: declared, retired and system ones, clocks' and parties' under dotted keys.

        `user`, `department` and `post` too. Empty for an entity that isn't known.
        """
        ...

    def unread(self, entity: str, key: str) -> bool:
        """Whether the field was perhaps declared but couldn't be read: nothing is said about it then."""
        ...

    def person(self) -> Mapping[str, Shape]:
        """The fields of a person, `my.FIELD`."""
        ...

    def roles(self) -> Mapping[str, str]:
        """Labels by key of every role."""
        ...

    def code_field(self, entity: str) -> str | None:
        """The field whose value names a row in a condition: `key` of a department or post, else the `code` field."""
        ...

    def codes(self, entity: str) -> Mapping[str, str]:
        """Labels by code of the rows that are declared."""
        ...

    def closed(self, entity: str) -> bool:
        """Whether `codes` are all there can be (departments and posts), so that another one is an error."""
        ...
