"""What a plan is made of: steps that a person reads, each with the work that carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from app.manifest.model.manifest import Manifest
from app.place import Place
from app.schema.build import Schema


class Risk(StrEnum):
    """From nothing to think about to what can't be done at all."""

    SAFE = "safe"
    CAREFUL = "careful"
    DESTRUCTIVE = "destructive"
    REFUSED = "refused"


RISK_WORDS: Mapping[Risk, str] = {
    Risk.SAFE: "安全",
    Risk.CAREFUL: "留意",
    Risk.DESTRUCTIVE: "删数据",
    Risk.REFUSED: "不能执行",
}
RISKS = tuple(Risk)


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of a plan (Chinese).

    `do` and `target` name the step for programs (`field.add`, `loan.size`); `rows` is the number of live
    records touched, None where that means nothing; `details` are the rows or values in question.
    """

    do: str
    target: str
    sentence: str
    risk: Risk = Risk.SAFE
    rows: int | None = None
    place: Place | None = None
    details: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, str, str]:
        """What must be alike for two plans to mean the same; numbers of rows may grow meanwhile."""
        return self.do, self.target, self.risk

    def as_plain(self) -> dict[str, Any]:
        """For JSON and YAML."""
        return {
            "do": self.do,
            "target": self.target,
            "sentence": self.sentence,
            "risk": str(self.risk),
            "rows": self.rows,
            "place": str(self.place) if self.place else None,
            "details": list(self.details),
        }


class Phase(IntEnum):
    """The order in which work is done, whatever the order in which its steps are told."""

    PLATFORM = 1
    RENAME = 2
    TABLES = 3
    COLUMNS = 4
    DROP_INDEXES = 5
    VALUES = 6
    ORGANIZATION = 7
    ROLES = 8
    ITEMS = 9
    LINK_ITEMS = 10
    INDEXES = 11
    FOREIGN_KEYS = 12
    SEARCH = 13
    SEARCH_ITEMS = 14
    REGISTRY = 15
    FORGET = 16


@dataclass(frozen=True, slots=True)
class Work:
    """What carrying out needs: an open transaction, the new site, and on whose behalf, when and as which release."""

    connection: Connection
    schema: Schema
    release: int
    now: datetime
    by_id: int | None
    by_name: str
    why: str

    @property
    def manifest(self) -> Manifest:
        return self.schema.manifest

    @property
    def operations(self) -> Operations:
        """Alembic's operations inside this transaction."""
        return Operations(MigrationContext.configure(self.connection))


Run = Callable[[Work], object]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that applying does. Without a step it belongs to one told elsewhere; without work it is only told."""

    phase: Phase
    step: Step | None = None
    run: Run | None = None
    tables: frozenset[str] = field(default_factory=frozenset)  # whose definition it changes
    notice: bool = False  # only said: a plan of nothing else has nothing to do
