"""Fields that live beside a record's own row: refs of several and files, read for a whole page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from app.domain.context import Context
from app.domain.masks import HIDDEN
from app.domain.rows import Row
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.manifest.model.values import frozen
from app.schema.platform import platform

Found = Mapping[int, list[tuple[int, str]]]


def with_links(
    context: Context, entity: Entity, rows: tuple[Row, ...], keys: Sequence[str]
) -> tuple[Row, ...]:
    """The rows with the given fields of several refs and of files filled in: one statement a field."""
    for key in keys:
        field = entity.field(key)
        if field is None or not rows or field.type not in (FieldType.REFS, FieldType.FILES):
            continue
        ids = [row.id for row in rows]
        found = (
            _refs(context, entity, field, ids)
            if field.type is FieldType.REFS
            else _files(entity, field, ids, context)
        )
        hide = field.private and not context.actor.system
        rows = tuple(_filled(row, field, found.get(row.id, []), hide) for row in rows)
    return rows


def _filled(row: Row, field: Field, found: list[tuple[int, str]], hide: bool) -> Row:
    if hide:
        mask = HIDDEN if found else None
        return replace(
            row, values=frozen({**row.values, field.key: mask}), masked=row.masked | {field.key}
        )
    ids, texts = tuple(one for one, _ in found), tuple(text for _, text in found)
    values = {**row.values, field.key: ids or None}
    return replace(row, values=frozen(values), labels=frozen({**row.labels, field.key: texts}))


def _refs(context: Context, entity: Entity, field: Field, ids: list[int]) -> Found:
    from app.domain.queries import titles

    links = context.schema.storage[entity.key][field.key].links
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    if links is None:
        return found
    query = select(links.c.record_id, links.c.target_id).where(links.c.record_id.in_(ids))
    pairs = context.session.execute(query.order_by(links.c.target_id)).all()
    names = titles(context, field.to or "", (target for _, target in pairs))
    for record, target in pairs:
        found[record].append((target, names.get(target, HIDDEN)))
    return found


def _files(entity: Entity, field: Field, ids: list[int], context: Context) -> Found:
    files = platform.attachment
    query = select(files.c.record_id, files.c.id, files.c.name).where(
        files.c.entity == entity.key,
        files.c.field == field.key,
        files.c.record_id.in_(ids),
        files.c.removed_at.is_(None),
    )
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for record, file, name in context.session.execute(query.order_by(files.c.id)):
        found[record].append((file, name))
    return found
