"""Manifests made by hand, for tests of the layers above the reading of files.

site = manifest(
    entity("book", field("title", "text", search=True), field("copies", "integer")),
    entity("loan", field("book", "ref", to="book"), order=["-created_at"]),
)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, text

from app.manifest.model.entities import Detail, Entity, Item, NumberPattern, Order, Section, Unique
from app.manifest.model.fields import Choice, Field, FieldType
from app.manifest.model.manifest import Manifest, SiteFacts
from app.manifest.model.organization import Department, Dictionary, Organization, Post
from app.manifest.model.roles import Role
from app.manifest.model.values import frozen
from app.manifest.model.workflows import ActorKind, Presser, State, Transition, Workflow
from app.place import Place
from app.schema.build import Schema
from app.schema.search_ddl import search_ddl


def place(file: str = "catalogs/made.yaml", line: int = 1) -> Place:
    return Place(file, line)


def choices(*keys: str, **labels: str) -> tuple[Choice, ...]:
    """`choices("low", "high")` or `choices(low="Low")`."""
    return tuple(Choice(key, labels.get(key, key), place()) for key in (*keys, *labels))


def field(key: str, type_: str = "text", **said: Any) -> Field:
    """A field; `choices` may be a list of keys."""
    if said.get("choices") and not isinstance(said["choices"][0], Choice):
        said["choices"] = choices(*said["choices"])
    label = said.pop("label", key)
    return Field(key, label, FieldType(type_), said.pop("place", place()), **said)


ALWAYS = {
    "id": field("id", "integer", system=True),
    "number": field("number", "text", system=True),
    "created_at": field("created_at", "datetime", system=True),
    "created_by": field("created_by", "ref", to="user", system=True),
    "changed_at": field("changed_at", "datetime", system=True),
    "changed_by": field("changed_by", "ref", to="user", system=True),
    "version": field("version", "integer", system=True),
}


def entity(key: str, *fields: Field, system: Sequence[Field] = (), **said: Any) -> Entity:
    """An entity. `order` is a list such as `["-created_at"]`; `unique` a list of lists of field keys.

    `workflow` brings the fields `state` and `round` of its own accord, with the states given in `states`.
    """
    brought = dict(ALWAYS) | {one.key: one for one in system}
    if said.get("workflow"):
        brought["state"] = field("state", "choice", choices=said.pop("states"), system=True)
        brought["round"] = field("round", "integer", system=True)
    number = said.pop("number", None)
    order = [
        Order(one.removeprefix("-"), one.startswith("-"), place()) for one in said.pop("order", ())
    ]
    rules = [Unique(tuple(keys), "已有相同的记录", place()) for keys in said.pop("unique", ())]
    sections = [Section("", tuple(keys), place()) for keys in said.pop("form", ())]
    details = [Detail(*pair, place()) for pair in said.pop("details", ())]
    said = {
        name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
    }
    return Entity(
        key,
        said.pop("label", key),
        said.pop("place", place(f"catalogs/{key}.yaml")),
        frozen({one.key: one for one in fields}),
        frozen(brought),
        number=number_pattern(number) if number else None,
        order=tuple(order),
        rules=tuple(rules),
        form=tuple(sections),
        details=tuple(details),
        **said,
    )


def number_pattern(prefix: str) -> NumberPattern:
    """`prefix-YYYY-0001`."""
    parts = (("text", f"{prefix}-"), ("year", 4), ("text", "-"), ("seq", 4))
    return NumberPattern(f"{prefix}-{{year}}-{{seq:4}}", parts, place())


def item(code: str, **values: Any) -> Item:
    """A declared row; `code` is put among its values as well."""
    values = {"code": code} | values
    return Item(code, frozen(values), frozen(dict.fromkeys(values, place())), place())


def workflow(key: str, states: Sequence[str], serves: Sequence[str], **said: Any) -> Workflow:
    """States in a row, each with a transition `go_STATE` to the next; the last one is final."""
    made = {
        state: State(state, state, state == states[-1], place(), was=said.get("was", {}).get(state))
        for state in states
    }
    by = (Presser(ActorKind.ROLE, "anyone", place()),)
    transitions = {
        f"go_{there}": Transition(
            f"go_{there}", there, (here,), there, by, (), (), None, None, None, None, place()
        )
        for here, there in pairwise(states)
    }
    return Workflow(key, key, states[0], frozen(made), frozen(transitions), tuple(serves), place())


def role(key: str, can: Mapping[str, Sequence[str]], **said: Any) -> Role:
    made = {
        "sees": frozen({}),
        "edits": frozen({}),
        "private_fields": (),
        "not_with": frozenset(),
        "places": frozen({}),
    } | said
    return Role(
        key,
        made.pop("label", key),
        frozen({name: frozenset(verbs) for name, verbs in can.items()}),
        place=place("config/roles.yaml"),
        **made,
    )


def manifest(
    *entities: Entity,
    departments: Sequence[Department] = (),
    posts: Sequence[Post] = (),
    person_fields: Sequence[Field] = (),
    workflows: Sequence[Workflow] = (),
    roles: Sequence[Role] = (),
    dictionaries: Sequence[Dictionary] = (),
    files: Mapping[str, bytes] | None = None,
) -> Manifest:
    """A site of these entities and nothing else."""
    return Manifest(
        site=SiteFacts("试验", "zh", "Asia/Shanghai", "", "", "office", place("config/site.yaml")),
        organization=Organization(
            frozen({one.key: one for one in departments}),
            frozen({one.key: one for one in posts}),
            frozen({one.key: one for one in person_fields}),
        ),
        dictionaries=frozen({one.key: one for one in dictionaries}),
        calendars=frozen({}),
        roles=frozen({one.key: one for one in roles}),
        entities=frozen({one.key: one for one in entities}),
        workflows=frozen({one.key: one for one in workflows}),
        escalations=frozen({}),
        assessments=frozen({}),
        dashboards=frozen({}),
        messages=frozen({}),
        tests=(),
        files=frozen(files or {}),
    )


def department(key: str, label: str = "", **said: Any) -> Department:
    return Department(
        key,
        label or key,
        said.pop("kind", "department"),
        said.pop("under", None),
        place("config/organization.yaml"),
        **said,
    )


def post(key: str, department: str | None = None, **said: Any) -> Post:
    label = said.pop("label", key)
    return Post(key, label, department, place("config/organization.yaml"), **said)


def create_tables(engine: Engine, schema: Schema) -> None:
    """An empty database with everything that the schema needs, made without a release."""
    schema.platform.metadata.create_all(engine)
    schema.metadata.create_all(engine)
    with engine.begin() as connection:
        for indexes in schema.searches.values():
            for index in indexes:
                for statement in search_ddl(index, engine.dialect.name):
                    connection.execute(text(statement))
