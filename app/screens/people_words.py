"""A person's department, posts, roles and fields in words, for the pages about people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.domain.context import Actor, Context
from app.domain.people import Person
from app.manifest.model.fields import Field, FieldType
from app.schema.platform import platform
from app.screens.wording import NOTHING, plain


@dataclass(frozen=True, slots=True)
class PersonWords:
    """What is shown of a person. `fields` by label."""

    department: str
    posts: tuple[str, ...]
    roles: tuple[str, ...]
    fields: Mapping[str, str]


def person_words(
    context: Context, who: Actor | Person, roles: frozenset[str] | None = None
) -> PersonWords:
    """Labels for ids and keys. A role that the live release doesn't know stands by its key."""
    held = roles if roles is not None else who.roles if isinstance(who, Actor) else frozenset()
    known = context.manifest.organization.departments
    department = known.get(who.department_key or "")
    post = platform.post
    labels = context.session.scalars(
        select(post.c.label).where(post.c.id.in_(who.posts)).order_by(post.c.position)
    )
    fields = context.manifest.organization.person_fields
    return PersonWords(
        department=department.label if department is not None else NOTHING,
        posts=tuple(labels) if who.posts else (),
        roles=role_words(context, held),
        fields={field.label: _value(field, who.fields.get(key)) for key, field in fields.items()},
    )


def role_words(context: Context, keys: frozenset[str]) -> tuple[str, ...]:
    """The labels of roles, in the order of the site's file."""
    known = context.manifest.roles
    return (
        *(role.label for key, role in known.items() if key in keys),
        *sorted(keys - known.keys()),
    )


def _value(field: Field, value: object) -> str:
    if field.type is FieldType.CHOICE and isinstance(value, str):
        choice = field.choice(value)
        return choice.label if choice is not None else value
    if field.type is FieldType.REF and isinstance(value, int):
        return f"#{value}"
    return plain(value)
