"""Files that belong to a record: kept under random names outside the site, read only through the record's gate.

A file is stored before its record is saved; until then only who uploaded it can see it.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Row, Select, func, insert, select, update

from app.domain import access
from app.domain.context import Context
from app.domain.errors import Denied, Invalid, NotFound
from app.domain.file_kinds import MEDIA_TYPES, kind_fault
from app.domain.history import write_history
from app.domain.queries import find
from app.manifest.model.entities import Entity
from app.schema.platform import platform

CHUNK = 256 * 1024
MAX_NAME = 120
MAX_FILES = 50  # on one record
MAX_WAITING = 200  # uploads of one person that no record has taken yet, in a day
DAY = timedelta(days=1)

files = platform.attachment


@dataclass(frozen=True, slots=True)
class Attachment:
    """One stored file. `path` is where its content is; `media_type` follows from its name, never from who sent it."""

    id: int
    name: str
    media_type: str
    size: int
    at: datetime
    by: str
    path: Path


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was just taken in. Who doesn't commit takes `path` away again."""

    id: int
    path: Path


def store(
    context: Context,
    storage: Path,
    entity_key: str,
    field: str,
    name: str,
    content: BinaryIO,
    *,
    largest: int,
) -> Stored:
    """Keeps an uploaded file for this person until a record takes it. Raises Denied or Invalid.

    The caller commits. What was written before a fault is taken away again.
    """
    if not access.may(context, entity_key, "create"):
        access.require(context, entity_key, "edit")
    plain = plain_name(name)
    _require_room(context)
    kept_as = f"{secrets.token_hex(1)}/{secrets.token_hex(16)}"
    path = storage / kept_as
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, digest, head = _copy(content, path, largest)
        fault = "文件是空的" if size == 0 else kind_fault(plain, head)
        if fault:
            raise Invalid({field: f"“{plain}”：{fault}"})
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    values = {
        "entity": entity_key,
        "field": field,
        "name": plain,
        "media_type": MEDIA_TYPES[plain.rpartition(".")[2].lower()],
        "size": size,
        "digest": digest,
        "stored_as": kept_as,
        "at": context.now,
        "by_id": context.actor.id,
    }
    made = context.session.execute(insert(files).values(values).returning(files.c.id)).scalar_one()
    return Stored(int(made), path)


def plain_name(name: str) -> str:
    """The last part of a file's name without anything that a path, a terminal or a reader could stumble over."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(
        c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*'
    ).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}" if dot else shown[:MAX_NAME]


def _copy(content: BinaryIO, path: Path, largest: int) -> tuple[int, str, bytes]:
    size, digest, head = 0, hashlib.sha256(), b""
    with path.open("xb") as kept:
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > largest:
                raise Invalid({"": f"文件太大，单个文件最多 {largest // (1024 * 1024)} MB"})
            head = head or chunk[:64]
            digest.update(chunk)
            kept.write(chunk)
    return size, digest.hexdigest(), head


def _require_room(context: Context) -> None:
    """What nobody saved within a day no longer counts: it must not keep its owner out for good."""
    waiting = select(func.count()).where(
        files.c.by_id == context.actor.id,
        files.c.record_id.is_(None),
        files.c.removed_at.is_(None),
        files.c.at > context.now - DAY,
    )
    if context.session.execute(waiting).scalar_one() >= MAX_WAITING:
        raise Invalid({"": "您有太多已上传而未保存的文件，请先保存或稍后再传"})


def find_file(context: Context, storage: Path, entity: str, file: int) -> Attachment:
    """A file that the actor may read: its record's row and the field's privacy decide. Raises NotFound."""
    row = context.session.execute(
        _named().where(files.c.id == file, files.c.entity == entity)
    ).first()
    if row is None or row.removed_at is not None:
        raise NotFound
    if row.record_id is None:
        if row.by_id != context.actor.id:
            raise NotFound
    else:
        record = find(context, row.entity, row.record_id)
        if row.field in record.masked:
            raise NotFound
    return _read(row, storage)


def files_of(context: Context, storage: Path, entity: str, record: int) -> tuple[Attachment, ...]:
    """What hangs on the record as a whole, oldest first. The caller has passed the record's gate."""
    query = _named().where(
        files.c.entity == entity,
        files.c.record_id == record,
        files.c.field == "",
        files.c.removed_at.is_(None),
    )
    return tuple(_read(row, storage) for row in context.session.execute(query.order_by(files.c.id)))


def waiting_names(context: Context, ids: Iterable[int], field: str) -> dict[int, str]:
    """Names of the actor's own uploads for a field that no record has taken yet."""
    query = select(files.c.id, files.c.name).where(
        files.c.id.in_(tuple(ids)),
        files.c.field == field,
        files.c.by_id == context.actor.id,
        files.c.record_id.is_(None),
        files.c.removed_at.is_(None),
    )
    return {int(row.id): row.name for row in context.session.execute(query)}


def attach(context: Context, entity: Entity, record: int, ids: Iterable[int]) -> None:
    """Hangs uploads on a record, with a line in its history. Raises NotFound, Denied or Invalid."""
    require_attachable(context, entity, record)
    wanted = tuple(ids)
    names = waiting_names(context, wanted, "")
    hung = select(func.count()).where(
        files.c.entity == entity.key, files.c.record_id == record, files.c.removed_at.is_(None)
    )
    if context.session.execute(hung).scalar_one() + len(names) > MAX_FILES:
        raise Invalid({"": f"一条记录最多 {MAX_FILES} 个附件"})
    mine = (files.c.id.in_(names), files.c.entity == entity.key, files.c.field == "")
    context.session.execute(update(files).where(*mine).values(record_id=record))
    write_history(context, entity, record, "attach", {}, details={"files": list(names.values())})


def detach(context: Context, entity: Entity, record: int, file: int) -> None:
    """Takes a file off a record; its content stays. Raises NotFound or Denied."""
    require_attachable(context, entity, record)
    mine = (
        files.c.id == file,
        files.c.entity == entity.key,
        files.c.record_id == record,
        files.c.field == "",
        files.c.removed_at.is_(None),
    )
    taken = (
        update(files).where(*mine).values(removed_at=context.now, removed_by_id=context.actor.id)
    )
    name = context.session.execute(taken.returning(files.c.name)).scalar()
    if name is None:
        raise NotFound
    write_history(context, entity, record, "detach", {}, details={"files": [name]})


def require_attachable(context: Context, entity: Entity, record: int) -> None:
    """Raises Denied or NotFound unless the actor may hang files on this record."""
    access.require(context, entity.key, "edit")
    row = find(context, entity.key, record)
    if not entity.attachments:
        raise NotFound
    if not row.editable or row.retired:
        raise Denied(f"这条“{entity.label}”不在您可以修改的范围内")


def _named() -> Select[Any]:
    by = platform.user
    return select(files, by.c.first_name.label("by_name")).outerjoin(by, by.c.id == files.c.by_id)


def _read(row: Row[Any], storage: Path) -> Attachment:
    by = row.by_name or ""
    return Attachment(
        row.id, row.name, row.media_type, row.size, row.at, by, storage / row.stored_as
    )
