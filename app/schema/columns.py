"""A generation's tables as conditions ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, select

from app.condition.sql import Links
from app.manifest.model.fields import BUILT_IN_ENTITIES
from app.schema.build import Schema
from app.schema.models import BUILT_IN_TITLES
from app.schema.names import column_name
from app.schema.platform import platform
from app.schema.storage import Kind, Storage


@dataclass(frozen=True, slots=True)
class SchemaColumns:
    """Implements `app.condition.sql.Columns` over one schema."""

    schema: Schema

    def rows(self, entity: str) -> FromClause:
        """A fresh alias of the entity's table."""
        return self.schema.tables[entity].alias()

    def column(self, rows: FromClause, entity: str, key: str) -> ColumnElement[Any]:
        """The stored value of a field. What a site knows of a person is read from the person's own row."""
        plain = key.partition("@")[0]
        if entity == "user" and plain not in ("id", "username"):
            return self._of_person(rows, plain)
        fields = self.schema.storage[entity]
        stored = fields.get(key) or fields.get(plain)
        if stored is None or stored.column is None:
            raise KeyError(f"{entity}.{key} has no column")
        return rows.c[stored.column.name]

    def links(self, rows: FromClause, entity: str, key: str) -> Links:
        """The association rows of `refs`, or the attachments of `files` that weren't taken away."""
        stored = self.schema.storage[entity][key]
        if stored.kind is Kind.FILES:
            return _attachments(rows, entity, stored)
        if stored.links is None:
            raise KeyError(f"{entity}.{key} holds no links")
        links = stored.links.alias()
        return Links(links, links.c.record_id == rows.c.id, links.c.target_id)

    def counted(self, rows: FromClause, entity: str) -> ColumnElement[bool] | None:
        """Retired rows count nowhere."""
        return None if entity in BUILT_IN_ENTITIES else rows.c.retired_at.is_(None)

    def _of_person(self, rows: FromClause, key: str) -> ColumnElement[Any]:
        if key == "name":
            return rows.c[BUILT_IN_TITLES["user"]]
        person = self.schema.person.alias()
        field = self.schema.manifest.organization.person_fields.get(key)
        name = "department_id" if field is None else column_name(field)
        found = select(person.c[name]).where(person.c.user_id == rows.c.id)
        return found.correlate_except(person).scalar_subquery()


def _attachments(rows: FromClause, entity: str, stored: Storage) -> Links:
    files = platform.attachment.alias()
    mine = and_(
        files.c.entity == entity,
        files.c.field == stored.field.key,
        files.c.record_id == rows.c.id,
        files.c.removed_at.is_(None),
    )
    return Links(files, mine, files.c.id)
