"""REST of a generation comes quickly and goes without a trace; nothing of the framework reaches data by itself."""

from __future__ import annotations

import gc
import time
import weakref
from pathlib import Path
from typing import Any

import pytest
from flask_appbuilder.api import ModelRestApi
from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import class_registry
from sqlalchemy import create_engine

from app.manifest.load import load_site
from app.schema.build import build_schema
from app.screens.api import register_rest
from app.screens.api.records import RecordApi, api_class
from app.screens.api.store import ClosedPath, RecordStore
from app.screens.shell import create_app
from tests.domain.desk import desk_manifest
from tests.screens.site import settings_of

ROOT = Path(__file__).parents[3]


def test_a_generation_that_is_let_go_of_leaves_nothing_behind(tmp_path: Path) -> None:
    engine = create_engine("sqlite://")

    def generation() -> weakref.ref[Any]:
        schema = build_schema(desk_manifest())
        app = create_app(
            desk_manifest(), schema, engine, settings_of(tmp_path), screens=(register_rest,)
        )
        assert app.test_client().get("/api/v1/book/").status_code == 401
        schema.dispose()
        return weakref.ref(app)

    first = generation()
    known = {name: len(classes) for name, classes in class_registry._registry.items()}
    others = [generation() for _ in range(3)]
    gc.collect()
    assert [one() for one in (first, *others)] == [None] * 4
    assert RecordApi.__subclasses__() == []
    assert {name: len(classes) for name, classes in class_registry._registry.items()} == known
    engine.dispose()


def test_the_shipped_site_is_registered_in_half_a_second(tmp_path: Path) -> None:
    manifest = load_site(ROOT).manifest
    assert manifest is not None
    engine, schema = create_engine("sqlite://"), build_schema(manifest)
    used: list[float] = []

    def timed(builder: Any) -> None:
        began = time.process_time()
        register_rest(builder)
        used.append(time.process_time() - began)

    create_app(manifest, schema, engine, settings_of(tmp_path), screens=(timed,))
    assert used[0] < 0.6
    schema.dispose()
    engine.dispose()


def test_each_rest_class_is_one_of_the_framework_s(tmp_path: Path) -> None:
    made = api_class(desk_manifest().entities["book"])
    assert issubclass(made, ModelRestApi)
    assert made.csrf_exempt is False


DATA = sorted(
    name
    for name in dir(SQLAInterface)
    if name
    in (
        "query",
        "get",
        "add",
        "edit",
        "delete",
        "add_all",
        "delete_all",
        "get_all",
        "query_count",
        "session",
    )
    or name.startswith("query_")
    or name in ("get_related_obj", "get_related_interface")
)


@pytest.mark.parametrize("name", DATA)
def test_the_framework_s_own_ways_to_the_data_are_closed(name: str) -> None:
    store = RecordStore(desk_manifest().entities["book"])
    with pytest.raises(ClosedPath):
        getattr(store, name)(1)
