"""The WSGI callable of a server process: holds the live site, swaps in a new one, keeps the last good one.

A running site is immutable. A watcher thread asks the database once a second which release is live; when that
changes it builds the new site beside the old one, tries it, and swaps. Requests already inside the old site
finish there. A release that can't be built or doesn't answer leaves the old one serving, and says so in
`/readyz` and to the administrators.
"""

from __future__ import annotations

import gc
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from app.wsgi import Environ, StartResponse

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
DRAIN_SECONDS = 60.0


class LiveSite(Protocol):
    """What the switchboard needs of a site."""

    @property
    def release(self) -> int: ...

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]: ...

    def smoke_test(self) -> None:
        """Raises unless the site answers its own pages."""

    def dispose(self) -> None:
        """Gives back what the site holds."""


@dataclass
class _Seat:
    """A site and how many requests are inside it."""

    site: LiveSite
    inside: int = 0


class Switchboard:
    """`live_release()` asks the database, `build(release)` makes a site; both may raise."""

    def __init__(
        self,
        first: LiveSite,
        live_release: Callable[[], int],
        build: Callable[[int], LiveSite],
        *,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._seat = _Seat(first)
        self._lock = threading.Lock()
        self._live_release = live_release
        self._build = build
        self._poll_seconds = poll_seconds
        self._failed: tuple[int, str] | None = None
        self._database_trouble = ""
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def release(self) -> int:
        """The release that this process serves now."""
        return self._seat.site.release

    @property
    def failure(self) -> tuple[int, str] | None:
        """The release that couldn't be taken over, and why."""
        return self._failed

    def start(self) -> None:
        """Begins to watch for new releases; to be called in the serving process, after any fork."""
        gc.freeze()
        self._watcher = threading.Thread(target=self._watch, name="release-watch", daemon=True)
        self._watcher.start()

    def stop(self) -> None:
        """Stops watching; the site goes on answering."""
        self._stop.set()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _answer(start_response, "200 OK", {"ok": True})
        if path == "/readyz":
            return self._readiness(start_response)
        with self._lock:
            seat = self._seat
            seat.inside += 1
        try:
            body = seat.site(environ, start_response)
        except BaseException:
            self._leave(seat)
            raise
        return _Leaving(body, lambda: self._leave(seat))

    def _leave(self, seat: _Seat) -> None:
        with self._lock:
            seat.inside -= 1

    def _readiness(self, start_response: StartResponse) -> Iterable[bytes]:
        facts: dict[str, object] = {"release": self.release}
        if self._failed:
            # Why is for administrators, not for whoever asks.
            facts |= {"failed_release": self._failed[0]}
        if self._database_trouble:
            return _answer(
                start_response,
                "503 Service Unavailable",
                facts | {"database": self._database_trouble},
            )
        return _answer(start_response, "200 OK", facts)

    def _watch(self) -> None:
        while not self._stop.wait(self._poll_seconds):
            self.look()

    def look(self) -> None:
        """One look at the live release; swaps if it changed. Never raises."""
        try:
            wanted = self._live_release()
            self._database_trouble = ""
        except Exception as error:
            self._database_trouble = "数据库没有应答"
            log.warning("cannot ask for the live release: %s", type(error).__name__)
            return
        if wanted == self.release:
            self._failed = None
        elif self._failed is None or self._failed[0] != wanted:
            self._swap(wanted)

    def _swap(self, wanted: int) -> None:
        started = time.monotonic()
        try:
            with uncollected():
                site = self._build(wanted)
            site.smoke_test()
        except Exception as error:
            # Of several lines the first: a database says its SQL below.
            said = (str(error).splitlines() or [""])[0]
            self._failed = (wanted, f"{type(error).__name__}: {said}")
            log.exception("release %s can't be served, release %s serves on", wanted, self.release)
            return
        with self._lock:
            old, self._seat = self._seat, _Seat(site)
        self._failed = None
        log.info("release %s is live after %.2f s", wanted, time.monotonic() - started)
        threading.Thread(target=self._retire, args=(old,), name="site-retire", daemon=True).start()

    def _retire(self, seat: _Seat) -> None:
        patience = time.monotonic() + DRAIN_SECONDS
        while seat.inside and time.monotonic() < patience:
            time.sleep(0.05)
        seat.site.dispose()
        gc.unfreeze()
        gc.collect()
        gc.freeze()


class _Leaving:
    """A response body that tells the switchboard when the request has left the site."""

    def __init__(self, body: Iterable[bytes], left: Callable[[], None]) -> None:
        self._body = body
        self._left = left
        self._told = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._body

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            if not self._told:
                self._told = True
                self._left()


def _answer(
    start_response: StartResponse, status: str, facts: dict[str, object]
) -> Iterable[bytes]:
    body = json.dumps(facts, ensure_ascii=False).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(status, headers)
    return [body]


@contextmanager
def uncollected() -> Iterator[None]:
    """For building a site: hundreds of thousands of objects that all stay, which Python's collector would look
    through again and again for some that don't. Once the site is served they are frozen, and no request pays for them.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def watching(switchboard: Switchboard) -> Iterator[Switchboard]:
    """Watches while the block runs (tests, single-process servers)."""
    switchboard.start()
    try:
        yield switchboard
    finally:
        switchboard.stop()
