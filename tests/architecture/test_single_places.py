"""Some things happen in one place only: reading the environment, reading the clock, swallowing an error."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.architecture.sources import Module, app_modules, imports, module, told, within

READS_ENVIRONMENT = ("app.settings",)
SWALLOWS_ERRORS = ("app.cli", "app.switchboard", "app.worker")
# Everything that decides something gets `now` from its Context, so a test or a replay can choose it.
TOLD_THE_TIME = ("app.condition", "app.manifest", "app.schema", "app.release", "app.domain")

OF_THE_ENVIRONMENT = {"environ", "environb", "getenv", "putenv", "unsetenv"}
CLOCKS = {"now", "utcnow", "today"}


def environment_faults(module: Module) -> list[str]:
    if any(within(module.name, allowed) for allowed in READS_ENVIRONMENT):
        return []
    used = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in OF_THE_ENVIRONMENT
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    imported = [n for name, n in imports(module) if name.removeprefix("os.") in OF_THE_ENVIRONMENT]
    return [module.at(n, "reads the environment; ask app.settings") for n in (*used, *imported)]


def swallowing_faults(module: Module) -> list[str]:
    if any(within(module.name, allowed) for allowed in SWALLOWS_ERRORS):
        return []
    return [
        module.at(node, "catches every error and lets it go; name the errors that are expected")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler) and catches_all(node.type) and not passes_on(node)
    ]


def catches_all(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(catches_all(one) for one in caught.elts)
    return caught is None or (
        isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"}
    )


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Cleaning up and raising again is not swallowing."""
    return isinstance(handler.body[-1], ast.Raise)


def clock_faults(module: Module) -> list[str]:
    if not any(within(module.name, told) for told in TOLD_THE_TIME):
        return []
    return [
        module.at(node, "reads the clock; take `now` from the Context")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            (node.func.attr in CLOCKS and names(node.func.value) & {"datetime", "date"})
            or (node.func.attr in {"time", "time_ns"} and names(node.func.value) == {"time"})
        )
    ]


def names(expression: ast.expr) -> set[str]:
    """`datetime` of both `datetime.now` and `datetime.datetime.now`."""
    if isinstance(expression, ast.Name):
        return {expression.id}
    return {expression.attr} if isinstance(expression, ast.Attribute) else set()


@pytest.mark.parametrize("rule", [environment_faults, swallowing_faults, clock_faults])
def test_the_program_keeps_the_rule(rule: Callable[[Module], list[str]]) -> None:
    faults = [fault for module in app_modules() for fault in rule(module)]
    assert not faults, told(faults)


@pytest.mark.parametrize(
    "line",
    ["import os\nx = os.environ['A']", "import os\nx = os.getenv('A')", "from os import environ"],
)
def test_a_look_at_the_environment_is_seen(line: str) -> None:
    assert len(environment_faults(module("app/domain/a.py", line))) == 1
    assert environment_faults(module("app/settings.py", line)) == []


@pytest.mark.parametrize("caught", ["", "Exception", "BaseException", "(ValueError, Exception)"])
def test_a_swallowed_error_is_seen(caught: str) -> None:
    line = f"try:\n    f()\nexcept {caught}:\n    log()"
    assert len(swallowing_faults(module("app/domain/a.py", line))) == 1
    assert swallowing_faults(module("app/worker.py", line)) == []
    assert swallowing_faults(module("app/domain/a.py", line + "\n    raise")) == []


def test_a_named_error_may_be_caught() -> None:
    line = "try:\n    f()\nexcept (ValueError, KeyError):\n    pass"
    assert swallowing_faults(module("app/domain/a.py", line)) == []


@pytest.mark.parametrize(
    "call", ["datetime.now(UTC)", "datetime.datetime.now()", "date.today()", "time.time()"]
)
def test_a_look_at_the_clock_is_seen(call: str) -> None:
    assert len(clock_faults(module("app/domain/a.py", call))) == 1
    assert clock_faults(module("app/worker.py", call)) == []
    assert clock_faults(module("app/domain/a.py", "context.now.date()")) == []
