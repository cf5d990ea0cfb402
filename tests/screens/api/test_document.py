"""The interface documents itself: valid OpenAPI, in Chinese, of what the caller may read and do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from app.manifest.load import load_site
from app.manifest.model.manifest import Manifest
from app.manifest.model.roles import VERBS
from app.screens.api.document import make_document
from tests.screens.api.served import Served

ROOT = Path(__file__).parents[3]
SITES = (ROOT, ROOT / "tests/sites/library", ROOT / "tests/sites/repair")


@cache
def site(folder: Path) -> Manifest:
    manifest = load_site(folder).manifest
    assert manifest is not None
    return manifest


def document_of(manifest: Manifest) -> dict[str, Any]:
    return make_document(
        manifest, frozenset((key, verb) for key in manifest.entities for verb in VERBS)
    )


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_the_document_of_each_site_is_valid(folder: Path) -> None:
    manifest = site(folder)
    document = document_of(manifest)
    validate(document)
    for key in manifest.entities:
        assert set(document["paths"][f"/api/v1/{key}/"]) == {"get", "post"}
        assert set(document["paths"][f"/api/v1/{key}/{{pk}}"]) == {
            "get",
            "put",
            "delete",
            "parameters",
        }


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
def test_every_example_and_default_fits_its_schema(folder: Path) -> None:
    document = document_of(site(folder))
    for schema in _schemas(document["components"]["schemas"]):
        for shown in (
            *schema.get("examples", ()),
            *([schema["default"]] if "default" in schema else ()),
        ):
            errors = list(_validator(document, schema).iter_errors(shown))
            assert not errors, (schema, shown, errors)


def _schemas(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if isinstance(part.get("examples"), list):
            yield part
        for inner in part.values():
            yield from _schemas(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _schemas(inner)


def _validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]})


def test_it_says_what_the_caller_may_read_and_do(stocked: Served) -> None:
    head = stocked.as_("head").get("_openapi").json
    validate(head)
    assert "/api/v1/loan/related/member" in head["paths"]
    north = stocked.as_("north").get("_openapi").json
    assert set(north["paths"]["/api/v1/book/"]) == {"get"}
    assert set(north["paths"]["/api/v1/member/{pk}"]) == {"get", "put", "parameters"}
    assert "book.new" not in north["components"]["schemas"]
    guest = stocked.as_("guest").get("_openapi")
    validate(guest.json)
    assert "member" not in guest.json["components"]["schemas"]
    assert "/api/v1/member/" not in guest.text
    nobody = stocked.as_("nobody").get("_openapi").json
    assert {path.split("/")[3] for path in nobody["paths"]} == {"security"}


def test_it_says_types_choices_and_what_is_required(stocked: Served) -> None:
    schemas = stocked.as_("head").get("_openapi").json["components"]["schemas"]
    new = schemas["member.new"]
    assert (new["required"], new["additionalProperties"]) == (["name", "branch"], False)
    assert new["properties"]["channel"]["anyOf"][0]["enum"] == ["desk", "phone"], "fax is retired"
    assert schemas["member"]["properties"]["channel"]["anyOf"][0]["enum"] == [
        "desk",
        "phone",
        "fax",
    ]
    assert new["properties"]["branch"]["title"] == "所属馆"
    assert schemas["member"]["properties"]["version"]["readOnly"] is True
    assert "version" in schemas["member.change"]["properties"]
    assert "created_by" not in new["properties"]


@pytest.mark.parametrize("who", ["head", "north"])
def test_what_is_answered_fits_what_is_said(stocked: Served, who: str) -> None:
    """Masked values included: north sees no phone of those whom head made."""
    program = stocked.as_(who)
    document = program.get("_openapi").json
    for entity in ("book", "member", "loan"):
        validator = _validator(document, {"$ref": f"#/components/schemas/{entity}"})
        rows = program.rows(f"{entity}/", "(page_size:5)")
        whole = [program.get(f"{entity}/{row['id']}").json["result"] for row in rows[:2]]
        for record in (*rows, *whole):
            errors = list(validator.iter_errors(record))
            assert not errors, (entity, record, errors[0])
