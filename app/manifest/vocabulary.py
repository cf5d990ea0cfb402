"""The site's names as conditions use them: entities, fields, choices, roles, codes."""

from __future__ import annotations

from collections.abc import Mapping

from app.condition.vocabulary import Kind, Option, Shape
from app.manifest.builtin import built_in_entities
from app.manifest.field_values import decimal_places
from app.manifest.link import Linking, Noun
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType, half_read
from app.manifest.model.manifest import Manifest
from app.manifest.model.organization import Organization
from app.manifest.read.choices import RESERVED

_SCALED = (FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT)
_NOBODY = Organization({}, {}, {})


class SiteVocabulary:
    """What `app.condition` asks of a site. `entities` hold the built-in ones as well."""

    def __init__(
        self,
        entities: Mapping[str, Entity],
        roles: Mapping[str, str],
        organization: Organization,
        codes: Mapping[str, Mapping[str, str]],
        link: Linking | None = None,
    ) -> None:
        self._entities = entities
        self._roles = roles
        self._organization = organization
        self._codes = codes
        self._link = link
        self._shapes: dict[str, Mapping[str, Shape]] = {}

    def entities(self) -> Mapping[str, str]:
        """Labels by key."""
        return {key: entity.label for key, entity in self._entities.items()}

    def fields(self, entity: str) -> Mapping[str, Shape]:
        """Declared fields first, then the system's."""
        if entity not in self._entities:
            return {}
        if entity not in self._shapes:
            known = self._entities[entity]
            both = {**known.system, **known.fields}
            whole = {key: field for key, field in both.items() if not self._doubtful(entity, field)}
            shapes = {key: shape_of(field) for key, field in whole.items()}
            self._shapes[entity] = shapes | {"id": _itself(known)}
        return self._shapes[entity]

    def unread(self, entity: str, key: str) -> bool:
        """Only while a site is being loaded can a field be declared and unreadable."""
        if self._link is None or key in RESERVED:
            return False  # no field can be called like a word of the grammar
        field = self._entities[entity].field(key) if entity in self._entities else None
        return self._link.unread(entity, key) or (field is not None and half_read(field))

    def _doubtful(self, entity: str, field: Field) -> bool:
        return half_read(field) or (
            self._link is not None and self._link.doubtful(entity, field.key)
        )

    def person(self) -> Mapping[str, Shape]:
        """The fields of a person."""
        fields = self._organization.person_fields.items()
        return {key: shape_of(field) for key, field in fields}

    def roles(self) -> Mapping[str, str]:
        """Labels by key."""
        return self._roles

    def code_field(self, entity: str) -> str | None:
        """`key` of a department or post, `username` of a person, else the field of type code."""
        if entity in ("department", "post"):
            return "key"
        if entity == "user":
            return "username"
        fields = self._entities[entity].fields.values() if entity in self._entities else ()
        code = next((field.key for field in fields if field.type is FieldType.CODE), None)
        if code is None and self._link is not None and self._link.half_read(entity):
            return "code"  # it may well have one: its file couldn't be read in full
        return code

    def codes(self, entity: str) -> Mapping[str, str]:
        """Labels by code of what is declared."""
        if entity == "department":
            return {key: one.label for key, one in self._organization.departments.items()}
        if entity == "post":
            return {key: one.label for key, one in self._organization.posts.items()}
        return self._codes.get(entity, {})

    def closed(self, entity: str) -> bool:
        """Departments and posts are all declared; other rows may be made on the screen."""
        return entity in ("department", "post")


def _itself(entity: Entity) -> Shape:
    """`id` is the record itself, as a ref to it holds it (`id is my.FIELD`), never a number to reckon with."""
    return Shape("id", entity.label, Kind.REF, (entity.key,))


def shape_of(field: Field) -> Shape:
    """What conditions need to know of a field."""
    return Shape(
        key=field.key,
        label=field.label,
        kind=Kind(field.type.value),
        targets=field.targets or ((field.to,) if field.to is not None else ()),
        options=tuple(Option(choice.key, choice.label) for choice in field.choices),
        unit=field.unit,
        places=decimal_places(field) if field.type in _SCALED else 0,
    )


def site_vocabulary(manifest: Manifest) -> SiteVocabulary:
    """The vocabulary of a loaded site, for conditions that people type."""
    built_in = built_in_entities(manifest.organization.person_fields)
    return SiteVocabulary(
        entities={**built_in, **manifest.entities},
        roles={key: role.label for key, role in manifest.roles.items()},
        organization=manifest.organization,
        codes={key: _declared(entity) for key, entity in manifest.entities.items()},
    )


def _declared(entity: Entity) -> dict[str, str]:
    titles = ((item.code, item.values.get(entity.title)) for item in entity.items)
    return {code: str(title) if title is not None else code for code, title in titles}


def linking_vocabulary(link: Linking) -> SiteVocabulary:
    """The vocabulary of a site that is being loaded: names and fields as far as they could be read."""
    roles = dict.fromkeys(link.names[Noun.ROLE].keys, "")
    for entry in link.drafts.roles or ():
        label = entry.value.values.get("label")
        roles[entry.key] = str(label or entry.key)
    return SiteVocabulary(
        entities=link.entities,
        roles=roles,
        organization=link.organization or _NOBODY,
        codes={key: {code: code for code in codes} for key, codes in link.codes.items()},
        link=link,
    )
