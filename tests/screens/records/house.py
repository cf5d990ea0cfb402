"""A site on a database with its departments, declared rows and people, and browsers for them: no release needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert, select

from app.condition.tree import Condition
from app.domain import queries, records
from app.domain.accounts import Facts, create_account
from app.domain.context import SYSTEM, Context
from app.domain.people import Person
from app.domain.sign_in import Caller, Doors, sign_in
from app.domain.wire import to_json
from app.manifest.load import load_files, load_site
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.manifest.model.manifest import Manifest
from app.schema.build import Schema, build_schema
from app.schema.engine import writing
from app.schema.platform import platform
from app.screens.records import register_records
from app.screens.security.identity import KEY
from app.screens.shell import create_app
from app.screens.visits import EXTENSION, Shell
from app.settings import Settings
from tests.factory import create_tables

PASSWORD = "Correct-Horse-7-Battery"
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday 12:00 in Shanghai


@dataclass
class House:
    """A served site. `browser("lena")` is signed in as that person, `browser()` as nobody."""

    app: Flask
    engine: Engine
    schema: Schema
    people: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def writing(self) -> Iterator[Context]:
        """The program's own context in a transaction."""
        with writing(self.engine) as session:
            yield Context(self.schema.manifest, self.schema, session, SYSTEM, self.shell.now(), 1)

    @property
    def shell(self) -> Shell:
        shell: Shell = self.app.extensions[EXTENSION]
        return shell

    def add(self, entity: str, **values: object) -> int:
        with self.writing() as context:
            return records.create(context, entity, values).id

    def person(
        self, name: str, *roles: str, department: str = "", post: str = "", label: str = ""
    ) -> int:
        with self.writing() as context:
            ids = [
                queries.by_code(context, kind, key) if key else None
                for kind, key in (("department", department), ("post", post))
            ]
            who = Person(department=ids[0], posts=frozenset(one for one in ids[1:] if one))
            made, _ = create_account(
                context,
                name,
                Facts(label or name, person=who),
                password=PASSWORD,
                roles=frozenset(roles),
            )
        self.people[name] = made
        return made

    def browser(self, name: str | None = None) -> FlaskClient:
        client = self.app.test_client()
        if name is not None:
            doors: Doors = self.shell.doors
            opened = sign_in(doors, name, PASSWORD, Caller("form", "127.0.0.1"), self.shell.now())
            with client.session_transaction() as kept:
                kept[KEY] = opened.key
        return client


def open_house(
    manifest: Manifest, engine: Engine, folder: Path, *, clock: datetime | None = NOON
) -> House:
    """Tables, departments, posts, roles and declared rows; nobody to log in yet."""
    schema = build_schema(manifest)
    create_tables(engine, schema)
    with writing(engine) as session:
        context = Context(manifest, schema, session, SYSTEM, clock or datetime.now(UTC), 1)
        _organization(context)
        for entity in _by_need(manifest):
            for item in entity.items:
                _declare(context, entity, dict(item.values))
    settings = Settings(
        folder,
        str(engine.url),
        "k" * 48,
        folder / "storage",
        clock=clock,
        read_at=datetime.now(UTC),
    )
    app = create_app(manifest, schema, engine, settings, release=1, screens=(register_records,))
    return House(app, engine, schema)


def site(folder_or_files: Path | Mapping[str, str]) -> Manifest:
    """A manifest from a folder or from texts."""
    if isinstance(folder_or_files, Path):
        loaded = load_site(folder_or_files)
    else:
        loaded = load_files({path: text.encode() for path, text in folder_or_files.items()})
    assert loaded.manifest is not None, loaded.problems
    return loaded.manifest


def _organization(context: Context) -> None:
    session, organization = context.session, context.manifest.organization
    for place, one in enumerate(organization.departments.values()):
        row = {"key": one.key, "label": one.label, "kind": one.kind, "position": place}
        session.execute(insert(platform.department).values(row))
    department = platform.department
    found = session.execute(select(department.c.key, department.c.id))
    ids: dict[str, int] = {row.key: row.id for row in found}
    for place, post in enumerate(organization.posts.values()):
        under = ids.get(post.department or "")
        row = {"key": post.key, "label": post.label, "department_id": under, "position": place}
        session.execute(insert(platform.post).values(row))
    for key in context.manifest.roles:
        session.execute(insert(platform.role).values(name=key))


def _by_need(manifest: Manifest) -> list[Entity]:
    """Entities with declared rows, those first that others point to."""
    waiting = [entity for entity in manifest.entities.values() if entity.items]
    ordered: list[Entity] = []
    while waiting:
        keys = {entity.key for entity in waiting}
        ready = [e for e in waiting if not {f.to for f in e.fields.values()} & (keys - {e.key})]
        ready = ready or waiting[:1]
        ordered += ready
        waiting = [entity for entity in waiting if entity not in ready]
    return ordered


def _declare(context: Context, entity: Entity, values: dict[str, object]) -> None:
    raw: dict[str, object] = {}
    for key, value in values.items():
        known = entity.fields[key]
        if known.type is FieldType.REF:
            raw[key] = queries.by_code(context, known.to or "", str(value))
        elif known.type is FieldType.REFS and isinstance(value, tuple):
            raw[key] = [queries.by_code(context, known.to or "", str(one)) for one in value]
        elif isinstance(value, Condition):
            raw[key] = value.text
        else:
            raw[key] = to_json(value)
    records.create(replace(context), entity.key, raw)
