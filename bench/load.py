"""Asking a server on this machine, one client or several, each answer checked before its time counts."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Check = Callable[[str], str]  # what is wrong with an answer's text, empty where nothing is

TIMEOUT = 120


@dataclass(frozen=True)
class Ask:
    """A request. Its time counts only if the status is one of these and `check` finds nothing wrong."""

    path: str
    check: Check = lambda text: ""
    method: str = "GET"
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many milliseconds."""

    taken: float
    status: int
    text: str
    size: int
    cookies: Mapping[str, str]


@dataclass
class Samples:
    """Milliseconds of right answers, and what was wrong with the others."""

    taken: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, other: Samples) -> None:
        """Takes in another round."""
        self.taken += other.taken
        self.wrong += other.wrong
        self.size = other.size or self.size

    @property
    def median(self) -> float:
        return statistics.median(self.taken) if self.taken else float("nan")


class WrongAnswer(Exception):
    """An answer that doesn't hold what it should."""


def send(port: int, ask: Ask) -> Answer:
    """One request over a connection of its own, as several visitors would make it."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    started = time.perf_counter()
    line.request(ask.method, ask.path, ask.body.encode() if ask.body else None, dict(ask.headers))
    answer = line.getresponse()
    body = answer.read()
    taken = (time.perf_counter() - started) * 1000
    given = answer.headers.get_all("Set-Cookie") or []
    line.close()
    cookies = dict(one.split(";", 1)[0].split("=", 1) for one in given)
    return Answer(taken, answer.status, body.decode("utf-8", "replace"), len(body), cookies)


def checked(port: int, ask: Ask) -> Answer:
    """The same. Raises WrongAnswer."""
    answer = send(port, ask)
    if answer.status not in ask.status:
        raise WrongAnswer(f"{ask.path}: {answer.status} {answer.text[:300]!r}")
    fault = ask.check(answer.text)
    if fault:
        raise WrongAnswer(f"{ask.path}: {fault}")
    return answer


def run(port: int, asks: Sequence[Sequence[Ask]]) -> Samples:
    """Each client sends its requests one after another, all clients at once."""
    samples, lock = Samples(), threading.Lock()

    def client(own: Sequence[Ask]) -> None:
        for ask in own:
            try:
                answer = checked(port, ask)
            except (WrongAnswer, OSError, http.client.HTTPException) as error:
                with lock:
                    samples.wrong.append(f"{type(error).__name__}: {error}"[:400])
                continue
            with lock:
                samples.taken.append(answer.taken)
                samples.size = answer.size

    threads = [threading.Thread(target=client, args=(own,)) for own in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return samples


def wait_for(port: int, path: str = "/", seconds: float = 90) -> float:
    """Seconds until the port answers this page with anything but an error of the server."""
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        try:
            if send(port, Ask(path)).status < 500:
                return time.perf_counter() - started
        except OSError:
            pass
        time.sleep(0.01)
    raise TimeoutError(f"nothing answers on port {port}")
