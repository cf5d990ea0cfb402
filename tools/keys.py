"""The tables of docs/keys.md: one for each mapping that a site's files may hold."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import app.manifest.read
from app.manifest.files import CONFIG_FILES
from app.manifest.json_schema import schemas
from app.manifest.said import Key, Shape

Schema = dict[str, Any]
FILES = {
    **{name: f"config/{name}.yaml" for name in CONFIG_FILES},
    "workflows": "workflows.yaml",
    "entity": "catalogs/**.yaml",
    "tests": "tests/**.yaml",
}


def keys_tables() -> Iterator[str]:
    """Headings and tables, file by file."""
    written = ways_of_writing()
    for name, schema in sorted(schemas().items(), key=lambda one: list(FILES).index(one[0])):
        yield f"## `{FILES[name]}`"
        seen: dict[str, str] = {}
        for path, mapping in mappings("", schema):
            same = seen.setdefault(json.dumps(mapping, sort_keys=True), path)
            if same != path:
                yield f"### `{path}`\n\n与 `{same}` 相同。"
            else:
                yield (f"### `{path}`\n\n" if path else "") + table(path, mapping, written)


def ways_of_writing() -> dict[tuple[str, str], str]:
    """How a key's value is written, by the key's name and description."""
    found: dict[tuple[str, str], str] = {}
    for module in pkgutil.iter_modules(app.manifest.read.__path__):
        for value in vars(importlib.import_module(f"app.manifest.read.{module.name}")).values():
            keys = value.keys if isinstance(value, Shape) else (value,)
            for key in keys:
                if isinstance(key, Key):
                    found[key.name, key.says] = key.kind.says
    return found


def mappings(path: str, schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Every mapping with keys of its own at or under a place of a file, by its path."""
    if "properties" in schema:
        yield path, schema
        for name, inner in schema["properties"].items():
            yield from mappings(f"{path}.{name}".lstrip("."), inner)
    for inner in schema.get("patternProperties", {}).values():
        yield from mappings(f"{path}.…", inner)
    if isinstance(schema.get("items"), dict):
        yield from mappings(f"{path}[]", schema["items"])
    for inner in schema.get("anyOf", ()):
        yield from mappings(path, inner)


def table(path: str, mapping: Schema, written: dict[tuple[str, str], str]) -> str:
    """The keys of one mapping."""
    lines = ["| 键 | 说明 | 写法 |", "|---|---|---|"]
    needed = mapping.get("required", ())
    for name, inner in mapping["properties"].items():
        shown = f"**`{name}`**" if name in needed else f"`{name}`"
        says = inner.get("description", "")
        below = next(mappings(f"{path}.{name}".lstrip("."), inner), None)
        way = f"见 `{below[0]}`" if below else cell(written.get((name, says), ""))
        lines.append(f"| {shown} | {cell(says)} | {way} |")
    return "\n".join(lines)


def cell(text: str) -> str:
    """Text inside a table: one line, and nothing that would be read as markup."""
    return re.sub(r"([|<>*_\[\]])", r"\\\1", " ".join(text.split()))
