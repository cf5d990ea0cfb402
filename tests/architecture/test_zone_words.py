"""Nothing in app/ knows the shipped zone: its keys and its names stand in its own files only.

A word is the zone's when the shipped files use it as a key of an entity, role, dictionary, workflow,
state or transition, unless it is also

- a word of the language itself: what app/manifest/model spells, which is where the language's words live; or
- a key of an unrelated site in tests/sites: a word that a library or a hospital uses too (`closed`) says
  nothing about the zone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from tests.architecture.sources import APP, ROOT, Module, app_modules, module, told

WORD = re.compile(r"[a-z][a-z0-9_]*")
BACKQUOTED = re.compile(r"`([^`\n]+)`")
QUOTED = re.compile(r"""(["'`])((?:(?!\1)[^\\\n])+)\1""")
PAGES = ("*.html", "*.js", "*.css", "*.txt", "*.xml", "*.po")
HAN = re.compile(r"[\u4e00-\u9fff]")
LABEL_CHARACTERS = 4  # 企业 may stand anywhere; a name of four characters is somebody's


def written(file: Path) -> dict[str, object]:
    if not file.exists():
        return {}
    # Not the product's reader: this only wants keys, and BaseLoader leaves `on` and `no` alone.
    content = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    return content if isinstance(content, dict) else {}


def named(site: Path) -> Iterator[tuple[str, object]]:
    """Each key that names something of the site, with what is said about it."""
    for file in sorted(site.glob("catalogs/**/*.yaml")):
        yield file.stem, written(file)
    for section in ("roles", "dictionaries"):
        yield from mapping(written(site / f"config/{section}.yaml").get(section)).items()
    for key, workflow in mapping(written(site / "workflows.yaml").get("workflows")).items():
        yield key, workflow
        yield from mapping(mapping(workflow).get("states")).items()
        yield from mapping(mapping(workflow).get("transitions")).items()


def mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


@cache
def words_of_the_language() -> frozenset[str]:
    words = set()
    for file in sorted((APP / "manifest/model").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                words.add(node.target.id)
    return frozenset(words)


@cache
def words_of_other_sites() -> frozenset[str]:
    sites = sorted(ROOT.glob("tests/sites/*"))
    return frozenset(key for site in sites for key, _ in named(site))


@cache
def zone_words() -> frozenset[str]:
    keys = frozenset(key for key, _ in named(ROOT))
    return keys - words_of_the_language() - words_of_other_sites()


@cache
def zone_labels() -> frozenset[str]:
    labels = {str(mapping(said).get("label", "")) for _, said in named(ROOT)}
    return frozenset(label for label in labels if len(HAN.findall(label)) >= LABEL_CHARACTERS)


def words_in(text: str) -> set[str]:
    """What a text names: all of a key, path or address; in prose, what stands in backquotes or has `_`."""
    if not re.search(r"\s", text):
        return set(WORD.findall(text))
    quoted = " ".join(BACKQUOTED.findall(text))
    return set(WORD.findall(quoted)) | {word for word in WORD.findall(text) if "_" in word}


def zone_faults(module: Module, words: frozenset[str], labels: frozenset[str]) -> list[str]:
    return [
        module.at(node, f"knows the shipped zone: {known}")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for known in known_in(node.value, words_in(node.value), words, labels)
    ]


def page_faults(path: str, text: str, words: frozenset[str], labels: frozenset[str]) -> list[str]:
    return [
        f"{path}:{number}: knows the shipped zone: {known}"
        for number, line in enumerate(text.splitlines(), 1)
        for known in known_in(
            line, {word for _, q in QUOTED.findall(line) for word in words_in(q)}, words, labels
        )
    ]


def known_in(
    text: str, found: set[str], words: frozenset[str], labels: frozenset[str]
) -> list[str]:
    return sorted(found & words) + sorted(label for label in labels if label in text)


def pages() -> Iterator[Path]:
    for pattern in PAGES:
        yield from (f for f in sorted(APP.rglob(pattern)) if "vendor" not in f.parts)


def test_the_shipped_zone_has_words_of_its_own() -> None:
    assert len(zone_words()) >= 20
    assert len(zone_labels()) >= 10


def test_two_other_sites_say_which_words_are_everybody_s() -> None:
    assert len(sorted(ROOT.glob("tests/sites/*/catalogs"))) >= 2


def test_no_word_of_the_zone_stands_in_the_program() -> None:
    words, labels = zone_words(), zone_labels()
    faults = [fault for module in app_modules() for fault in zone_faults(module, words, labels)]
    assert not faults, told(faults)


def test_no_word_of_the_zone_stands_on_a_page() -> None:
    words, labels = zone_words(), zone_labels()
    faults = [
        fault
        for page in pages()
        for fault in page_faults(
            str(page.relative_to(ROOT)), page.read_text("utf-8"), words, labels
        )
    ]
    assert not faults, told(faults)


WORDS = frozenset({"whistle", "fast_lane", "policy"})
LABELS = frozenset({"企业吹哨台"})


def test_a_word_of_the_zone_is_seen_however_it_is_spelled() -> None:
    for line in (
        'if entity.key == "whistle": ...',
        'redirect("/whistle/list")',
        'watch = "whistle.finish"',
        '"""Rows of `whistle` come first."""',
        '"""The fast_lane is another matter."""',
        'title = f"{n} 企业吹哨台"',
    ):
        assert len(zone_faults(module("app/a.py", line), WORDS, LABELS)) == 1, line
    for line in ("{% if key == 'whistle' %}", "<h2>企业吹哨台</h2>"):
        assert len(page_faults("app/a.html", line, WORDS, LABELS)) == 1, line


def test_plain_english_and_other_keys_are_no_fault() -> None:
    for line in (
        '"""The password policy is told in security.md."""',
        'headers["Content-Security-Policy"] = rule',
        'key = "whistles"',
        'message = "企业不存在"',
    ):
        assert zone_faults(module("app/a.py", line), WORDS, LABELS) == [], line
    assert page_faults("app/a.html", "<p class='policyholder'>the policy</p>", WORDS, LABELS) == []
