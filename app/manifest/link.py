"""Linking: what the sections know of each other while the manifest is being built.

Names come first (every key written, refused ones included), then entities with their fields (`entities`: no
conditions, rules or traits yet), then everything that refers to them. A name whose own declaration was refused is
known but can't be looked into: nothing second-hand is reported about it.

A trait's module (`sla`, `dispatch`, `booking`, `match`, `rating`) has:
    KEY: Key[Said]                                          its key in an entity's file
    brings(said, entity: str, link) -> tuple[Field, ...]    system fields; called first, reports nothing
    build(said, entity: Entity, link) -> MODEL | None       called when every entity's fields are known

A file's module (`workflows`, `escalations`, `assessments`, `dashboards`, `messages`) has:
    KEY: Key[Table[Said]]                                   the file's top key
    build(table, link) -> dict[str, MODEL]

A condition is read with `conditions.read_condition(link, word, entity, counts=…)`, which reports and gives None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from zoneinfo import ZoneInfo

from app.condition.vocabulary import Vocabulary
from app.manifest.model.calendars import Calendar
from app.manifest.model.entities import Entity
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field, FieldType
from app.manifest.model.organization import Dictionary, Organization
from app.manifest.problems import Fault, Findings, fault, likely
from app.manifest.scalars import Word
from app.manifest.shapes import Said, Table


class Noun(Enum):
    """What may be named from elsewhere, with the problem of naming one that isn't there."""

    CALENDAR = fault("LNK101", "没有 {word} 这个日历", "请先在 config/calendars.yaml 里写上它")
    DICTIONARY = fault("LNK102", "没有 {word} 这个字典", "请先在 config/dictionaries.yaml 里写上它")
    DEPARTMENT = fault("LNK103", "没有 {word} 这个部门", "请先在 config/organization.yaml 里写上它")
    POST = fault("LNK104", "没有 {word} 这个岗位", "请先在 config/organization.yaml 里写上它")
    ROLE = fault("LNK105", "没有 {word} 这个角色", "请先在 config/roles.yaml 里写上它")
    ENTITY = fault("LNK106", "没有 {word} 这个实体", "请先在 catalogs/{word}.yaml 里写上它")
    WORKFLOW = fault("LNK107", "没有 {word} 这个流程", "请先在 workflows.yaml 里写上它")
    MESSAGE = fault("LNK108", "没有 {word} 这个消息", "请先在 config/messages.yaml 里写上它")

    @property
    def unknown(self) -> Fault:
        return self.value


UNKNOWN_FIELD = fault("LNK110", "{entity}没有 {word} 这个字段")
NOT_A_REF = fault(
    "LNK111", "{word} 不是引用字段，后面不能再接 .{rest}", "只有 ref 字段后面能接下一级字段"
)
PATH_LENGTH = fault(
    "LNK112", "路径 {path} 太长，最多经过两次引用", "请在相关实体里加一个引用字段，缩短路径"
)
PATH_TYPE = fault("LNK113", "{path} 的类型是 {written}，这里要 {wanted}")


@dataclass(slots=True)
class Names:
    """The keys of one kind that were written. `open`: a file that might hold more couldn't be read."""

    keys: dict[str, None] = field(default_factory=dict)
    open: bool = False


@dataclass(slots=True)
class Drafts:
    """What each file said, by its shape; None where it is missing or couldn't be read."""

    site: Said | None = None
    organization: Said | None = None
    dictionaries: Table[Said] | None = None
    calendars: Table[Said] | None = None
    roles: Table[Said] | None = None
    escalations: Table[Said] | None = None
    assessments: Table[Said] | None = None
    dashboards: Table[Said] | None = None
    messages: Table[Said] | None = None
    workflows: Table[Said] | None = None
    entities: dict[str, Said] = field(default_factory=dict)
    tests: dict[str, tuple[Said, ...]] = field(default_factory=dict)  # by file


@dataclass(slots=True)
class Linking:
    """Everything known so far, growing from section to section."""

    found: Findings
    drafts: Drafts = field(default_factory=Drafts)
    names: dict[Noun, Names] = field(default_factory=lambda: {noun: Names() for noun in Noun})
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    dictionaries: Mapping[str, Dictionary] = field(default_factory=dict)
    organization: Organization | None = None
    entities: dict[str, Entity] = field(default_factory=dict)  # built-in ones included
    unread_fields: dict[str, set[str] | None] = field(default_factory=dict)  # None: who knows which
    codes: dict[str, Mapping[str, None]] = field(
        default_factory=dict
    )  # entity → codes of its declared rows

    vocabulary: Vocabulary | None = None  # for conditions, once every entity's fields are known
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    today: date | None = None  # for notices about what will be needed; None tells none

    def known(self, noun: Noun, word: Word) -> bool:
        """Whether a name stands for something; if it doesn't, that is reported."""
        names = self.names[noun]
        if word.text in names.keys:
            return True
        if not names.open:
            pool = [*names.keys, *(BUILT_IN_ENTITIES if noun is Noun.ENTITY else ())]
            hint = likely(word.text, pool) or None
            self.found.add(noun.unknown(word.place, word=word.text, hint=hint))
        return False

    def unread(self, entity: str, key: str) -> bool:
        """Whether a field was perhaps declared but couldn't be read: nothing is said about it then."""
        keys = self.unread_fields.get(entity, () if entity in self.entities else None)
        return keys is None or key in keys

    def doubtful(self, entity: str, key: str) -> bool:
        """Whether this very field is known by name only: its own declaration was refused."""
        keys = self.unread_fields.get(entity)
        return keys is not None and key in keys

    def half_read(self, entity: str) -> bool:
        """Whether some of an entity's fields couldn't be read, or can't be known at all."""
        keys = self.unread_fields.get(entity, () if entity in self.entities else None)
        return keys is None or bool(keys)

    def mark_unread(self, entity: str, key: str) -> None:
        """Nothing second-hand is to be said about this field: its own declaration was refused."""
        keys = self.unread_fields.setdefault(entity, set())
        if keys is not None:
            keys.add(key)

    def states_of(self, entity: Entity) -> tuple[str, ...] | None:
        """The states of the entity's workflow; None where they can't be told."""
        return self._names_in_workflow(entity, "states")

    def transitions_of(self, entity: Entity) -> tuple[str, ...] | None:
        """The transitions of the entity's workflow; None where they can't be told."""
        return self._names_in_workflow(entity, "transitions")

    def _names_in_workflow(self, entity: Entity, part: str) -> tuple[str, ...] | None:
        for entry in self.drafts.workflows or ():
            written = entry.value.values.get(part)
            if entry.key == entity.workflow and isinstance(written, Table):
                return written.names
        return None

    def field(self, word: Word, entity: str) -> Field | None:
        """The field (or system field) of an entity by its key; an unknown one is reported."""
        return self.path(word, entity, steps=0)

    def path(
        self, word: Word, entity: str, *, steps: int = 2, wanted: tuple[FieldType, ...] = ()
    ) -> Field | None:
        """The field at the end of a path through at most `steps` refs; whatever is wrong is reported, once."""
        return self._follow(word, entity, word.text, steps, wanted)

    def _follow(
        self, word: Word, entity: str, rest: str, steps: int, wanted: tuple[FieldType, ...]
    ) -> Field | None:
        owner = self.entities.get(entity)
        if owner is None:
            return None
        last = owner.field(rest)
        if last is not None:
            return None if self.doubtful(entity, rest) else self._of_type(word, last, wanted)
        key, _, rest = rest.partition(".")
        found = owner.field(key)
        place = word.at(len(word.text) - len(rest) - len(key) - bool(rest))
        if found is None:
            if not self.unread(entity, key):
                hint = likely(key, [*owner.fields, *owner.system])
                self.found.add(UNKNOWN_FIELD(place, entity=owner.label, word=key, hint=hint))
        elif found.type is not FieldType.REF or found.to is None:
            self.found.add(NOT_A_REF(place, word=key, rest=rest))
        elif steps == 0:
            self.found.add(PATH_LENGTH(word.place, path=word.text))
        else:
            return self._follow(word, found.to, rest, steps - 1, wanted)
        return None

    def _of_type(self, word: Word, last: Field, wanted: tuple[FieldType, ...]) -> Field | None:
        if wanted and last.type not in wanted:
            names = "、".join(wanted)
            self.found.add(PATH_TYPE(word.place, path=word.text, written=last.type, wanted=names))
            return None
        return last
