"""Whatever is done to a good site's files: problems with places, or a manifest; never an exception."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.cli.report import as_json, told
from app.manifest.load import Loaded, load_files
from tests.manifest.examples import base_files, loaded, written_examples

pytestmark = pytest.mark.slow

FILES = base_files()
# The good examples use every section; one of them is laid over the base before it is spoilt.
LAID_OVER = [example for example in written_examples("good") if not example.removed]
SPLINTERS = [
    *"[]{}:,-?&*!|>%@`'\"#~ \t\n\r\x00\u202e\ufeff：，。é😀",
    ": ", "- ", "{}", "[]", "[[", "yes", "no", "null", "1.5h", "5WD", "2h30m", "-1", "99999999999999999999",
    "2026-02-30", "24:00-00:00", "now", "today", "me", "my.department", "count of request where (", "same ",
    "is", "in [a, b]", "otherwise", "request", "request.phone", "created_by", "id", "state", "system", "case.finish",
    "100% - 7h", "{year}{seq:4}", "&a", "*a", "<<", "!!python/object/apply:os.system", "---", "...", "%YAML 1.2",
]  # fmt: skip
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def hold(site: Loaded) -> None:
    """The promise: a manifest exactly where nothing is wrong, and every problem can be shown."""
    assert (site.manifest is None) == bool(site.problems)
    for problem in (*site.problems, *site.notices):
        assert re.fullmatch(r"[A-Z]{3}\d{3}", problem.id)
        assert problem.message
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        lines = site.lines.get(problem.place.file)
        assert lines is None or problem.place.line <= max(1, len(lines))
        told(problem, site.lines).encode("utf-8")
    as_json(site.problems).encode("utf-8")


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, bytes]:
    files = {**FILES, **draw(st.sampled_from(LAID_OVER)).files}
    path = draw(st.sampled_from(sorted(files)))
    lines = files[path].decode("utf-8").splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 4))):
        lines = draw(st.sampled_from(HARMS))(draw, lines)
    files[path] = "".join(lines).encode("utf-8", "surrogatepass")
    return files


def _at(draw: st.DrawFn, lines: list[str]) -> int:
    return draw(st.integers(0, max(0, len(lines) - 1)))


def drop(draw: st.DrawFn, lines: list[str]) -> list[str]:
    at = _at(draw, lines)
    return lines[:at] + lines[at + 1 :]


def double(draw: st.DrawFn, lines: list[str]) -> list[str]:
    at = _at(draw, lines)
    return lines[: at + 1] + lines[at:]


def shift(draw: st.DrawFn, lines: list[str]) -> list[str]:
    at = _at(draw, lines)
    indent = draw(st.integers(0, 8))
    return [
        *lines[:at],
        *(" " * indent + line.lstrip(" ") for line in lines[at : at + 1]),
        *lines[at + 1 :],
    ]


def splinter(draw: st.DrawFn, lines: list[str]) -> list[str]:
    text = "".join(lines)
    at = draw(st.integers(0, len(text)))
    gone = draw(st.integers(0, 6))
    return (text[:at] + draw(st.sampled_from(SPLINTERS)) + text[at + gone :]).splitlines(
        keepends=True
    )


def exchange(draw: st.DrawFn, lines: list[str]) -> list[str]:
    """A word for another word of the file or a splinter: the form stays, the meaning goes."""
    text = "".join(lines)
    words = list(re.finditer(r"[\w.%-]+", text))
    if not words:
        return lines
    one = draw(st.sampled_from(words))
    other = draw(st.sampled_from([*(w[0] for w in words), *SPLINTERS]))
    return (text[: one.start()] + other + text[one.end() :]).splitlines(keepends=True)


def cut(draw: st.DrawFn, lines: list[str]) -> list[str]:
    text = "".join(lines)
    return text[: draw(st.integers(0, len(text)))].splitlines(keepends=True)


HARMS = [drop, double, shift, splinter, exchange, exchange, exchange, cut]


@SETTINGS
@given(spoilt())
def test_a_spoilt_site_is_told_about_never_stumbled_over(files: dict[str, bytes]) -> None:
    hold(load_files(files))


@SETTINGS
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=400))
def test_any_bytes_may_stand_in_a_file(path: str, content: bytes) -> None:
    hold(load_files({**FILES, path: content}))


@SETTINGS
@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_byte_may_be_another(path: str, data: st.DataObject) -> None:
    content = bytearray(FILES[path])
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    hold(load_files({**FILES, path: bytes(content)}))


def test_the_promise_holds_for_every_example() -> None:
    for example in (*written_examples("bad"), *written_examples("good")):
        hold(loaded(example))
