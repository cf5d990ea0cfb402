"""Every problem has an example that yields it, exactly it, exactly at its line; and a twin that yields nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.condition.faults import CATALOGUE as CONDITIONS
from app.manifest.load import load_files, load_site
from app.manifest.problems import CATALOGUE
from tests.manifest.examples import (
    FOLDER,
    Example,
    base_files,
    loaded,
    read_example,
    told_by,
    written_examples,
)
from tests.manifest.made_examples import MADE, made_example

BAD = list(written_examples("bad"))
GOOD = list(written_examples("good"))


def named(example: Example) -> str:
    return example.name


def test_the_site_under_the_examples_is_good() -> None:
    site = load_site(FOLDER)
    assert site.problems == ()
    assert site.manifest is not None
    assert set(site.manifest.files) == set(base_files())


@pytest.mark.parametrize("example", BAD, ids=named)
def test_a_bad_example_yields_its_problem_at_its_line_and_nothing_else(example: Example) -> None:
    site = loaded(example)
    assert example.told, "the example marks no line with `# expect ID`"
    assert {one.id for one in example.told} == {example.id}
    notices = any(one.kind == "notice" for one in example.told)
    told = told_by(site, notices=notices)
    assert [one for one in told if one.kind == "expect" or one.id == example.id] == example.told
    assert (site.manifest is None) == any(one.kind == "expect" for one in example.told)


@pytest.mark.parametrize("example", GOOD, ids=named)
def test_its_twin_yields_none(example: Example) -> None:
    site = loaded(example)
    assert not example.told
    assert [str(p) for p in site.problems] == []
    assert site.manifest is not None
    assert example.id not in {notice.id for notice in site.notices}


def test_every_bad_example_has_its_twin() -> None:
    assert {e.name for e in BAD} == {e.name for e in GOOD}


@pytest.mark.parametrize("name", sorted(MADE))
def test_what_cannot_be_written_down_is_told_too(name: str, tmp_path: Path) -> None:
    folder, told = made_example(name, tmp_path)
    site = load_site(folder)
    assert told_by(site, notices=False) == [told]
    assert site.manifest is None


def test_too_many_files_are_not_read_FIL108(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.manifest.files.MAX_FILES", 3)
    site = load_site(FOLDER)
    assert "FIL108" in {problem.id for problem in site.problems}
    assert len(site.lines) == 3


def test_of_very_many_problems_the_first_are_told_NTC103() -> None:
    wrong = "".join(f"  k{n}: {{ label: 第{n}, type: wrong }}\n" for n in range(200))
    files = {
        f"catalogs/e{n}.yaml": f"entity: e{n}\nlabel: 第{n}\nfields:\n{wrong}".encode()
        for n in range(4)
    }
    site = load_files({**base_files(), **files})
    assert site.manifest is None
    assert len(site.problems) == 500
    assert [n.message for n in site.notices] == ["问题太多，只列出最先发现的 500 个"]


def test_every_problem_has_an_example() -> None:
    shown = {example.id for example in BAD} | {name[:6] for name in MADE}
    shown |= {"NTC101", "NTC103", "FIL108"}  # tests of their own
    assert shown == set(CATALOGUE) | set(CONDITIONS)


def test_every_message_names_a_remedy_or_ends_in_one() -> None:
    bare = [fault.id for fault in CATALOGUE.values() if "{" not in fault.message and not fault.hint]
    assert bare == []


def test_an_example_without_its_fault_is_seen() -> None:
    healed = read_example("SIT101-x", "# file: config/site.yaml\nsite: { format: 1, name: 名 }\n")
    assert told_by(loaded(healed), notices=False) == []
