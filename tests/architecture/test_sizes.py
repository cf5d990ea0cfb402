"""Beauty is lost in the longest module: no module over 300 lines, no function over 40. No exemptions."""

from __future__ import annotations

import ast

from tests.architecture.sources import Module, app_modules, module, told

MODULE_LINES = 300
FUNCTION_LINES = 40


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines from `def` to the end, without the docstring (a promise told well costs nothing)."""
    first = function.body[0]
    told_in = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) else 0  # type: ignore[operator]
    assert function.end_lineno
    return function.end_lineno - function.lineno + 1 - told_in


def size_faults(module: Module) -> list[str]:
    lines = len(module.text.splitlines())
    faults = [f"{module.path}: {lines} lines"] if lines > MODULE_LINES else []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = length(node)
            if lines > FUNCTION_LINES:
                faults.append(module.at(node, f"{node.name} has {lines} lines"))
    return faults


def test_modules_and_functions_stay_small() -> None:
    faults = [fault for module in app_modules() for fault in size_faults(module)]
    assert not faults, told(faults)


def test_what_is_too_long_is_seen() -> None:
    assert size_faults(module("app/a.py", "x = 1\n" * 300)) == []
    assert size_faults(module("app/a.py", "x = 1\n" * 301)) == ["app/a.py: 301 lines"]
    function = "def f():\n" + "    x = 1\n" * 40
    assert size_faults(module("app/a.py", function)) == ["app/a.py:1: f has 41 lines"]
    documented = 'def f():\n    """One\n    two."""\n' + "    x = 1\n" * 39
    assert size_faults(module("app/a.py", documented)) == []
