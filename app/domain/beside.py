"""Writing what lies beside a record's own row: refs of several, and the files of its fields."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, delete, insert, update

from app.domain.context import Context
from app.manifest.model.entities import Entity
from app.manifest.model.fields import FieldType
from app.schema.platform import platform
from app.schema.storage import Kind, Storage


def write_links(
    context: Context, entity: Entity, record: int, values: Mapping[str, object]
) -> None:
    for key, spot in context.schema.storage[entity.key].items():
        if spot.kind is Kind.LINKS and key in values:
            _replace_links(context, spot, record, values[key])


def _replace_links(context: Context, spot: Storage, record: int, targets: object) -> None:
    links: Table | None = spot.links
    if links is None:
        return
    context.session.execute(delete(links).where(links.c.record_id == record))
    if isinstance(targets, tuple) and targets:
        rows = [{"record_id": record, "target_id": target} for target in targets]
        context.session.execute(insert(links), rows)


def claim_files(
    context: Context, entity: Entity, record: int, values: Mapping[str, object]
) -> None:
    """Files uploaded for this field become the record's; those no longer listed are marked as taken away."""
    for key, field in entity.live_fields.items():
        if field.type is not FieldType.FILES or key not in values:
            continue
        given = values[key]
        wanted = given if isinstance(given, tuple) else ()
        files = platform.attachment
        mine = (files.c.entity == entity.key, files.c.field == key)
        context.session.execute(
            update(files)
            .where(
                *mine,
                files.c.record_id == record,
                files.c.id.not_in(wanted),
                files.c.removed_at.is_(None),
            )
            .values(removed_at=context.now, removed_by_id=context.actor.id)
        )
        context.session.execute(
            update(files)
            .where(
                *mine,
                files.c.record_id.is_(None),
                files.c.id.in_(wanted),
                files.c.by_id == context.actor.id,
            )
            .values(record_id=record)
        )
