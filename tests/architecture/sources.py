"""The program's own source, parsed once, and the sentence in which a broken rule is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"


@dataclass(frozen=True)
class Module:
    """A Python file of the program. `path` is relative to the repository, `name` is what is imported."""

    path: str
    name: str
    text: str
    tree: ast.Module

    def at(self, node: ast.AST, fault: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {fault}"


def module(path: str, text: str) -> Module:
    """A module as the rules see it; tests of the rules make their own."""
    parts = Path(path).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(path, name, text, ast.parse(text))


@cache
def app_modules() -> tuple[Module, ...]:
    files = sorted(APP.rglob("*.py"))
    assert files, "no program to look at"
    return tuple(module(str(f.relative_to(ROOT)), f.read_text("utf-8")) for f in files)


def imports(module: Module) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that this one imports, those inside functions and for types only included.

    `from app.manifest import load` names `app.manifest.load`: a name is as deep as it is written.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def told(faults: list[str]) -> str:
    return "\n" + "\n".join(faults)
