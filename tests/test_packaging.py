"""What is installed is what was tested: every dependency pinned, every file of the program in the package."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NOT_INSTALLED = {".py", ".pyc"}


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return dict(pin(line) for line in lines if not line.startswith("#"))


def pin(line: str) -> tuple[str, str]:
    """Name and version of `name==version`; anything beside them (a hash, an address) is refused."""
    match = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!+]+)", line)
    if match is None:
        raise ValueError(f"not a plain pin: {line}")
    return canonicalize_name(match[1]), match[2]


def requirements() -> list[Requirement]:
    project = PROJECT["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    return [Requirement(one) for one in named]


def test_every_dependency_is_pinned_within_its_range() -> None:
    pinned = pins()
    for wanted in requirements():
        version = pinned[canonicalize_name(wanted.name)]
        assert wanted.specifier.contains(version), f"{wanted} is pinned to {version}"


@pytest.mark.parametrize(
    "line",
    ["flask>=3", "flask==3.1 --hash=sha256:00", "flask @ https://example.org/flask.whl", "-i x"],
)
def test_a_pin_is_a_name_and_a_version_and_nothing_else(line: str) -> None:
    with pytest.raises(ValueError, match="not a plain pin"):
        pin(line)


def test_every_file_of_the_program_is_in_the_package() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    packages = [file.parent for file in (ROOT / "app").rglob("__init__.py")]
    shipped = {
        file for package in packages for pattern in patterns for file in package.glob(pattern)
    }
    left_out = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "app").rglob("*")
        if file.is_file() and file.suffix not in NOT_INSTALLED and file not in shipped
    ]
    assert not left_out, "name them under [tool.setuptools.package-data]"


def test_every_folder_with_code_is_a_package() -> None:
    folders = {file.parent for file in (ROOT / "app").rglob("*.py")}
    assert not [str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").exists()]
