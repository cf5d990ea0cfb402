"""Writing declared rows: first the rows, then what they point to, since rows of one release may point to each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update

from app.manifest.model.entities import Entity, Item
from app.manifest.model.fields import Field, FieldType
from app.manifest.read.items import code_field
from app.release.item_rows import ItemRow, ids_of
from app.release.item_rules import require_kept
from app.release.merge import plain_value
from app.release.steps import Action, Phase, Run, Work
from app.schema.ledger import append_history
from app.schema.numbering import draw_number
from app.schema.plain_json import to_json
from app.schema.search_write import write_searches
from app.schema.storage import Kind, Storage

REFS = (FieldType.REF, FieldType.REFS)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that only YAML has."""

    item: Item


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is made to say what YAML says; `restored` if it was out of use."""

    item: Item
    row: ItemRow
    changes: Mapping[str, tuple[object, object]]
    restored: bool = False


def writing_actions(
    entity: Entity, new: list[NewRow], changes: list[RowChange], gone: list[ItemRow]
) -> Iterator[Action]:
    """The work for one entity's rows."""
    if new:
        yield Action(Phase.ITEMS, run=_adding(entity, new))
    if new or changes or gone:
        yield Action(Phase.LINK_ITEMS, run=_changing(entity, new, changes, gone))
        yield Action(Phase.SEARCH_ITEMS, run=_indexing(entity, new, changes, gone))


def _adding(entity: Entity, new: list[NewRow]) -> Run:
    def run(work: Work) -> None:
        table = work.schema.tables[entity.key]
        local = work.now.astimezone(ZoneInfo(work.manifest.site.timezone))
        for one in new:
            values = _defaults(entity, local) | dict(one.item.values)
            columns = _columns(work, entity, values, refs=False)
            columns |= _stamps(work, created=True) | _standing(work, entity, one.item)
            if entity.number is not None:
                columns["number"] = draw_number(work.connection, entity, local)
            work.connection.execute(insert(table).values(columns))

    return run


def _defaults(entity: Entity, local: datetime) -> dict[str, object]:
    moments = {"today": local.date(), "now": local}
    found: dict[str, object] = {}
    for key, field in entity.live_fields.items():
        if field.type in (FieldType.DATE, FieldType.DATETIME) and isinstance(field.default, str):
            found[key] = moments.get(field.default)
            if field.type is FieldType.DATETIME and isinstance(found[key], date):
                found[key] = local
        elif field.default is not None:
            found[key] = field.default
    return found


def _standing(work: Work, entity: Entity, item: Item) -> dict[str, Any]:
    if entity.workflow is None:
        return {}
    return {"state": item.state or work.manifest.workflows[entity.workflow].start, "round": 1}


def _stamps(work: Work, *, created: bool) -> dict[str, Any]:
    stamps: dict[str, Any] = {"changed_at": work.now, "changed_by_id": work.by_id}
    if created:
        stamps |= {"created_at": work.now, "created_by_id": work.by_id, "version": 1}
    return stamps


def _columns(
    work: Work, entity: Entity, values: Mapping[str, object], *, refs: bool
) -> dict[str, Any]:
    """Columns of the plain values, or of the refs (whose codes become ids)."""
    columns: dict[str, Any] = {}
    for key, value in values.items():
        spot = work.schema.storage[entity.key][key]
        if spot.column is None or (spot.field.type is FieldType.REF) is not refs:
            continue
        columns[spot.column.name] = _id(work, spot.field, value) if refs else plain_value(value)
    return columns


def _id(work: Work, field: Field, name: object) -> int | None:
    if name is None:
        return None
    return ids_of(work.connection, work.schema, field, [str(name)])[str(name)]


def _changing(
    entity: Entity, new: list[NewRow], changes: list[RowChange], gone: list[ItemRow]
) -> Run:
    def run(work: Work) -> None:
        ids = _ids_by_code(work, entity, [one.item.code for one in new])
        for one in new:
            _write_refs(work, entity, ids[one.item.code], one.item.values)
            pairs = {key: (None, value) for key, value in one.item.values.items()}
            _record(work, entity, ids[one.item.code], "create", pairs, one.item)
        for change in changes:
            _change(work, entity, change)
        for row in gone:
            _retire(work, entity, row)
        require_kept(work, entity, [*ids.values(), *(change.row.id for change in changes)])

    return run


def _indexing(
    entity: Entity, new: list[NewRow], changes: list[RowChange], gone: list[ItemRow]
) -> Run:
    def run(work: Work) -> None:
        ids = _ids_by_code(work, entity, [one.item.code for one in new])
        touched = [*ids.values(), *(c.row.id for c in changes), *(row.id for row in gone)]
        write_searches(work.connection, work.schema, entity.key, touched)

    return run


def _ids_by_code(work: Work, entity: Entity, codes: list[str]) -> dict[str, int]:
    code = code_field(entity)
    assert code is not None
    table = work.schema.tables[entity.key]
    found: dict[str, int] = {}
    for start in range(0, len(codes), 500):
        part = codes[start : start + 500]
        query = select(table.c[code.key], table.c.id).where(table.c[code.key].in_(part))
        found |= {str(key): int(id_) for key, id_ in work.connection.execute(query)}
    return found


def _change(work: Work, entity: Entity, change: RowChange) -> None:
    table = work.schema.tables[entity.key]
    values = {key: new for key, (_, new) in change.changes.items()}
    columns = _columns(work, entity, values, refs=False) | _stamps(work, created=False)
    columns["version"] = change.row.version + 1
    if change.restored:
        columns["retired_at"] = None
    work.connection.execute(update(table).where(table.c.id == change.row.id).values(columns))
    _write_refs(work, entity, change.row.id, values)
    if change.restored:
        _record(work, entity, change.row.id, "restore", {}, change.item)
    if change.changes:
        _record(work, entity, change.row.id, "edit", change.changes, change.item)


def _retire(work: Work, entity: Entity, row: ItemRow) -> None:
    table = work.schema.tables[entity.key]
    facts = _stamps(work, created=False) | {"retired_at": work.now, "version": row.version + 1}
    work.connection.execute(update(table).where(table.c.id == row.id).values(facts))
    _record(work, entity, row.id, "retire", {}, None)


def _write_refs(work: Work, entity: Entity, record: int, values: Mapping[str, object]) -> None:
    columns = _columns(work, entity, values, refs=True)
    table = work.schema.tables[entity.key]
    if columns:
        work.connection.execute(update(table).where(table.c.id == record).values(columns))
    for key, value in values.items():
        spot = work.schema.storage[entity.key][key]
        if spot.kind is Kind.LINKS:
            _write_links(work, spot, record, plain_value(value))


def _write_links(work: Work, spot: Storage, record: int, names: object) -> None:
    links = spot.links
    assert links is not None
    work.connection.execute(delete(links).where(links.c.record_id == record))
    listed: Iterable[str] = names if isinstance(names, tuple) else ()
    ids = ids_of(work.connection, work.schema, spot.field, listed)
    rows = [
        {"record_id": record, "target_id": ids[name], "position": place}
        for place, name in enumerate(listed)
    ]
    if rows:
        work.connection.execute(insert(links), rows)


def _record(
    work: Work,
    entity: Entity,
    record: int,
    action: str,
    changes: Mapping[str, tuple[object, object]],
    item: Item | None,
) -> None:
    """The history row. Refs stand in it as YAML says them: by code or key."""
    kept = {
        key: [_told(entity.fields[key], old), _told(entity.fields[key], new)]
        for key, (old, new) in changes.items()
    }
    append_history(
        work.connection,
        entity=entity.key,
        record_id=record,
        at=work.now,
        by_id=work.by_id,
        by_name=work.by_name,
        action=action,
        release=work.release,
        place=str(item.place) if item else None,
        reason=work.why or None,
        changes=kept or None,
    )


def _told(field: Field, value: object) -> Any:
    plain = plain_value(value)
    if field.type not in REFS or plain is None:
        return to_json(plain)
    named = [
        {"id": None, "title": name} for name in (plain if isinstance(plain, tuple) else [plain])
    ]
    return named if field.type is FieldType.REFS else named[0]
