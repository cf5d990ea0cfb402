"""The reading room with pages and REST, and its people at browsers and programs: what the attacks are aimed at."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.sign_in import Caller, sign_in
from app.manifest.model.manifest import Manifest
from app.schema.engine import reading
from app.schema.platform import platform
from app.screens.api import register_rest
from app.screens.records import register_records
from app.screens.security.identity import CLAIM, KEY
from app.screens.shell import create_app
from tests.screens.records.house import PASSWORD, House, open_house

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
LEAKS = re.compile(r"Traceback|SELECT |sqlalchemy|psycopg|site-packages|\.py\b|/tmp/|sqlite3")


@dataclass
class Walker:
    """Somebody with a cookie (`client`), the token of their pages, and a bearer's token for REST."""

    client: FlaskClient
    forgery: str = ""
    bearer: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **options: Any) -> TestResponse:
        return _read(self.client.get(path, **options))

    def post(
        self, path: str, form: Mapping[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        if "data" not in options:
            options["data"] = {"csrf_token": self.forgery, **(form or {})}
        return _read(self.client.post(path, **options))

    def rest(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = self.bearer | dict(options.pop("headers", {}))
        plain = self.client.application.test_client(use_cookies=False)
        return _read(plain.open(f"/api/v1/{path}", method=method, headers=headers, **options))


@dataclass
class Ward:
    """A house and its callers; each signs in once."""

    house: House
    known: dict[str | None, Walker] = field(default_factory=dict)

    def walker(self, name: str | None) -> Walker:
        if name not in self.known:
            self.known[name] = self._arrive(name)
        return self.known[name]

    def _arrive(self, name: str | None) -> Walker:
        app, client = self.house.app, self.house.app.test_client()
        made = Walker(client)
        if name is not None:
            doors, now = self.house.shell.doors, self.house.shell.now()
            form, api = (
                sign_in(doors, name, PASSWORD, Caller(door, "127.0.0.1"), now)
                for door in ("form", "api")
            )
            with client.session_transaction() as kept:
                kept[KEY] = form.key
            from flask_jwt_extended import create_access_token

            with app.app_context():
                said = create_access_token(str(api.user_id), additional_claims={CLAIM: api.key})
            made.bearer = {"Authorization": f"Bearer {said}"}
        found = TOKEN.search(client.get("/account/password" if name else "/login").text)
        assert found, name
        made.forgery = found[1]
        return made

    def refusals(self) -> int:
        log = platform.audit
        with reading(self.house.engine) as db:
            return db.scalar(select(func.count()).select_from(log).where(log.c.allowed == 0)) or 0

    def state(self) -> str:
        """A checksum of everything that is stored but the audit log and who was seen when."""
        digest = hashlib.sha256()
        passing = {"audit", "session", "login_try"}
        with reading(self.house.engine) as db:
            for tables in (self.house.schema.metadata, platform.metadata):
                for table in tables.sorted_tables:
                    if table.name not in passing and table.metadata is tables:
                        _add(digest, db, table)
        return digest.hexdigest()


def _read(answer: TestResponse) -> TestResponse:
    answer.get_data()
    answer.close()  # a file stays open otherwise
    return answer


def _add(digest: Any, db: Session, table: Any) -> None:
    rows = sorted(repr(tuple(row)) for row in db.execute(select(table)))
    digest.update(f"{table.name} {rows}".encode())


def open_ward(manifest: Manifest, engine: Engine, folder: Path) -> Ward:
    """The site with all its screens on an empty database."""
    house = open_house(manifest, engine, folder)
    settings = house.shell.settings
    screens = (register_records, register_rest)
    app = create_app(manifest, house.schema, engine, settings, release=1, screens=screens)
    return Ward(replace(house, app=app))


def is_clean(answer: TestResponse) -> bool:
    """Whether an error tells nothing of the inside."""
    return answer.status_code < 500 and not LEAKS.search(answer.text)
