"""Asking a server on this machine, one client or several, each answer checked before its time counts."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ask:
    """A request; `expect` must stand in the answer's text (`refuse` must not) for its time to count."""

    path: str
    expect: tuple[str, ...] = ()
    method: str = "GET"
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    status: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Timing:
    """Milliseconds: the median and the 95th percentile, the bytes of the last answer, and how many went wrong."""

    p50: float
    p95: float
    size: int
    wrong: int
    note: str = ""


class WrongAnswer(Exception):
    """An answer that doesn't hold what it should."""


def once(
    port: int, ask: Ask, connection: http.client.HTTPConnection | None = None
) -> tuple[float, bytes, dict[str, str]]:
    """One request; seconds, body and headers. Raises WrongAnswer."""
    line = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    started = time.perf_counter()
    line.request(ask.method, ask.path, ask.body.encode() if ask.body else None, ask.headers)
    answer = line.getresponse()
    body = answer.read()
    taken = time.perf_counter() - started
    if connection is None:
        line.close()
    if answer.status not in ask.status:
        raise WrongAnswer(f"{ask.path}: {answer.status} {body[:200]!r}")
    text = body.decode("utf-8", "replace")
    for wanted in ask.expect:
        if wanted not in text:
            raise WrongAnswer(f"{ask.path}: {wanted!r} isn't in the answer")
    return taken, body, {key.lower(): value for key, value in answer.getheaders()}


def measure(
    port: int, asks: Callable[[int], Ask], times: int, clients: int = 1, warm: int = 4
) -> Timing:
    """`asks(n)` gives the n-th request. Each client asks `times` times."""
    taken: list[float] = []
    wrong: list[str] = []
    sizes: list[int] = [0]
    lock = threading.Lock()

    def client(number: int) -> None:
        for turn in range(-warm, times):
            try:
                seconds, body, _ = once(port, asks(number * times + max(turn, 0)))
            except (WrongAnswer, OSError, http.client.HTTPException) as error:
                with lock:
                    wrong.append(str(error)[:300])
                continue
            if turn >= 0:
                with lock:
                    taken.append(seconds * 1000)
                    sizes[0] = len(body)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not taken:
        return Timing(float("nan"), float("nan"), 0, len(wrong), wrong[0] if wrong else "")
    return Timing(
        statistics.median(taken),
        percentile(taken, 0.95),
        sizes[0],
        len(wrong),
        wrong[0] if wrong else "",
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def wait_for(port: int, seconds: float = 60) -> float:
    """Seconds until the port answers HTTP."""
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/healthz")
            line.getresponse().read()
            return time.perf_counter() - started
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"nothing answers on port {port}")
