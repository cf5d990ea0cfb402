"""Releases as the database keeps them: the last one is live, and each has all its files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.schema.platform import platform


@dataclass(frozen=True, slots=True)
class Release:
    """One release, without its files. `steps` are those of its plan, as plain values."""

    id: int
    at: datetime
    by: str
    why: str
    fingerprint: str
    back_to: int | None
    steps: tuple[Mapping[str, Any], ...]


class NoSuchRelease(Exception):
    """There is no release of this number."""


def fingerprint(files: Mapping[str, bytes]) -> str:
    """A hash that any change of any file changes, its name included."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return whole.hexdigest()


def live_release(source: Engine | Connection) -> int:
    """The number of the live release; 0 where nothing was applied yet, tables or no tables."""
    last = select(func.max(platform.release.c.id))
    if isinstance(source, Connection):
        return source.scalar(last) or 0 if inspect(source).has_table(platform.release.name) else 0
    with source.connect() as connection:
        try:
            # Servers ask every second: one statement where there is the table.
            return connection.scalar(last) or 0
        except (OperationalError, ProgrammingError):
            connection.rollback()
            if inspect(connection).has_table(platform.release.name):
                raise
            return 0


def release_files(source: Engine | Connection, number: int) -> dict[str, bytes]:
    """The files of a release by their path in the site. Raises NoSuchRelease."""
    if isinstance(source, Engine):
        with source.connect() as connection:
            return release_files(connection, number)
    held, kept = platform.release_file, platform.file
    query = select(held.c.path, kept.c.content).join(kept, kept.c.digest == held.c.digest)
    files = {
        path: bytes(content)
        for path, content in source.execute(query.where(held.c.release == number))
    }
    if (
        not files
        and source.scalar(select(platform.release.c.id).where(platform.release.c.id == number))
        is None
    ):
        raise NoSuchRelease(number)
    return files


def all_releases(source: Engine) -> tuple[Release, ...]:
    """Every release, the last one first."""
    table = platform.release
    with source.connect() as connection:
        if not live_release(connection):
            return ()
        return tuple(
            Release(
                row.id,
                row.at,
                row.by_name,
                row.why or "",
                row.fingerprint,
                row.back_to,
                tuple(row.plan.get("steps", ())),
            )
            for row in connection.execute(select(table).order_by(table.c.id.desc()))
        )


def store_release(connection: Connection, files: Mapping[str, bytes], **facts: Any) -> int:
    """Makes these files the live release; its number. `facts` are the table's other columns."""
    number = live_release(connection) + 1
    row = {"id": number, "fingerprint": fingerprint(files), **facts}
    connection.execute(insert(platform.release).values(row))
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    _keep(connection, {digests[path]: content for path, content in files.items()})
    held = [{"release": number, "path": path, "digest": digest} for path, digest in digests.items()]
    if held:
        connection.execute(insert(platform.release_file), held)
    return number


def _keep(connection: Connection, contents: Mapping[str, bytes]) -> None:
    kept = platform.file
    query = select(kept.c.digest).where(kept.c.digest.in_(list(contents)))
    present = set(connection.scalars(query))
    new = [{"digest": d, "content": c} for d, c in contents.items() if d not in present]
    if new:
        connection.execute(insert(kept), new)
