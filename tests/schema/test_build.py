"""From a manifest to tables and models, each generation apart from the others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.schema.build import Schema, build_schema
from app.schema.storage import Kind, shape
from tests.factory import (
    create_tables,
    department,
    entity,
    field,
    manifest,
)

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SITE = manifest(
    entity("book", field("name", search=True), field("code", "code", unique=True), title="name"),
    entity(
        "loan",
        field("book", "ref", to="book"),
        field("department", "ref", to="department"),
        field("reader", "ref", to="user"),
        field("also", "refs", to="book"),
        field("scan", "files"),
        field("price", "money"),
        field("old", retired=True),
        order=["-created_at"],
        filter=["state", "department"],
        workflow="lending",
        states=["lent", "back"],
    ),
    departments=[department("north")],
)


def made(engine: Engine) -> Schema:
    schema = build_schema(SITE)
    create_tables(engine, schema)
    return schema


def test_each_field_says_where_it_is_kept() -> None:
    stored = build_schema(SITE).storage["loan"]
    kept = {key: (spot.kind, spot.attribute, spot.relation) for key, spot in stored.items()}
    assert kept["book"] == (Kind.COLUMN, "book_id", "book")
    assert kept["price"] == (Kind.COLUMN, "price", None)
    assert kept["also"] == (Kind.LINKS, "also", None)
    assert kept["scan"] == (Kind.FILES, "scan", None)
    assert kept["state"] == (Kind.COLUMN, "state", None)
    assert kept["created_by"] == (Kind.COLUMN, "created_by_id", "created_by")
    assert kept["old"] == (Kind.COLUMN, "old", None)


def test_every_record_has_the_platform_s_columns() -> None:
    table = build_schema(SITE).tables["book"]
    always = (
        "id",
        "number",
        "created_at",
        "created_by_id",
        "changed_at",
        "changed_by_id",
        "version",
        "retired_at",
    )
    assert set(always) <= set(table.columns.keys())
    assert not table.c.created_at.nullable


def test_no_declared_field_is_not_null() -> None:
    """A server still on the release before knows nothing of it and must be able to save."""
    needed = manifest(entity("book", field("name", required=True)))
    assert build_schema(needed).tables["book"].c.name.nullable


def test_models_reach_what_they_point_to(engine: Engine) -> None:
    schema = made(engine)
    book, loan, place = (schema.models[key] for key in ("book", "loan", "department"))
    stamps = {"created_at": NOW, "changed_at": NOW}
    with Session(engine) as session:
        one, other = book(name="诗经", **stamps), book(name="楚辞", **stamps)
        north = place(key="north", label="北馆", kind="department", position=0)
        session.add_all([one, other, north])
        session.flush()
        session.add(loan(book_id=one.id, department_id=north.id, also=[other, one], **stamps))
        session.commit()
        found = session.scalars(select(loan)).one()
        assert str(found.book) == "诗经"  # type: ignore[attr-defined]
        assert str(found.department) == "北馆"  # type: ignore[attr-defined]
        assert {str(each) for each in found.also} == {"诗经", "楚辞"}  # type: ignore[attr-defined]
        assert found.reader is None  # type: ignore[attr-defined]


def test_a_record_that_moved_on_is_not_overwritten(engine: Engine) -> None:
    schema = made(engine)
    book = schema.models["book"]
    with Session(engine) as session:
        session.add(book(name="诗经", created_at=NOW, changed_at=NOW))
        session.commit()
    with Session(engine) as session:
        mine = session.get_one(book, 1)
        mine.name = "诗"  # type: ignore[attr-defined]
        session.commit()
        assert mine.version == 2  # type: ignore[attr-defined]
        session.execute(update(schema.tables["book"]).values(version=9))
        mine.name = "楚"  # type: ignore[attr-defined]
        with pytest.raises(StaleDataError):
            session.flush()


def test_of_a_user_no_secret_is_mapped() -> None:
    user = build_schema(SITE).models["user"]
    assert not hasattr(user, "password")
    assert not hasattr(user, "email")
    assert hasattr(user, "username")


def test_generations_know_nothing_of_each_other() -> None:
    first = build_schema(SITE)
    smaller = manifest(*(e for e in SITE.entities.values() if e.key == "book"))
    second = build_schema(smaller)
    assert "loan" not in second.tables
    assert first.models["book"] is not second.models["book"]
    first.dispose()
    assert str(second.models["book"](name="诗经")) == "诗经"


def test_a_hundred_generations_leave_nothing_behind() -> None:
    import gc
    import weakref

    schema = build_schema(SITE)
    gone = weakref.ref(schema.models["loan"])
    schema.dispose()
    del schema
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize(
    "key",
    [
        "metadata",
        "registry",
        "query",
        "title",
        "entity",
        "select",
        "order",
        "keys",
        "columns",
        "type",
    ],
)
def test_fields_may_be_called_like_words_of_the_foundations(engine: Engine, key: str) -> None:
    schema = build_schema(manifest(entity("book", field(key), title=key)))
    create_tables(engine, schema)
    book = schema.models["book"]
    with Session(engine) as session:
        session.add(book(**{key: "甲", "created_at": NOW, "changed_at": NOW}))
        session.commit()
        assert str(session.scalars(select(book)).one()) == "甲"


def test_entities_may_be_called_like_words_of_sql(engine: Engine) -> None:
    words = ("select", "order", "group", "table", "index", "check")
    schema = build_schema(
        manifest(*(entity(word, field("other", "ref", to="order")) for word in words))
    )
    create_tables(engine, schema)
    with Session(engine) as session:
        session.add(schema.models["order"](created_at=NOW, changed_at=NOW))
        session.commit()


def test_long_keys_get_names_that_fit(engine: Engine) -> None:
    long, longer = "a" * 40, "b" * 45
    site = manifest(
        entity(
            long,
            field(longer, "ref", to=long),
            field("c" * 44, "refs", to=long),
            filter=[longer],
            unique=[[longer]],
        )
    )
    schema = build_schema(site)
    create_tables(engine, schema)
    names = [
        *schema.metadata.tables,
        *(str(i.name) for t in schema.metadata.tables.values() for i in t.indexes),
    ]
    assert max(map(len, names)) <= 63
    assert len(set(names)) == len(names)


def test_a_party_of_several_kinds_has_a_column_for_each() -> None:
    party = field("whom", "ref", targets=("post", "user"), system=True)
    stored = build_schema(manifest(entity("job", system=[party]))).storage["job"]
    assert (stored["whom@post"].attribute, stored["whom@user"].attribute) == (
        "whom__post_id",
        "whom__user_id",
    )


def test_a_clock_s_deadline_has_a_column_that_sql_takes() -> None:
    due = field("finish.due_at", "datetime", system=True)
    stored = build_schema(manifest(entity("job", system=[due]))).storage["job"]
    assert stored["finish.due_at"].attribute == "finish__due_at"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (field("a", "text"), field("a", "phone"), True),
        (field("a", "money"), field("a", "money", places=4), True),
        (field("a", "money"), field("a", "money", places=6), False),
        (field("a", "ref", to="x"), field("a", "ref", to="y"), False),
        (field("a", "choice"), field("a", "text"), False),
    ],
)
def test_fields_of_one_shape_can_take_over_each_other_s_column(one, other, alike) -> None:  # type: ignore[no-untyped-def]
    assert (shape(one) == shape(other)) is alike


def test_what_roles_see_by_is_indexed() -> None:
    from tests.release.shop import SITE as SHOP
    from tests.release.shop import manifest_of

    table = build_schema(manifest_of(SHOP)).tables["job"]
    assert any("department_id" in index.columns for index in table.indexes)
