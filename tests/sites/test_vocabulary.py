"""Every key of the language is used: in the library, in the repair desk, or in the shipped zone.

A key that no real file needs is a key that nobody has tried.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

import app.manifest.read
from app.manifest.drafts import read_drafts
from app.manifest.files import site_files
from app.manifest.link import Linking
from app.manifest.load import load_site
from app.manifest.model.fields import FieldType
from app.manifest.model.manifest import Manifest
from app.manifest.problems import Findings
from app.manifest.said import Named, Placed, Said, Shape, Table

ROOT = Path(__file__).parents[2]
FOREIGN = {name: Path(__file__).parent / name for name in ("library", "repair")}
SITES = {**FOREIGN, "zone": ROOT}
LONGEST = 460  # lines: a site that is read in one sitting
UseOf = tuple[str, str]


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_site_has_no_problems(name: str) -> None:
    loaded = load_site(FOREIGN[name], today=date(2026, 3, 2))
    assert [f"{p.place}: {p.id} {p.message}" for p in loaded.problems] == []
    assert loaded.manifest is not None
    assert loaded.manifest.site.locale == "en"


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_site_can_be_read_in_one_sitting(name: str) -> None:
    lines = sum(len(p.read_text("utf-8").splitlines()) for p in FOREIGN[name].rglob("*.yaml"))
    assert lines <= LONGEST


@pytest.mark.parametrize("name", FOREIGN)
def test_an_english_site_calls_the_platform_s_own_fields_in_english(name: str) -> None:
    labels = {
        (field.key, word)
        for entity in _manifest(FOREIGN[name]).entities.values()
        for field in entity.system.values()
        for word in (field.label, *(choice.label for choice in field.choices))
    }
    assert sorted(label for label in labels if not label[1].isascii()) == []


def test_every_key_of_the_language_is_used_somewhere() -> None:
    used = {use for folder in SITES.values() for use in _uses(folder)}
    assert sorted(_language() - used) == []


def test_every_field_type_is_used_in_a_foreign_site() -> None:
    types = {
        field.type
        for folder in FOREIGN.values()
        for entity in _manifest(folder).entities.values()
        for field in entity.fields.values()
    }
    assert types == set(FieldType)


def test_a_key_nobody_uses_would_be_noticed() -> None:
    """The list of keys and the list of uses speak of the same things."""
    uses = set(_uses(FOREIGN["library"]))
    assert uses <= _language() | {use for use in uses if use[0].endswith(".yaml ")}
    assert _language() - uses, "one site alone doesn't use every key"


def _manifest(folder: Path) -> Manifest:
    manifest = load_site(folder).manifest
    assert manifest is not None, f"{folder.name} has problems"
    return manifest


def _language() -> set[UseOf]:
    """Every key of every shape that a reader declares."""
    shapes: dict[int, Shape] = {}
    for found in pkgutil.walk_packages(app.manifest.read.__path__, "app.manifest.read."):
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            if isinstance(value, Shape):
                shapes[id(value)] = value
    return {(shape.says, key.name) for shape in shapes.values() for key in shape.keys}


def _uses(folder: Path) -> Iterator[UseOf]:
    """Every key that a site's files write, with the shape in which it stands."""
    link = Linking(Findings())
    read_drafts(site_files(folder, link.found), link)
    yield from _said_in(_vars_of(link.drafts))


def _vars_of(slotted: object) -> list[object]:
    return [getattr(slotted, name) for name in type(slotted).__slots__]  # type: ignore[attr-defined]


def _said_in(value: object) -> Iterator[UseOf]:
    if isinstance(value, Said):
        for key in value.key_places:
            yield value.shape.says, key
        yield from _said_in(value.values)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _said_in(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _said_in(one)
    elif isinstance(value, Named | Placed | Table):
        yield from _said_in(_vars_of(value))
