"""Who acts or is told: names under `by`, `not_by`, `approved_by`, `notify`.

One name is looked up in this order: `system` or `link` where they may stand; a role; a party of the entity's
dispatch; a field of the record that points to a person, post or department; a transition (`not_by` only).
"""

from __future__ import annotations

from collections.abc import Iterable

from app.manifest.link import Linking, Noun
from app.manifest.model.fields import BUILT_IN_ENTITIES, Field, FieldType
from app.manifest.model.workflows import ActorKind, Presser
from app.manifest.problems import fault, likely
from app.manifest.scalars import Word
from app.manifest.shapes import Said, Table

PRESSERS = frozenset({ActorKind.ROLE, ActorKind.PARTY, ActorKind.FIELD})
EXCLUDED = frozenset({ActorKind.PARTY, ActorKind.FIELD, ActorKind.PRESSED})
_WORDS = {"system": ActorKind.SYSTEM, "link": ActorKind.LINK}

UNKNOWN = fault("ACT101", "没有 {word} 这个{what}")
NOT_A_PERSON = fault(
    "ACT102",
    "字段 {word} 不指向人员、岗位或部门",
    "请写角色、办理方，或类型为 ref、指向 user、post、department 的字段",
)
NOT_HERE = fault("ACT103", "这里不能写 {word}")
ROLE_EXCLUDED = fault(
    "ACT104",
    "not_by 不能写角色 {word}",
    "请写办理方、人员字段或前面的流转；不许某个角色按，只要不把它写进 by",
)


def parties_of(entity: str, link: Linking) -> dict[str, Said | None]:
    """The parties that an entity's dispatch names, refused ones (as None) included."""
    said = link.drafts.entities.get(entity)
    dispatch = said.values.get("dispatch") if said is not None else None
    parties = dispatch.values.get("parties") if isinstance(dispatch, Said) else None
    if not isinstance(parties, Table):
        return {}
    known: dict[str, Said | None] = dict.fromkeys(parties.broken)
    return known | {entry.key: entry.value for entry in parties}


def resolve(
    word: Word,
    entity: str,
    link: Linking,
    kinds: frozenset[ActorKind],
    *,
    transitions: Iterable[str] = (),
) -> Presser | None:
    """What one name stands for; whatever is wrong with it is reported."""
    kind = _kind(word.text, entity, link, kinds, frozenset(transitions))
    if kind in kinds:
        return Presser(kind, word.text, word.place)
    if kind is ActorKind.ROLE and ActorKind.PRESSED in kinds:
        link.found.add(ROLE_EXCLUDED(word.place, word=word.text))
    elif kind is not None or word.text in _WORDS:
        allowed = [name for name, at in _WORDS.items() if at in kinds]
        link.found.add(NOT_HERE(word.place, word=word.text, hint=likely(word.text, allowed)))
    elif not _unsure(word.text, entity, link):
        _report(word, entity, link, kinds, frozenset(transitions))
    return None


def resolve_all(
    words: Iterable[Word] | None,
    entity: str,
    link: Linking,
    kinds: frozenset[ActorKind],
    *,
    transitions: Iterable[str] = (),
) -> tuple[Presser, ...]:
    """Every name that stands for something."""
    found = (resolve(word, entity, link, kinds, transitions=transitions) for word in words or ())
    return tuple(presser for presser in found if presser is not None)


def may_read(role: str, entity: str, link: Linking) -> bool:
    """Whether a role is granted to read an entity; yes where its grants couldn't be read."""
    said = next((entry.value for entry in link.drafts.roles or () if entry.key == role), None)
    can = said.values.get("can") if said is not None else None
    if said is None or (not isinstance(can, Table) and "can" in said.key_places):
        return True
    if not isinstance(can, Table):
        return False
    return entity in can.broken or any(e.key == entity and "read" in e.value for e in can)


def _kind(
    word: str, entity: str, link: Linking, kinds: frozenset[ActorKind], transitions: frozenset[str]
) -> ActorKind | None:
    if word in _WORDS and _WORDS[word] in kinds:
        return _WORDS[word]
    excluding = ActorKind.PRESSED in kinds
    if not excluding and word in link.names[Noun.ROLE].keys:
        return ActorKind.ROLE
    if word in parties_of(entity, link):
        return ActorKind.PARTY
    field = _field(word, entity, link)
    if field is not None and points_to_people(field):
        return ActorKind.FIELD
    if excluding and word in transitions:
        return ActorKind.PRESSED
    return ActorKind.ROLE if word in link.names[Noun.ROLE].keys else None


def points_to_people(field: Field) -> bool:
    """Whether the field leads to persons, posts or departments."""
    return field.type in (FieldType.REF, FieldType.REFS) and field.to in BUILT_IN_ENTITIES


def _field(word: str, entity: str, link: Linking) -> Field | None:
    owner = link.entities.get(entity)
    return owner.field(word) if owner is not None else None


def _unsure(word: str, entity: str, link: Linking) -> bool:
    return link.names[Noun.ROLE].open or link.unread(entity, word)


def _report(
    word: Word, entity: str, link: Linking, kinds: frozenset[ActorKind], transitions: frozenset[str]
) -> None:
    if _field(word.text, entity, link) is not None:
        link.found.add(NOT_A_PERSON(word.place, word=word.text))
        return
    owner = link.entities.get(entity)
    people = (
        [f.key for f in (*owner.fields.values(), *owner.system.values()) if points_to_people(f)]
        if owner
        else []
    )
    roles = [] if ActorKind.PRESSED in kinds else [*link.names[Noun.ROLE].keys]
    words = [name for name, kind in _WORDS.items() if kind in kinds]
    what = "办理方、人员字段或流转" if ActorKind.PRESSED in kinds else "角色、办理方或人员字段"
    pool = [*roles, *parties_of(entity, link), *people, *words, *sorted(transitions)]
    link.found.add(UNKNOWN(word.place, word=word.text, what=what, hint=likely(word.text, pool)))
