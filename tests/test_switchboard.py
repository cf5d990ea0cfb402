"""The switchboard keeps a site answering through every change of release."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator

import pytest

from app.switchboard import LiveSite, Switchboard, uncollected, watching
from app.wsgi import Environ, StartResponse


class PaperSite:
    """Answers its release number; `broken` fails its smoke test, `gate` holds a request inside."""

    def __init__(
        self, release: int, *, broken: bool = False, gate: threading.Event | None = None
    ) -> None:
        self.release = release
        self.broken = broken
        self.gate = gate
        self.disposed = threading.Event()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if self.gate is not None:
            self.gate.wait(5)
        start_response("200 OK", [])
        return [str(self.release).encode()]

    def smoke_test(self) -> None:
        if self.broken:
            raise RuntimeError("no such template")

    def dispose(self) -> None:
        self.disposed.set()


def get(app: Switchboard, path: str = "/") -> tuple[str, bytes]:
    status: list[str] = []
    body = app({"PATH_INFO": path}, lambda line, headers: status.append(line))
    try:
        return status[0] if status else "", b"".join(body)
    finally:
        getattr(body, "close", lambda: None)()


def board(first: LiveSite, live: list[int], build: dict[int, PaperSite]) -> Switchboard:
    return Switchboard(first, lambda: live[0], lambda release: build[release], poll_seconds=0.01)


def test_a_new_release_is_swapped_in_and_the_old_site_given_back() -> None:
    old, new, live = PaperSite(1), PaperSite(2), [1]
    switch = board(old, live, {2: new})
    with watching(switch):
        assert get(switch)[1] == b"1"
        live[0] = 2
        assert old.disposed.wait(5)
        assert get(switch)[1] == b"2"


def test_a_release_that_fails_its_smoke_test_leaves_the_old_one_serving_and_says_so() -> None:
    switch = board(PaperSite(1), [2], {2: PaperSite(2, broken=True)})
    switch.look()
    assert get(switch)[1] == b"1"
    status, body = get(switch, "/readyz")
    assert status.startswith("200") and b'"failed_release": 2' in body
    assert b"no such template" not in body, "why is for administrators, not for whoever asks"
    assert switch.failure == (2, "RuntimeError: no such template")


def test_a_failed_release_is_not_built_again_each_second_but_the_next_one_is_tried() -> None:
    live, built = [2], []

    def build(release: int) -> PaperSite:
        built.append(release)
        return PaperSite(release, broken=release == 2)

    switch = Switchboard(PaperSite(1), lambda: live[0], build)
    switch.look()
    switch.look()
    assert built == [2]
    live[0] = 3
    switch.look()
    assert switch.release == 3 and switch.failure is None


def test_a_request_inside_the_old_site_finishes_there_before_it_is_given_back() -> None:
    gate = threading.Event()
    old, live = PaperSite(1, gate=gate), [1]
    switch = board(old, live, {2: PaperSite(2)})
    answers: list[bytes] = []
    request = threading.Thread(target=lambda: answers.append(get(switch)[1]))
    request.start()
    while not switch._seat.inside:
        pass
    live[0] = 2
    switch.look()
    assert get(switch)[1] == b"2" and not old.disposed.is_set()
    gate.set()
    request.join(5)
    assert answers == [b"1"] and old.disposed.wait(5)


def test_a_database_that_does_not_answer_makes_the_process_unready_but_not_dead() -> None:
    def broken() -> int:
        raise OSError("down")

    switch = Switchboard(PaperSite(1), broken, lambda release: PaperSite(release))
    switch.look()
    assert get(switch)[1] == b"1"
    assert get(switch, "/readyz")[0].startswith("503")
    assert get(switch, "/healthz")[0].startswith("200")


@pytest.fixture
def thawed() -> Iterator[None]:
    """Nothing that a test freezes stays frozen."""
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_what_a_site_is_made_of_is_not_looked_through_by_the_collector() -> None:
    gc.unfreeze()
    switch = board(PaperSite(1), [1], {})
    with watching(switch):
        assert gc.get_freeze_count() > 0


def test_the_collector_works_again_after_a_build_even_one_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), uncollected():  # noqa: PT012
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()


class Ring:
    """Refers to itself: only the collector takes it away."""

    def __init__(self, gone: threading.Event) -> None:
        self.itself = self
        self.gone = gone

    def __del__(self) -> None:
        self.gone.set()


class RingSite(PaperSite):
    ring: Ring | None = None

    def dispose(self) -> None:
        self.ring = None


@pytest.mark.usefixtures("thawed")
def test_a_site_that_is_given_back_leaves_no_memory_behind() -> None:
    old, live, gone = RingSite(1), [1], threading.Event()
    old.ring = Ring(gone)
    switch = board(old, live, {2: PaperSite(2)})
    with watching(switch):
        live[0] = 2
        assert gone.wait(5)
