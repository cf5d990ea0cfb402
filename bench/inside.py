"""Our pages in one process: how many statements each sends, how long it computes, and where.

python -m bench.inside FOLDER           statements and processor time of each page
python -m bench.inside FOLDER --count   the statements alone, as JSON
python -m bench.inside FOLDER list      the statements of one page, and the functions that took longest
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from werkzeug.test import Client

from bench.databases import PASSWORD

TURNS = 30
PAGES = {
    "list": "/matter/list",
    "filter": "/matter/list?status=handling&officer=7&order=due_on",
    "search": "/matter/list?q=水压",
    "show": "/matter/show/7",
    "edit": "/matter/edit/7",
    "rest": "/api/v1/matter/?q=(order_column:created_at,order_direction:desc,page_size:20)",
}


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that any engine sends meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def signed_in(site: Path) -> Client:
    """A visitor of the site that is built in this process."""
    os.environ["BENCH_SITE"] = str(site)
    os.environ.setdefault("BUDAYANG_DATABASE_URL", f"sqlite:///{site.resolve() / 'bench.db'}")
    from bench.ours import application

    client = Client(application)
    page = client.get("/login").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token, "the log-in page has no token"
    form = {"username": "bench", "password": PASSWORD, "csrf_token": token[1], "next": ""}
    assert client.post("/login", data=form).status_code == 302
    return client


def count_statements(client: Client, path: str) -> list[str]:
    """What one page sends, once everything that is remembered between pages is remembered."""
    client.get(path)
    with statements() as sent:
        answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return [one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))]


def computing(client: Client, path: str) -> float:
    """Milliseconds of processor time for one page."""
    began = time.process_time()
    for _ in range(TURNS):
        client.get(path)
    return (time.process_time() - began) / TURNS * 1000


def main(site: Path, page: str = "") -> None:
    client = signed_in(site)
    if page == "--count":
        print(
            json.dumps({name: len(count_statements(client, path)) for name, path in PAGES.items()})
        )
        return
    if page:
        profile = cProfile.Profile()
        client.get(PAGES[page])
        for statement in count_statements(client, PAGES[page]):
            print(" ".join(statement.split())[:200])
        profile.enable()
        for _ in range(TURNS):
            client.get(PAGES[page])
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
        pstats.Stats(profile).sort_stats("cumtime").print_stats(70)
        return
    for name, path in PAGES.items():
        sent = len(count_statements(client, path))
        print(f"{name:8} {sent} statements, {computing(client, path):5.1f} ms of computing")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
