"""A site served by a real process, as an operator would run it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
from click.testing import CliRunner
from requests.cookies import RequestsCookieJar

from app.cli import main
from tests.journeys.people import Program, Visitor

ROOT = Path(__file__).parents[2]
SITES = ROOT / "tests" / "sites"
COMMAND = Path(sys.executable).with_name("budayang")
PASSWORD = "Correct-Horse-7-Battery"
READY_IN = 60.0


@dataclass(frozen=True)
class Person:
    """Someone who is to have a log-in; `set` is a person's own field, such as `member=M-1`."""

    name: str
    role: str = ""
    department: str = ""
    post: str = ""
    set: str = ""


@dataclass(frozen=True)
class Stage:
    """A site's folder, its database, and the address at which it is served."""

    folder: Path
    environment: dict[str, str]
    base: str
    desks: dict[str, RequestsCookieJar] = field(default_factory=dict)

    def run(self, *arguments: str, given: str | None = None, code: int = 0) -> str:
        """A command of the program; its output. `code` is the exit code that it must end with."""
        done = subprocess.run(
            [COMMAND, *arguments, "--site", str(self.folder)],
            env=self.environment,
            cwd=self.folder.parent,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, (
            f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    def make_people(self, *people: Person) -> None:
        """Users with the one password: `user create`, in this process since each start takes a second or two."""
        for person in people:
            words = ["user", "create", person.name, "--password-stdin", "--site", str(self.folder)]
            for option in ("role", "department", "post", "set"):
                if value := getattr(person, option):
                    words += [f"--{option}", value]
            done = CliRunner().invoke(main, words, input=f"{PASSWORD}\n", env=self.environment)
            assert done.exit_code == 0, f"{words}: {done.output} {done.exception!r}"

    def visitor(self, name: str | None = None) -> Visitor:
        """Someone at a browser, logged in as `name`: at the same desk as before, since a log-in takes long on purpose."""
        visitor = Visitor(self.base)
        if name is None:
            return visitor
        if name not in self.desks:
            page = visitor.log_in(name, PASSWORD)
            assert page.status == 200, page.text
            self.desks[name] = visitor.http.cookies
        visitor.http.cookies.update(self.desks[name])
        return visitor

    def program(self, name: str | None = None) -> Program:
        """A program, logged in as `name`."""
        program = Program(self.base)
        if name is not None:
            answer = program.log_in(name, PASSWORD)
            assert answer.status == 200, answer.text
        return program


@contextmanager
def served(
    site: str | Path,
    database_url: str,
    folder: Path,
    *,
    clock: str | None = None,
    workers: int = 1,
) -> Iterator[Stage]:
    """Apply a site to an empty database and serve it: a copy of one in `tests/sites`, or a folder as it is."""
    copy = folder / site if isinstance(site, str) else site
    if isinstance(site, str):
        shutil.copytree(
            SITES / site, copy, ignore=shutil.ignore_patterns("__pycache__", "instance")
        )
    port = _free_port()
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("BUDAYANG_")
    }
    environment |= {"BUDAYANG_DATABASE_URL": database_url, "BUDAYANG_SECRET_KEY": "k" * 48}
    if clock is not None:
        environment["BUDAYANG_CLOCK"] = clock
    stage = Stage(copy, environment, f"http://127.0.0.1:{port}/")
    stage.run("apply", "--yes", "-m", "first release")
    log = folder / f"{copy.name}.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [
                COMMAND,
                "serve",
                "--site",
                str(copy),
                "--port",
                str(port),
                "--workers",
                str(workers),
                "--no-worker",
            ],
            env=environment,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(stage, server, log)
        yield stage
    finally:
        _stop(server)
    said = log.read_text("utf-8", "replace")
    assert "Traceback" not in said, said[said.index("Traceback") - 500 :][:4000]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(stage: Stage, server: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + READY_IN
    while time.monotonic() < limit:
        if server.poll() is not None:
            break
        try:
            if requests.get(stage.base + "readyz", timeout=2).status_code == 200:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    raise AssertionError(f"the server doesn't answer:\n{log.read_text('utf-8', 'replace')[-4000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server with all its worker processes, and nothing else."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
