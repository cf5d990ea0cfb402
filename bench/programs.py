"""The programs that are measured: how each is started, who is signed in, and what its pages are called."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from bench.databases import PASSWORD, Database
from bench.load import Ask, WrongAnswer, checked, send, wait_for

ROOT = Path(__file__).parent.parent
PEERS_PYTHON = ROOT / "bench/.work/venv/bin/python"
DIRECTUS = Path(os.environ.get("BENCH_DIRECTUS", ROOT / "bench/.work/directus"))
WORKERS = 2
TOKEN = "bench-token-of-the-measurement"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Paths:
    """Where a program keeps the same things. None where it has no such page."""

    list: str
    deep: Callable[[int, str], str] | None  # the page's number, and the cursor before it
    filter: str
    search: Callable[[str], str]
    edit: Callable[[int], str] | None
    table: str
    show: Callable[[int], str] | None = None
    rest: str | None = None
    rest_path: str = ""


@dataclass(frozen=True)
class Program:
    """One program. `sign_in` gives the headers of somebody who may see everything that is measured."""

    key: str
    label: str
    port: int
    paths: Paths
    command: Callable[[int], list[str]]
    sign_in: Callable[[int, Database], dict[str, str]]
    environment: Callable[[Database], Mapping[str, str]] = lambda database: {}
    prepare: Callable[[Database], None] = lambda database: None
    ready: str = "/"


@dataclass
class Running:
    """A started program."""

    program: Program
    database: Database
    process: subprocess.Popen[bytes]
    headers: dict[str, str] = field(default_factory=dict)
    started_in: float = 0

    @property
    def port(self) -> int:
        return self.program.port

    def workers(self) -> list[int]:
        """The processes that answer: the server's children, or itself where it has none."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] or [self.process.pid]

    def memory(self) -> tuple[float, float]:
        """Megabytes of a worker: its share (PSS) and all that it maps (RSS); the largest of the workers."""
        found = [_memory(pid) for pid in self.workers()]
        return max(pss for pss, _ in found), max(rss for _, rss in found)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)


def start(program: Program, database: Database, log: Path, port: int = 0) -> Running:
    """Starts the program on the database and signs in."""
    del port
    program.prepare(database)
    environment = {**database.environment(), **program.environment(database)}
    began = time.perf_counter()
    with log.open("ab") as sink:
        process = subprocess.Popen(
            program.command(program.port), cwd=ROOT, env=environment, stdout=sink, stderr=sink
        )
    running = Running(program, database, process)
    try:
        wait_for(program.port, program.ready)
        running.started_in = time.perf_counter() - began
        running.headers = program.sign_in(program.port, database)
    except (WrongAnswer, TimeoutError, OSError):
        running.stop()
        raise
    return running


def gunicorn(python: Path | str, module: str) -> Callable[[int], list[str]]:
    """Two sync workers."""
    options = ["--workers", str(WORKERS), "--log-level", "error", "--timeout", "180"]

    def command(port: int) -> list[str]:
        return [str(python), "-m", "gunicorn", *options, "--bind", f"127.0.0.1:{port}", module]

    return command


def cursor(moment: str, record: int) -> str:
    """The place behind a row in our own lists, as their links hold it."""
    text = json.dumps([moment, record], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def cookie_header(cookies: Mapping[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def _memory(pid: int) -> tuple[float, float]:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = {
        key: int(kilobytes) / 1024 for key, kilobytes in re.findall(r"(\w+):\s+(\d+) kB", text)
    }
    return found["Pss"], found["Rss"]


def _sign_in_by_form(
    path: str, names: Mapping[str, str]
) -> Callable[[int, Database], dict[str, str]]:
    """Log-in by the program's own page, its hidden token included."""

    def sign_in(port: int, database: Database) -> dict[str, str]:
        page = send(port, Ask(path))
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        body = urlencode({**names, **({"csrf_token": token[1]} if token else {})})
        headers = {**FORM, **cookie_header(page.cookies)}
        answer = checked(port, Ask(path, method="POST", body=body, headers=headers, status=(302,)))
        return cookie_header({**page.cookies, **answer.cookies})

    return sign_in


def bearer(port: int, username: str, password: str) -> dict[str, str]:
    """The header of a REST log-in; ours and stock Flask-AppBuilder's are the same."""
    body = json.dumps({"username": username, "password": password, "provider": "db"})
    headers = {"Content-Type": "application/json"}
    path = "/api/v1/security/login"
    answer = checked(port, Ask(path, method="POST", body=body, headers=headers))
    return {"Authorization": f"Bearer {json.loads(answer.text)['access_token']}"}


def _django_cookie(port: int, database: Database) -> dict[str, str]:
    line = [str(PEERS_PYTHON), "-m", "bench.peers.django_admin", "prepare"]
    done = subprocess.run(
        line, cwd=ROOT, env=database.environment(), capture_output=True, text=True, check=True
    )
    return {"Cookie": done.stdout.strip().splitlines()[-1]}


def _directus_environment(database: Database) -> dict[str, str]:
    if database.kind == "sqlite":
        where = {"DB_CLIENT": "sqlite3", "DB_FILENAME": database.address.removeprefix("sqlite:///")}
    else:
        host, name = database.address.split("@", 1)[1].split("/", 1)
        where = {"DB_CLIENT": "pg", "DB_HOST": host, "DB_PORT": "5432", "DB_DATABASE": name}
        where |= {"DB_USER": "postgres", "DB_PASSWORD": "x"}
    return where | {
        "KEY": "b" * 32,
        "SECRET": "s" * 32,
        "HOST": "127.0.0.1",
        "PORT": str(DIRECTUS_PORT),
        "ADMIN_EMAIL": "bench@example.com",
        "ADMIN_PASSWORD": PASSWORD,
        "ADMIN_TOKEN": TOKEN,
        "TELEMETRY": "false",
        "NO_UPDATE_NOTIFIER": "1",
        "CACHE_ENABLED": "false",
        "RATE_LIMITER_ENABLED": "false",
        "LOG_LEVEL": "error",
    }


def _directus_prepare(database: Database) -> None:
    """Its own tables, and the three relations of the measured one."""
    environment = {**database.environment(), **_directus_environment(database)}
    line = ["node", str(DIRECTUS / "node_modules/directus/cli.js"), "bootstrap"]
    subprocess.run(line, env=environment, cwd=DIRECTUS, check=True, capture_output=True)
    from sqlalchemy import create_engine, text

    engine = create_engine(database.url)
    with engine.begin() as connection:
        connection.execute(
            text("DELETE FROM directus_relations WHERE many_collection = 'peer_matter'")
        )
        for key in ("company", "category", "officer"):
            connection.execute(
                text(
                    "INSERT INTO directus_relations (many_collection, many_field, one_collection)"
                    f" VALUES ('peer_matter', '{key}_id', 'peer_{key}')"
                )
            )
    engine.dispose()


DIRECTUS_PORT = 8294

OURS = Program(
    "ours",
    "Budayang",
    8290,
    Paths(
        list="/matter/list",
        deep=lambda page, after: f"/matter/list?after={after}",
        filter="/matter/list?status=handling&officer=7&order=due_on",
        search=lambda word: f"/matter/list?q={quote(word)}",
        edit=lambda record: f"/matter/edit/{record}",
        table="matter",
        show=lambda record: f"/matter/show/{record}",
        rest="/api/v1/matter/?q=(order_column:created_at,order_direction:desc,page_size:20)",
    ),
    gunicorn(sys.executable, "bench.ours:application"),
    _sign_in_by_form("/login", {"username": "bench", "password": PASSWORD, "next": ""}),
    ready="/login",
)
DJANGO = Program(
    "django",
    "Django admin",
    8291,
    Paths(
        list="/admin/peers/matter/",
        deep=lambda page, after: f"/admin/peers/matter/?p={page}",
        filter="/admin/peers/matter/?status__exact=handling&officer__id__exact=7&o=8",
        search=lambda word: f"/admin/peers/matter/?q={quote(word)}",
        edit=lambda record: f"/admin/peers/matter/{record}/change/",
        table="peer_matter",
    ),
    gunicorn(PEERS_PYTHON, "bench.peers.django_admin:application"),
    _django_cookie,
    ready="/admin/login/",
)
FLASK_ADMIN = Program(
    "flask_admin",
    "Flask-Admin",
    8292,
    Paths(
        list="/admin/matter/",
        deep=lambda page, after: f"/admin/matter/?page={page - 1}",
        filter="/admin/matter/?flt0_2=handling&flt1_7=7&sort=7",
        search=lambda word: f"/admin/matter/?search={quote(word)}",
        edit=lambda record: f"/admin/matter/edit/?id={record}",
        table="peer_matter",
    ),
    gunicorn(PEERS_PYTHON, "bench.peers.flask_admin_app:application"),
    lambda port, database: {},
    ready="/admin/",
)
STOCK_FAB = Program(
    "stock_fab",
    "stock FAB",
    8293,
    Paths(
        list="/matterview/list/",
        deep=lambda page, after: f"/matterview/list/?page_MatterView={page - 1}",
        filter="/matterview/list/?_flt_3_status=handling&_flt_0_officer=7"
        "&_oc_MatterView=due_on&_od_MatterView=asc",
        search=lambda word: f"/matterview/list/?_flt_2_subject={quote(word)}",
        edit=lambda record: f"/matterview/edit/{record}",
        table="peer_matter",
        rest="/api/v1/matter/?q=(order_column:created_at,order_direction:desc,page_size:20)",
    ),
    gunicorn(sys.executable, "bench.peers.stock_fab:application"),
    _sign_in_by_form("/login/", {"username": "stock", "password": "stock"}),
    ready="/login/",
)
DIRECTUS_FIELDS = (
    "number,subject,company_id.name,category_id.name,officer_id.name,status,grade,due_on,created_at"
)
DIRECTUS_PROGRAM = Program(
    "directus",
    "Directus",
    DIRECTUS_PORT,
    Paths(
        list="",
        deep=None,
        filter="",
        search=lambda word: "",
        edit=None,
        table="peer_matter",
        rest=f"/items/peer_matter?limit=20&sort=-created_at&fields={DIRECTUS_FIELDS}&meta=filter_count",
    ),
    lambda port: ["node", str(DIRECTUS / "node_modules/directus/cli.js"), "start"],
    lambda port, database: {"Authorization": f"Bearer {TOKEN}"},
    environment=_directus_environment,
    prepare=_directus_prepare,
    ready="/server/ping",
)
PROGRAMS = (OURS, DJANGO, FLASK_ADMIN, STOCK_FAB)
