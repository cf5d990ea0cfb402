"""Fields of an entity: the types of the language and what each may say of itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.condition.tree import Condition
from app.place import Place


class FieldType(StrEnum):
    """The field types of the language, spelled as an administrator writes them."""

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


# Entities that every site has without declaring them; a ref may point to them.
BUILT_IN_ENTITIES = ("user", "department", "post")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice list: the key is stored, the label is shown."""

    key: str
    label: str
    place: Place
    retired: bool = False
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entity (or of a person).

    `default`, `min` and `max` hold values already typed for the field: str, int, Decimal, bool, date, datetime,
    time, Duration, or a tuple of str for `choices` and `lines`; `min`/`max`/`default` of dates may also be a
    condition operand text such as `today`.
    `choices` are the allowed values in their written order, whether said in place, by `dictionary` or by the
    sessions of `calendar`. `system` marks fields the platform keeps itself (`id`, `number`, `created_at`, `state` …).
    """

    key: str
    label: str
    type: FieldType
    place: Place
    help: str = ""
    required: bool = False
    unique: bool = False
    default: object = None
    private: bool = False
    search: bool = False
    read_only: bool = False
    visible_when: Condition | None = None
    required_when: Condition | None = None
    min: object = None
    max: object = None
    max_length: int | None = None
    unit: str = ""
    places: int | None = None
    was: str | None = None
    retired: bool = False
    to: str | None = None  # ref, refs: entity key or a built-in
    choices: tuple[Choice, ...] = ()
    dictionary: str | None = None
    calendar: str | None = None
    targets: tuple[
        str, ...
    ] = ()  # a party whose routes lead to several kinds: user, post, department
    of: str | None = None  # condition: the entity it is about
    system: bool = False

    def choice(self, key: str) -> Choice | None:
        """The choice with this key, retired ones included."""
        return next((choice for choice in self.choices if choice.key == key), None)


def half_read(field: Field) -> bool:
    """A choice without its choices, a ref to nowhere: what they come from was refused. Never in a loaded site."""
    if field.type in (FieldType.CHOICE, FieldType.CHOICES):
        return not field.choices
    if field.type in (FieldType.REF, FieldType.REFS):
        return field.to is None and not field.targets
    return False
