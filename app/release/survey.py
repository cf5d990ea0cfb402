"""What planning looks at: the last release, the files as they are now, and the database between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, func, select

from app.manifest.model.manifest import Manifest
from app.release.physical import Physical
from app.release.renames import Renames
from app.schema.build import Schema


@dataclass(frozen=True, slots=True)
class Choices:
    """What the administrator says besides the files: who wins a conflict, and what may be deleted for good."""

    prefer: str | None = None  # yaml or screen
    destroy: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StoredField:
    """A field that the database has a place for, live or retired."""

    shape: str
    since: int
    retired_in: int | None


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything a planner may ask. `before` is None where nothing was applied yet."""

    connection: Connection
    before: Schema | None
    after: Schema
    base: int
    now: datetime
    renames: Renames
    physical: Physical
    stored: Mapping[tuple[str, str], StoredField]
    choices: Choices = field(default_factory=Choices)

    @property
    def old(self) -> Manifest | None:
        return self.before.manifest if self.before else None

    @property
    def new(self) -> Manifest:
        return self.after.manifest

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.new.site.timezone)

    def old_key(self, entity: str) -> str | None:
        """What the entity was called in the last release; None where it is new."""
        key = self.renames.entity_was(entity)
        return key if self.old is not None and key in self.old.entities else None

    def old_table(self, entity: str) -> Table | None:
        """The table of an entity of the new release as it is now; None where there is none."""
        key = self.old_key(entity)
        return self.before.tables[key] if self.before is not None and key is not None else None

    def count(self, table: Table, *where: ColumnElement[bool]) -> int:
        """How many live rows there are."""
        live = [table.c.retired_at.is_(None)] if "retired_at" in table.c else []
        query = select(func.count()).select_from(table).where(*live, *where)
        return int(self.connection.scalar(query) or 0)

    def live_rows(self, entity: str) -> int:
        """How many live records an entity of the new release has now."""
        table = self.old_table(entity)
        return 0 if table is None else self.count(table)
