"""JSON Schemas (draft-07) for editors, from the same tables of keys that the readers go by.

They help while typing: completion, descriptions, wrong keys. What only the whole site can tell, `check` tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.manifest.read import site_tests
from app.manifest.read.entities import ENTITY
from app.manifest.read.sections import SECTIONS
from app.manifest.shapes import Json, Key, shape_schema

DRAFT = "http://json-schema.org/draft-07/schema#"


def schemas() -> dict[str, Json]:
    """Every kind of file by name: its schema."""
    found: dict[str, Json] = {key.name: _file(key) for key in (*SECTIONS.values(), site_tests.KEY)}
    found["entity"] = {"$schema": DRAFT, "title": "entity", **shape_schema(ENTITY)}
    return found


def as_files() -> Mapping[str, str]:
    """The schemas as files: name → text."""
    return {
        f"{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas().items()
    }


def _file(key: Key[Any]) -> Json:
    return {
        "$schema": DRAFT,
        "title": key.name,
        "type": "object",
        "properties": {key.name: {"description": key.says, **key.kind.schema}},
        "required": [key.name],
        "additionalProperties": False,
    }
