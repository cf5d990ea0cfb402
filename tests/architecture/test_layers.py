"""Imports only point down, and each outside library is known only where it belongs."""

from __future__ import annotations

import pytest

from tests.architecture.sources import Module, app_modules, imports, module, told, within

# From top to bottom. A layer imports from those below it; the packages of one line are
# siblings and don't know each other. A module of app/ that isn't named here is ground:
# everybody may import it, and it imports nothing but other ground.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("app.cli",),
    ("app.switchboard",),
    ("app.site",),
    ("app.screens",),
    ("app.domain", "app.release"),
    ("app.schema",),
    ("app.manifest",),
    ("app.condition",),
)
GROUND = len(LAYERS)

WEB = ("app.cli", "app.screens", "app.site", "app.switchboard")
DATABASE = (
    "app.cli",
    "app.condition.sql",
    "app.domain",
    "app.release",
    "app.schema",
    "app.screens",
    "app.site",
    "app.switchboard",
)
# Which part of the program may know which library; libraries not named here are open to all.
KNOWN_ONLY_IN: dict[str, tuple[str, ...]] = {
    "flask": WEB,
    "flask_appbuilder": ("app.screens", "app.site"),
    "flask_babel": ("app.screens", "app.site"),
    "flask_jwt_extended": ("app.screens", "app.site"),
    "flask_login": ("app.screens", "app.site"),
    "flask_limiter": ("app.screens", "app.site"),
    "flask_wtf": ("app.screens", "app.site"),
    "jinja2": ("app.screens", "app.site"),
    "marshmallow": ("app.screens",),
    "marshmallow_sqlalchemy": ("app.screens",),
    "werkzeug": WEB,
    "wtforms": ("app.screens",),
    "sqlalchemy": DATABASE,
    "psycopg": DATABASE,
    "alembic": ("app.release", "app.schema"),
    "yaml": ("app.manifest", "app.release", "app.cli"),
    "click": ("app.cli",),
    "rich": ("app.cli",),
}


def layer_of(name: str) -> int:
    for depth, packages in enumerate(LAYERS):
        if any(within(name, package) for package in packages):
            return depth
    return GROUND


def package_of(name: str) -> str:
    return ".".join(name.split(".")[:2])


def layering_faults(module: Module) -> list[str]:
    own = layer_of(module.name)
    faults = []
    for name, node in imports(module):
        if not within(name, "app") or package_of(name) == package_of(module.name):
            continue
        if name == "app.__version__":
            continue
        other = layer_of(name)
        if other < own:
            faults.append(module.at(node, f"{module.name} imports upwards: {name}"))
        elif other == own != GROUND:
            faults.append(module.at(node, f"{module.name} imports its sibling {name}"))
    return faults


def library_faults(module: Module) -> list[str]:
    return [
        module.at(node, f"{library} is not for {module.name}, only for {', '.join(allowed)}")
        for name, node in imports(module)
        for library, allowed in KNOWN_ONLY_IN.items()
        if within(name, library) and not any(within(module.name, a) for a in allowed)
    ]


def test_imports_only_point_down() -> None:
    faults = [fault for module in app_modules() for fault in layering_faults(module)]
    assert not faults, told(faults)


def test_a_library_is_known_only_where_it_belongs() -> None:
    faults = [fault for module in app_modules() for fault in library_faults(module)]
    assert not faults, told(faults)


def test_every_layer_that_is_ruled_exists() -> None:
    names = {module.name for module in app_modules()}
    ruled = {p for packages in (*LAYERS, *KNOWN_ONLY_IN.values()) for p in packages}
    assert ruled <= names, f"rules for what isn't there: {sorted(ruled - names)}"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/condition/parse.py", "from app.manifest.model.values import Duration"),
        ("app/domain/access.py", "from app.release import plan"),
        ("app/domain/access.py", "def late():\n    from app.screens.forms import Form"),
        ("app/schema/build.py", "import app.domain.records"),
        ("app/place.py", "from app.manifest import load"),
        ("app/place.py", "from app import manifest"),
    ],
)
def test_an_import_upwards_or_sideways_is_seen(path: str, line: str) -> None:
    assert len(layering_faults(module(path, line))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/manifest/load.py", "from app.condition.parse import parse"),
        ("app/screens/pages.py", "from app.domain import records"),
        ("app/domain/access.py", "from app.domain.context import Context"),
        ("app/condition/parse.py", "from app.place import Place"),
        ("app/cli.py", "from app import __version__"),
    ],
)
def test_an_import_downwards_is_no_fault(path: str, line: str) -> None:
    assert layering_faults(module(path, line)) == []


def test_a_library_out_of_place_is_seen() -> None:
    line = "from flask import request"
    assert len(library_faults(module("app/domain/access.py", line))) == 1
    assert library_faults(module("app/screens/pages.py", line)) == []
    line = "from sqlalchemy.sql import and_"
    assert len(library_faults(module("app/condition/predicate.py", line))) == 1
    assert library_faults(module("app/condition/sql.py", line)) == []
