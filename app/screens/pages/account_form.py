"""The form of a log-in: reading what was sent, keeping it, saying what is wrong where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request
from sqlalchemy import select

from app.domain import queries
from app.domain.account_list import Account
from app.domain.accounts import Facts
from app.domain.context import Context
from app.domain.inputs import read_value
from app.domain.people import LISTS, Person
from app.manifest.field_values import ValueProblem
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.schema.platform import platform
from app.screens.texts import _, refusal_text


@dataclass(frozen=True, slots=True)
class Option:
    """A department or a post to choose from."""

    id: int
    label: str


@dataclass(frozen=True, slots=True)
class PersonField:
    """A declared field of a person, as the form shows it. `text` is what stands in it."""

    field: Field
    text: str

    @property
    def name(self) -> str:
        return f"field_{self.field.key}"

    @property
    def options(self) -> list[tuple[str, str]]:
        """What may be chosen: the present value and all that aren't retired."""
        kept = [one for one in self.field.choices if not one.retired or one.key == self.text]
        return [(one.key, one.label) for one in kept]


@dataclass(frozen=True, slots=True)
class AccountForm:
    """What stands in the form; `errors` by input."""

    username: str
    facts: Facts
    roles: frozenset[str]
    departments: tuple[Option, ...]
    posts: tuple[Option, ...]
    fields: tuple[PersonField, ...]
    errors: Mapping[str, str]

    @property
    def post_options(self) -> list[tuple[int, str, str]]:
        return [(one.id, one.label, "") for one in self.posts]

    def with_errors(self, errors: Mapping[str, str]) -> AccountForm:
        return replace(self, errors={name: refusal_text(said) for name, said in errors.items()})


def read_form(context: Context, found: Account | None) -> AccountForm:
    """The form as it was sent, or as it stands before it is."""
    departments, posts = _options(context, platform.department), _options(context, platform.post)
    sent, errors = request.method == "POST", dict[str, str]()
    fields = tuple(
        PersonField(field, _text(context, field, found, sent)) for field in _fields(context)
    )
    if not sent:
        facts = Facts(found.name, found.email, found.person) if found else Facts("")
        return AccountForm("", facts, frozenset(), departments, posts, fields, errors)
    person = Person(
        department=_one(request.form.get("department", ""), departments, "department", errors),
        posts=_several(request.form.getlist("posts"), posts, errors),
        fields=frozen({one.field.key: _value(context, one, found, errors) for one in fields}),
    )
    person = replace(person, department_key=_key_of(context, person.department))
    facts = Facts(request.form.get("name", ""), request.form.get("email", ""), person)
    roles = frozenset(request.form.getlist("roles"))
    return AccountForm(
        request.form.get("username", ""), facts, roles, departments, posts, fields, errors
    )


def _options(context: Context, table: object) -> tuple[Option, ...]:
    columns = getattr(table, "c")  # noqa: B009
    query = (
        select(columns.id, columns.label)
        .where(columns.retired_at.is_(None))
        .order_by(columns.position)
    )
    return tuple(Option(row.id, row.label) for row in context.session.execute(query))


def _key_of(context: Context, department: int | None) -> str | None:
    table = platform.department
    return context.session.scalar(select(table.c.key).where(table.c.id == department))


def _one(text: str, options: tuple[Option, ...], name: str, errors: dict[str, str]) -> int | None:
    if not text:
        return None
    found = next((option.id for option in options if str(option.id) == text), None)
    if found is None:
        errors[name] = _("请从列表中选择")
    return found


def _several(
    texts: list[str], options: tuple[Option, ...], errors: dict[str, str]
) -> frozenset[int]:
    known = {str(option.id): option.id for option in options}
    if any(text not in known for text in texts):
        errors["posts"] = _("请从列表中选择")
    return frozenset(known[text] for text in texts if text in known)


def _fields(context: Context) -> list[Field]:
    fields = context.manifest.organization.person_fields.values()
    return [field for field in fields if field.type not in LISTS and not field.retired]


def _text(context: Context, field: Field, found: Account | None, sent: bool) -> str:
    if sent:
        return request.form.get(f"field_{field.key}", "")
    value = found.person.fields.get(field.key) if found else None
    if field.type is FieldType.REF and isinstance(value, int):
        return queries.titles(context, field.to or "", (value,)).get(value, "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _value(
    context: Context, one: PersonField, found: Account | None, errors: dict[str, str]
) -> object:
    """The typed value. A ref is named by its title: typed in full, or as much of it as leaves one record."""
    text = one.text.strip()
    if one.field.type is FieldType.REF and text:
        matching = queries.options(context, one.field.to or "", text)
        exact = [option for option in matching if option.label == text] or list(matching)
        if len(exact) != 1:
            several = _("有多条相符，请输入完整名称") if exact else _("没有相符的记录")
            errors[one.name] = several
            return None
        return exact[0].id
    try:
        present = found.person.fields.get(one.field.key) if found else None
        value = read_value(context, one.field, text, present)
    except ValueProblem as problem:
        errors[one.name] = refusal_text(str(problem))
        return None
    if value is None and one.field.required:
        errors[one.name] = _("请填写")
    return value
