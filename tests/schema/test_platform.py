"""The platform's own tables: revisions lead to them, the framework finds its own, no entity can take their names."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_appbuilder import Model
from flask_appbuilder.security.sqla import models
from sqlalchemy import Engine, inspect, text

from app.manifest.names import BUILT_IN_NAMES, TABLE_NAMES, TABLE_PREFIXES
from app.schema.engine import writing_engine
from app.schema.names import search_table_name
from app.schema.platform import platform
from app.schema.revisions import FOLDER, VERSION_TABLE, NewerDatabase, pending, upgrade


def upgraded(engine: Engine) -> tuple[str, ...]:
    with writing_engine(engine).begin() as connection:
        return tuple(one.id for one in upgrade(connection))


def test_revisions_make_just_the_tables_that_the_program_knows(engine: Engine) -> None:
    assert upgraded(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        found = compare_metadata(context, platform.metadata)
    assert found == [], "run tools/new-revision"


def test_what_was_upgraded_isn_t_upgraded_again(engine: Engine) -> None:
    with engine.connect() as connection:
        assert pending(connection)
    assert upgraded(engine)
    assert upgraded(engine) == ()


def test_an_upgrade_that_is_taken_back_leaves_nothing(engine: Engine) -> None:
    with writing_engine(engine).connect() as connection:
        upgrade(connection)
        connection.rollback()
    assert inspect(engine).get_table_names() == []


def test_a_database_of_a_newer_program_is_left_alone(engine: Engine) -> None:
    upgraded(engine)
    with writing_engine(engine).begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(NewerDatabase):
        upgraded(engine)


def test_the_revisions_lie_beside_the_program() -> None:
    assert FOLDER.joinpath("env.py").exists()
    assert importlib.util.find_spec("migrations.platform.versions") is not None


def told(metadata: Any) -> dict[str, dict[str, tuple[object, ...]]]:
    """Tables of the framework with what matters of each column."""
    return {
        table.name: {
            column.name: (
                str(column.type),
                column.nullable,
                sorted((key.target_fullname, key.ondelete) for key in column.foreign_keys),
                bool(column.unique),
            )
            for column in table.columns
        }
        for table in metadata.tables.values()
        if table.name.startswith("ab_")
    }


def test_the_log_in_tables_are_the_framework_s() -> None:
    theirs = told(Model.metadata)
    assert len(theirs) >= 12
    assert told(platform.metadata) == theirs


def test_the_framework_can_write_to_them(engine: Engine) -> None:
    """Its models draw ids from sequences of their own names."""
    from sqlalchemy.orm import Session

    upgraded(engine)
    with Session(engine) as session:
        session.add(models.Role(name="Public"))
        user = models.User(first_name="王", last_name="", username="wang", email="w@x.cn")
        user.created_by_fk = user.changed_by_fk = None
        session.add(user)
        session.commit()


def test_no_entity_can_be_called_like_a_table_of_the_platform() -> None:
    names = {*platform.metadata.tables, VERSION_TABLE, "person", search_table_name("book")}
    free = {
        n
        for n in names
        if not n.startswith(TABLE_PREFIXES) and n not in TABLE_NAMES | BUILT_IN_NAMES
    }
    assert free == set()
