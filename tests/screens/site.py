"""A small office for the tests of the shell: its site, its people, and browsers and programs that call on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain import accounts
from app.domain.context import SYSTEM, Context
from app.domain.people import Person
from app.manifest.model.manifest import Manifest
from app.schema.build import Schema, build_schema
from app.schema.engine import reading, writing
from app.schema.platform import platform
from app.screens.shell import create_app
from app.settings import Settings
from tests.factory import create_tables, department, entity, manifest, post, role
from tests.factory import field as made_field

PASSWORD = "Wind-Mill-47-North"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def office(*more: Any) -> Manifest:
    """Two entities of which one's key begins like the other's, and a role for each kind of administrator."""
    return manifest(
        entity(
            "paper", made_field("subject", label="主题"), label="文件", group="业务", icon="book"
        ),
        entity("paper_secret", made_field("subject", label="主题"), label="密件", group="业务"),
        *more,
        departments=[department("hall", "大厅"), department("desk", "一号窗口", under="hall")],
        posts=[post("opener", "desk", label="开门人"), post("closer", "desk", label="关门人")],
        person_fields=[
            made_field("badge", label="工号"),
            made_field("deputy", "yes_no", label="替班"),
        ],
        roles=[
            role("writer", {"paper": ["read", "create", "edit"]}, label="文员"),
            role("keeper", {"user": ["read", "create", "edit", "retire"]}, label="账号管理员"),
            role("granter", {"user": ["read"], "grant": ["read", "edit"]}, label="授权管理员"),
            role(
                "watcher",
                {"audit": ["read", "export"]},
                label="审计员",
                not_with=frozenset({"keeper", "granter"}),
            ),
        ],
    )


@dataclass
class Browser:
    """Somebody at a browser: keeps cookies, sends the token of the page that it saw last."""

    client: FlaskClient
    address: str = "127.0.0.1"
    token: str = ""

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self._seen(
            self.client.get(path, environ_base={"REMOTE_ADDR": self.address}, **kwargs)
        )

    def post(self, path: str, form: Mapping[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Sends a form with the token; `data=` instead of `form` sends just that."""
        if "data" not in kwargs and "json" not in kwargs:
            kwargs["data"] = {"csrf_token": self.token, **(form or {})}
        return self._seen(
            self.client.post(path, environ_base={"REMOTE_ADDR": self.address}, **kwargs)
        )

    def _seen(self, answer: TestResponse) -> TestResponse:
        answer.get_data()
        answer.close()  # a static file stays open otherwise
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer

    def log_in(self, name: str, password: str = PASSWORD, **form: str) -> TestResponse:
        self.get("/login")
        return self.post("/login", {"username": name, "password": password, **form})

    def is_in(self) -> bool:
        """Whether the site still knows who this is."""
        return self.get("/account").status_code == 200

    def cookie(self) -> str:
        """The value of the session cookie."""
        found = self.client.get_cookie("budayang")
        assert found is not None
        return found.value


@dataclass
class House:
    """A served office."""

    app: Flask
    engine: Engine
    schema: Schema
    manifest: Manifest
    now: Callable[[], datetime]
    people: dict[str, int] = field(default_factory=dict)

    def context(self, db: Any) -> Context:
        return Context(self.manifest, self.schema, db, SYSTEM, self.now())

    def person(self, name: str, *roles: str, password: str = PASSWORD, label: str = "") -> int:
        """A log-in at desk one."""
        with writing(self.engine) as db:
            desk = db.scalar(
                select(platform.department.c.id).where(platform.department.c.key == "desk")
            )
            facts = accounts.Facts(label or name, person=Person(desk, "desk"))
            made, _ = accounts.create_account(
                self.context(db), name, facts, password=password, roles=frozenset(roles)
            )
        self.people[name] = made
        return made

    def browser(self, name: str | None = None, address: str = "127.0.0.1") -> Browser:
        browser = Browser(self.app.test_client(), address)
        if name is not None:
            answer = browser.log_in(name)
            assert answer.status_code == 302, answer.text
            browser.get("/account")
        return browser

    def as_administrator(self, act: Callable[[Context], object]) -> None:
        """Something done on the server, beside the browsers."""
        with writing(self.engine) as db:
            act(self.context(db))

    def audit(self, action: str | None = None) -> list[Any]:
        """The rows of the audit log, oldest first."""
        log = platform.audit
        query = select(log).order_by(log.c.id)
        with reading(self.engine) as db:
            return list(db.execute(query.where(log.c.action == action) if action else query))

    def count(self, table: Any) -> int:
        with reading(self.engine) as db:
            return db.scalar(select(func.count()).select_from(table)) or 0

    def token(self, name: str, **more: Any) -> dict[str, str]:
        """What the log-in by REST gives."""
        given = {"username": name, "password": PASSWORD, **more}
        answer = self.app.test_client().post("/api/v1/security/login", json=given)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)


def settings_of(folder: Path, **said: Any) -> Settings:
    """Settings without an environment."""
    facts = {
        "site": folder,
        "database_url": "",
        "secret_key": "s" * 48,
        "storage": folder / "storage",
    }
    return Settings(**(facts | said))


def open_house(
    site: Manifest, engine: Engine, settings: Settings, now: Callable[[], datetime], **options: Any
) -> House:
    """The office on an empty database."""
    schema = build_schema(site)
    create_tables(engine, schema)
    with writing(engine) as db:
        furnish(db, site)
    return House(create_app(site, schema, engine, settings, **options), engine, schema, site, now)


def furnish(db: Session, site: Manifest) -> None:
    """Departments and posts, as an apply would bring them."""
    ids: dict[str | None, int] = {}
    for position, (key, one) in enumerate(site.organization.departments.items()):
        row = {"key": key, "label": one.label, "kind": one.kind, "position": position}
        row["under_id"] = ids.get(one.under)
        department = platform.department
        ids[key] = db.execute(
            insert(department).values(row).returning(department.c.id)
        ).scalar_one()
    for position, (key, held) in enumerate(site.organization.posts.items()):
        row = {"key": key, "label": held.label, "position": position}
        row["department_id"] = ids.get(held.department)
        db.execute(insert(platform.post).values(row))
