"""JSON Schemas say what the readers read: committed, valid, in Chinese, and every shipped file keeps to them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from app.manifest.files import CONFIG_FILES
from app.manifest.json_schema import as_files, schemas

ROOT = Path(__file__).parents[2]
SITES = [ROOT, ROOT / "tests/manifests", *sorted((ROOT / "tests/sites").glob("*/"))]
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")


def shipped() -> Iterator[tuple[str, Path]]:
    """Every file of every site in the repository, with the name of its schema."""
    for site in SITES:
        for name in CONFIG_FILES:
            yield name, site / f"config/{name}.yaml"
        yield "workflows", site / "workflows.yaml"
        for path in sorted(site.glob("catalogs/**/*.yaml")):
            yield "entity", path
        tests = [*site.glob("tests/*.yaml"), *site.glob("tests/zone/*.yaml")]
        yield from (("tests", path) for path in sorted(tests))


FILES = [(name, path) for name, path in shipped() if path.is_file()]


def test_the_committed_schemas_are_those_of_the_readers() -> None:
    committed = {path.name: path.read_text("utf-8") for path in (ROOT / "schemas").iterdir()}
    assert committed == as_files(), "run `budayang schema`"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_valid_draft_7(name: str) -> None:
    Draft7Validator.check_schema(schemas()[name])


def descriptions(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, inner in schema.get("properties", {}).items():
            yield inner.get("description", f"{key} has none")
        for inner in schema.values():
            yield from descriptions(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from descriptions(inner)


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_key_is_described_in_chinese(name: str) -> None:
    told = list(descriptions(schemas()[name]))
    assert told
    assert [text for text in told if not re.search(r"[\u4e00-\u9fff]", text)] == []


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_shipped_file_keeps_to_its_schema(name: str) -> None:
    files = [str(path) for kind, path in FILES if kind == name]
    assert files
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        f"schemas/{name}.schema.json",
        *files,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_file_with_a_wrong_key_does_not(tmp_path: Path) -> None:
    wrong = tmp_path / "a.yaml"
    wrong.write_text("entity: a\nlabel: 甲\nfieds: {}\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        "schemas/entity.schema.json",
        str(wrong),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "fieds" in done.stdout


def test_every_file_of_the_shipped_site_names_its_schema_to_editors() -> None:
    own = [(name, path) for name, path in FILES if path.relative_to(ROOT).parts[0] != "tests"]
    assert len(own) > 10
    for name, path in own:
        line = path.read_text("utf-8").partition("\n")[0]
        match = MODELINE.match(line)
        assert match is not None, f"{path}: {line}"
        assert (path.parent / match[1]).resolve() == ROOT / f"schemas/{name}.schema.json", path
