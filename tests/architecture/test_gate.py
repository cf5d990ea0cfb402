"""Rows of entities are read and written past one gate: above the schema, few modules touch their tables.

An entity's table or model is got from the schema (`context.schema.tables[...]`). Who holds one can write a
query that forgets row scopes and private fields, so only the modules named here may; everybody else asks them.
The platform's own tables are got otherwise and are nobody's secret.
"""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import Module, app_modules, module, told, within

# How an entity's table is got from a schema.
FROM_THE_SCHEMA = {"tables", "models", "table", "model"}
# Who may. The schema itself and the release, which changes tables, lie beneath the gate.
MAY_TOUCH_ROWS = (
    "app.domain.access",
    "app.domain.facts",
    "app.domain.records",
    "app.domain.queries",
)
ABOVE_THE_GATE = (
    "app.domain",
    "app.screens",
    "app.site",
    "app.worker",
    "app.switchboard",
    "app.cli",
)


def is_schema(expression: ast.expr) -> bool:
    """`schema` or `anything.schema`."""
    if isinstance(expression, ast.Name):
        return expression.id == "schema"
    return isinstance(expression, ast.Attribute) and expression.attr == "schema"


def touches(module: Module) -> list[ast.Attribute]:
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in FROM_THE_SCHEMA
        and is_schema(node.value)
    ]


def gate_faults(module: Module) -> list[str]:
    if not any(within(module.name, package) for package in ABOVE_THE_GATE):
        return []
    if any(within(module.name, allowed) for allowed in MAY_TOUCH_ROWS):
        return []
    return [
        module.at(node, f"touches an entity's table; ask {', '.join(MAY_TOUCH_ROWS)}")
        for node in touches(module)
    ]


def test_rows_are_touched_only_behind_the_gate() -> None:
    faults = [fault for module in app_modules() for fault in gate_faults(module)]
    assert not faults, told(faults)


def test_the_modules_behind_the_gate_get_tables_as_this_test_believes() -> None:
    """Were tables got by another name, the rule above would see nothing and hold for nothing."""
    behind = [
        m for m in app_modules() if any(within(m.name, allowed) for allowed in MAY_TOUCH_ROWS)
    ]
    assert any(touches(module) for module in behind)


@pytest.mark.parametrize(
    "line",
    [
        "select(context.schema.tables['a'])",
        "session.get(site.schema.model('a'), 1)",
        "def f(schema):\n    return schema.models",
    ],
)
def test_a_touch_from_elsewhere_is_seen(line: str) -> None:
    assert len(gate_faults(module("app/screens/a.py", line))) == 1
    assert len(gate_faults(module("app/domain/booking.py", line))) == 1
    assert gate_faults(module("app/domain/records.py", line)) == []
    assert gate_faults(module("app/release/apply.py", line)) == []


def test_the_platform_s_own_tables_are_no_fault() -> None:
    line = "select(context.schema.platform.history)"
    assert gate_faults(module("app/domain/history.py", line)) == []
