"""Rules that declared rows must keep like any record: tried on the rows as written, before anything is final."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import not_, select

from app.condition import sql
from app.condition.facts import Facts
from app.manifest.model.entities import Entity, OnlyIf
from app.manifest.read.items import code_field
from app.release.problems import NotPossible
from app.release.steps import Risk, Step, Work
from app.schema.columns import SchemaColumns

LISTED = 10


def require_kept(work: Work, entity: Entity, records: list[int]) -> None:
    """Raises NotPossible, with the codes of the rows, where a rule of the entity isn't kept by them."""
    code = code_field(entity)
    if code is None or not records:
        return
    table = work.schema.tables[entity.key]
    facts = Facts(now=work.now, zone=ZoneInfo(work.manifest.site.timezone))
    refused = []
    for rule in entity.rules:
        if not isinstance(rule, OnlyIf):
            continue
        kept = sql.where(rule.condition, table, SchemaColumns(work.schema), facts)
        query = select(table.c[code.key]).where(table.c.id.in_(records), not_(kept))
        codes = [str(one) for one in work.connection.scalars(query.order_by(table.c.id))]
        if codes:
            says = f"“{entity.label}”的 {'、'.join(codes[:LISTED])}：{rule.say}"
            refused.append(
                Step("item.rule", entity.key, says, Risk.REFUSED, len(codes), rule.place)
            )
    if refused:
        raise NotPossible(tuple(refused))
