"""The lending desk of the domain's tests with a REST interface, and programs that are signed in there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_jwt_extended import create_access_token
from sqlalchemy import Engine, event, func, insert, select
from werkzeug.test import TestResponse

from app.domain import records
from app.domain.sessions import API, open_session
from app.schema.engine import reading, writing
from app.schema.platform import platform
from app.screens.api import register_rest
from app.screens.security.identity import CLAIM
from app.screens.shell import create_app
from tests.conftest import Clock
from tests.domain.desk import Desk, open_desk
from tests.screens.site import settings_of

MISSING = 999_999


@dataclass
class Program:
    """Somebody's program with a token; `None` for one that never signed in."""

    app: Flask
    token: str | None = None

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.app.test_client().open(
            f"/api/v1/{path}", method=method, headers=headers, **options
        )

    def get(self, path: str, q: str | None = None, **options: Any) -> TestResponse:
        return self.send("GET", path, query_string={"q": q} if q is not None else None, **options)

    def post(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.send("POST", path, json=body, **options)

    def put(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.send("PUT", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.send("DELETE", path, **options)

    def rows(self, path: str, q: str | None = None) -> list[dict[str, Any]]:
        answer = self.get(path, q)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["result"]
        return found

    def names(self, path: str, q: str | None = None) -> list[Any]:
        return [row["name"] for row in self.rows(path, q)]


@dataclass
class Served:
    """The desk with its app."""

    desk: Desk
    app: Flask
    clock: Clock
    programs: dict[str, Program] = field(default_factory=dict)

    def as_(self, who: str | None) -> Program:
        """A program of this person, signed in once."""
        if who is None:
            return Program(self.app)
        if who not in self.programs:
            self.programs[who] = Program(self.app, self._token(self.desk.people[who].id or 0))
        return self.programs[who]

    def _token(self, user: int) -> str:
        with writing(self.desk.engine) as db:
            opened = open_session(db, user, API, self.clock(), address="", agent="", at_most=0)
        with self.app.app_context():
            token: str = create_access_token(str(user), additional_claims={CLAIM: opened.key})
        return token

    def make(self, entity: str, who: str = "head", **values: object) -> int:
        """A record, made by the domain."""
        with self.desk.as_(who, self.clock()) as context:
            return records.create(context, entity, values).id

    def member(self, name: str, branch: str = "north", who: str = "head", **values: object) -> int:
        return self.make(
            "member", who, name=name, branch=str(self.desk.departments[branch]), **values
        )

    def count(self, entity: str) -> int:
        with reading(self.desk.engine) as db:
            return db.scalar(select(func.count()).select_from(self.desk.schema.tables[entity])) or 0

    def refusals(self) -> int:
        """How many tries of what one may not the audit log tells of."""
        log = platform.audit
        with reading(self.desk.engine) as db:
            refused = select(func.count()).select_from(log).where(log.c.allowed == 0)
            return db.scalar(refused) or 0

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that are executed meanwhile."""
        said: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            said.append(statement)

        event.listen(self.desk.engine, "before_cursor_execute", note)
        try:
            yield said
        finally:
            event.remove(self.desk.engine, "before_cursor_execute", note)


def serve(engine: Engine, folder: Path, clock: Clock) -> Served:
    """The desk on an empty database."""
    desk = open_desk(engine)
    with writing(engine) as db:
        for person in desk.people.values():
            db.execute(insert(platform.account).values(user_id=person.id))
            for role in person.roles:
                _grant(db, person.id, role)
            if person.department:
                db.execute(
                    insert(desk.schema.person).values(
                        user_id=person.id, department_id=person.department
                    )
                )
    app = create_app(
        desk.schema.manifest,
        desk.schema,
        engine,
        settings_of(folder),
        release=7,
        screens=(register_rest,),
    )
    return Served(desk, app, clock)


def _grant(db: Any, user: int | None, name: str) -> None:
    role = platform.role
    found = db.scalar(select(role.c.id).where(role.c.name == name))
    if found is None:
        found = db.execute(insert(role).values(name=name).returning(role.c.id)).scalar_one()
    db.execute(insert(platform.user_role).values(user_id=user, role_id=found))


def stock(served: Served) -> None:
    """Members of both branches, books on both shelves; every third member has no score."""
    for number in range(1, 31):
        branch = "north" if number % 2 else "south"
        values: dict[str, object] = {"score": str(number)} if number % 3 else {}
        values |= {"phone": f"138{number:08}", "born": f"20{number:02}-01-15", "vip": "no"}
        values |= {"tags": ["art"] if number % 2 else ["law", "war"], "rate": f"{number}.5"}
        served.member(f"读者{number:02}", branch, **values)
    odd = {"name": "100%_\\'\";--", "shelf": "b", "isbn": "0010"}
    for values in (
        {"name": "史记", "price": "9.90"},
        {"name": "红楼梦", "shelf": "b", "price": "30"},
        odd,
    ):
        served.make("book", **values)
