"""People at a running site: one who clicks through its pages, one whose program speaks to its REST interface."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests

from tests.journeys.pages import Form, Page

SECONDS = 20
Json = Any


@dataclass
class Visitor:
    """A browser with its cookies, pointed at one site."""

    base: str
    http: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **query: object) -> Page:
        answer = self.http.get(urljoin(self.base, path), params=query or None, timeout=SECONDS)
        return _page(answer)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Page:
        answer = self.http.post(
            urljoin(self.base, path), data=data or {}, timeout=SECONDS, **options
        )
        return _page(answer)

    def submit(self, page: Page, form: Form, **changes: object) -> Page:
        """Fill in a form of a page and send it, wherever it points to."""
        return self.post(urljoin(page.url, form.action or page.url), form.filled(**changes))

    def upload(self, page: Page, form: Form, name: str, content: bytes, **changes: object) -> Page:
        """Send a form with one file, in its only place for files."""
        (place,) = form.files
        files = {
            place: (name, content, "text/html; image/png")
        }  # the kind it claims isn't believed
        address = urljoin(page.url, form.action or page.url)
        return self.post(address, form.filled(**changes), files=files)

    def log_in(self, name: str, password: str) -> Page:
        page = self.get("/login/")
        return self.submit(
            page, page.form("username", "password"), username=name, password=password
        )


@dataclass(frozen=True)
class Answer:
    """An answer of the REST interface."""

    status: int
    json: Json
    headers: dict[str, str]
    text: str

    @property
    def error(self) -> dict[str, Any]:
        """The one shape of every error."""
        found: dict[str, Any] = self.json["error"]
        assert set(found) == {"id", "message", "fields", "place"}, found
        assert isinstance(found["id"], str) and found["message"]
        return found


@dataclass
class Program:
    """A program with a bearer token (or none)."""

    base: str
    token: str | None = None
    http: requests.Session = field(default_factory=requests.Session)

    def log_in(self, name: str, password: str) -> Answer:
        given = {"username": name, "password": password, "provider": "db", "refresh": True}
        answer = self.post("security/login", given)
        if answer.status == 200:
            self.token = answer.json["access_token"]
        return answer

    def get(self, path: str, **query: object) -> Answer:
        return self.send("GET", path, params=query or None)

    def post(self, path: str, body: Json = None, **options: Any) -> Answer:
        return self.send("POST", path, json=body, **options)

    def put(self, path: str, body: Json, **options: Any) -> Answer:
        return self.send("PUT", path, json=body, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        return self.send("DELETE", path, **options)

    def send(self, method: str, path: str, **options: Any) -> Answer:
        headers = dict(options.pop("headers", {}))
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        address = urljoin(self.base, f"/api/v1/{path}")
        answer = self.http.request(
            method, address, headers=headers, timeout=SECONDS, allow_redirects=False, **options
        )
        is_json = "json" in answer.headers.get("Content-Type", "")
        return Answer(
            answer.status_code,
            answer.json() if is_json else None,
            dict(answer.headers),
            answer.text,
        )

    def add(self, entity: str, **values: object) -> int:
        """Make a record and give its id."""
        answer = self.post(f"{entity}/", values)
        assert answer.status == 201, (entity, values, answer.text)
        made: int = answer.json["id"]
        return made

    def record(self, entity: str, id_: int) -> dict[str, Any]:
        answer = self.get(f"{entity}/{id_}")
        assert answer.status == 200, answer.text
        found: dict[str, Any] = answer.json["result"]
        return found

    def rows(self, entity: str, q: str = "") -> list[dict[str, Any]]:
        """The first page of a list."""
        answer = self.get(f"{entity}/", **({"q": q} if q else {}))
        assert answer.status == 200, answer.text
        found: list[dict[str, Any]] = answer.json["result"]
        return found


def ref(value: Any) -> int | None:
    """The id in a ref's value, alone or with its name."""
    found: int | None = value["id"] if isinstance(value, dict) else value
    return found


def _page(answer: requests.Response) -> Page:
    answer.encoding = "utf-8"
    return Page(answer.status_code, answer.url, answer.text, dict(answer.headers))
