"""Files become nodes with exact places; whatever is written stays the text it was."""

from __future__ import annotations

import pytest
import yaml

from app.manifest import source
from app.manifest.problems import Findings
from app.manifest.source import ListNode, MapNode, Node, TextNode, read_source
from tests.manifest.examples import written_examples

SYNTAX = [e for e in written_examples("bad") if e.id.startswith("SRC1")]


def nodes(text: str) -> Node:
    found = Findings()
    read = read_source("a.yaml", text.encode(), found)
    assert found.problems == []
    assert read.root is not None
    return read.root


def scalar(node: Node, *keys: str) -> TextNode:
    for key in keys:
        assert isinstance(node, MapNode)
        inner = node.get(key)
        assert inner is not None
        node = inner
    assert isinstance(node, TextNode)
    return node


@pytest.mark.parametrize(
    "word",
    ["18:00", "on", "no", "0010", "3.10", "~", "null", "2026-01-01", "1e3", "0x1F", "=", "60%"],
)
def test_no_spelling_makes_a_value_anything_but_text(word: str) -> None:
    assert scalar(nodes(f"a: {word}\n"), "a").text == word
    assert scalar(nodes(f"{word}: a\n"), word).text == "a"


def test_places_are_counted_in_characters_from_one() -> None:
    root = nodes("标题: 一\nb:\n  - 名称: { 深: 处 }\n")
    assert isinstance(root, MapNode)
    assert str(root.entries[0].value.place) == "a.yaml:1:5"
    row = root.entries[1].value
    assert isinstance(row, ListNode)
    inner = scalar(row.items[0], "名称", "深")
    assert str(inner.place) == "a.yaml:3:14"
    assert str(inner.owner) == "a.yaml:3:11"


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("a: grade is x", 4),
        ("a: 'grade is x'", 5),
        ('a: "grade is x"', 5),
        ("a: >-\n  grade is x", 4),
    ],
)
def test_a_place_within_a_text_is_told_where_it_can_be(written: str, column: int) -> None:
    node = scalar(nodes(written + "\n"), "a")
    assert node.at(0).column == column
    assert node.at(9).column == (column + 9 if ">" not in written else column)


def test_lines_are_counted_as_the_parser_counts_them() -> None:
    read = read_source("a.yaml", b"a: 1\r\nb: 2\rc: 3\n", Findings())
    assert read.lines == ("a: 1", "b: 2", "c: 3", "")
    assert scalar(read.root or nodes(""), "c").place.line == 3


@pytest.mark.parametrize("example", SYNTAX, ids=lambda e: e.name)
def test_the_parser_written_in_python_tells_the_same(
    example: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> list[tuple[str, int]]:
        found = Findings()
        for path, content in example.files.items():  # type: ignore[attr-defined]
            read_source(path, content, found)
        return [(problem.id, problem.place.line) for problem in found.problems]

    with_c = told()
    monkeypatch.setattr(source, "LOADER", yaml.SafeLoader)
    assert told() == with_c


def test_deep_nesting_is_refused_before_it_costs_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LOADER", yaml.SafeLoader)
    for text in ("[" * 20_000, "{a: " * 20_000, "- " * 20_000):
        found = Findings()
        read_source("a.yaml", text.encode(), found)
        assert [problem.id for problem in found.problems] == ["SRC110"]


def test_billion_laughs_are_refused_at_the_first() -> None:
    text = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(30))
    found = Findings()
    assert read_source("a.yaml", text.encode(), found).root is None
    assert [(problem.id, problem.place.line) for problem in found.problems] == [("SRC112", 1)]
