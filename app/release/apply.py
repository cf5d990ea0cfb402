"""Carrying out a plan: one transaction, which leaves either the old release whole or the new one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.manifest.model.manifest import Manifest
from app.release.plan import Plan, make_plan
from app.release.planned import Planned, require_same
from app.release.problems import Busy, Clash, NotPossible
from app.release.releases import store_release
from app.release.steps import Phase, Risk, Work
from app.release.survey import Choices
from app.schema.engine import refresh_statistics, writing_engine
from app.schema.revisions import upgrade

# One number for all of a database's applies; PostgreSQL keeps it until the transaction ends.
LOCK = 0x627564617961  # "budaya"
# Shorter than PostgreSQL's deadlock_timeout, so that it is never a reader's request that is given up.
LOCK_MILLISECONDS = 800
TRIES = 25


@dataclass(frozen=True, slots=True)
class Order:
    """On whose behalf something is applied, why, and what they said to it beforehand."""

    now: datetime
    by_name: str
    by_id: int | None = None
    why: str = ""
    choices: Choices = field(default_factory=Choices)
    planned: Planned | None = None
    back_to: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done. `release` is the live one; `plan` has no steps where there was nothing to do."""

    release: int
    plan: Plan


def _nothing(name: str) -> None:
    """Does nothing; tests put in its place what stops the process at a point of their choice."""


# Called at every point between two pieces of work.
passing: Callable[[str], None] = _nothing


def apply(engine: Engine, manifest: Manifest, order: Order) -> Applied:
    """Makes the manifest the live release.

    Raises Busy while somebody else applies, Stale where the plan was made against another release or other files,
    NotPossible where a step is refused, Clash where records contradict what was planned. Then nothing has changed.
    """
    for left in reversed(range(TRIES)):
        try:
            return _apply_once(engine, manifest, order)
        except OperationalError as error:
            # Tables in use by a long request: give way, and try again.
            if not _gave_way(error):
                raise
            if not left:
                raise Busy from error
            time.sleep(random.uniform(0.1, 0.4))  # noqa: S311 - not a secret
    raise AssertionError("the loop returns or raises")


def _apply_once(engine: Engine, manifest: Manifest, order: Order) -> Applied:
    passing("begin")
    with _locked(engine) as connection:
        passing("locked")
        upgraded = upgrade(connection)
        plan = make_plan(connection, manifest, now=order.now, choices=order.choices)
        if order.planned is not None:
            require_same(order.planned, plan, upgraded)
        if plan.refused:
            raise NotPossible(plan.refused)
        if not plan.steps and not upgraded:
            return Applied(plan.base, plan)
        passing("plan made")
        release = _carry_out(connection, plan, order)
        passing("stored")
    passing("committed")
    _tidy(engine, plan)
    return Applied(release, plan)


def _carry_out(connection: Connection, plan: Plan, order: Order) -> int:
    work = Work(
        connection=connection,
        schema=plan.schema,
        release=plan.base + 1,
        now=order.now,
        by_id=order.by_id,
        by_name=order.by_name,
        why=order.why,
    )
    _lock_tables(connection, sorted({name for one in plan.actions for name in one.tables}))
    try:
        for action in plan.actions:
            if action.run is not None:
                action.run(work)
                passing(action.phase.name.lower())
    except IntegrityError as error:
        raise Clash(str(error.orig).splitlines()[0]) from error
    _check_foreign_keys(connection, plan)
    return store_release(
        connection,
        plan.schema.manifest.files,
        at=order.now,
        by_id=order.by_id,
        by_name=order.by_name,
        why=order.why or None,
        back_to=order.back_to,
        plan=plan.as_plain(),
    )


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other apply has at the same time. Raises Busy."""
    with writing_engine(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            # A table that is copied to lose a column must not lose those that point to it.
            connection.connection.execute("PRAGMA foreign_keys = OFF")
        try:
            with _begun(connection):
                yield connection
        finally:
            if engine.dialect.name == "sqlite":
                connection.connection.execute("PRAGMA foreign_keys = ON")


@contextmanager
def _begun(connection: Connection) -> Iterator[None]:
    try:
        transaction = connection.begin()
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise Busy from error
        raise
    with transaction:
        if connection.dialect.name != "sqlite":
            connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS}"))
            if not connection.scalar(text(f"SELECT pg_try_advisory_xact_lock({LOCK})")):
                raise Busy
        yield


def _lock_tables(connection: Connection, names: list[str]) -> None:
    """Takes at once, in one order, what the work will need, before anything is done that would be lost."""
    if connection.dialect.name == "sqlite" or not names:
        return
    query = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    present = set(connection.scalars(query))
    listed = ", ".join(f'"{name}"' for name in names if name in present)
    if listed:
        connection.execute(text(f"LOCK TABLE {listed} IN ACCESS EXCLUSIVE MODE"))


def _gave_way(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in ("55P03", "40P01")


def _check_foreign_keys(connection: Connection, plan: Plan) -> None:
    """SQLite's keys were not watched meanwhile; where a table was copied it is made sure of."""
    destroyed = any(step.risk is Risk.DESTRUCTIVE for step in plan.steps)
    if connection.dialect.name == "sqlite" and destroyed:
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise Clash(f"{broken[0]} → {broken[2]}")


def _tidy(engine: Engine, plan: Plan) -> None:
    """Lets the database look at its rows again where there are new indexes, so that it chooses them."""
    if any(one.phase is Phase.INDEXES for one in plan.actions):
        refresh_statistics(engine)
