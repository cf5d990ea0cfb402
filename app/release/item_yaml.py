"""Declared rows as an administrator would write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import yaml

from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field, FieldType
from app.release.item_rows import ItemRow
from app.release.merge import plain_value


class _Plain(yaml.SafeDumper):
    """Writes every text without quotes where it can stand so: types come from the fields, not from spelling."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, object]]] = {}  # noqa: RUF012

    def ignore_aliases(self, data: object) -> bool:
        return True


def as_yaml(entity: Entity, rows: Iterable[ItemRow], zone: ZoneInfo) -> str:
    """`items:` with one row a line; retired rows and empty fields are left out."""
    listed = [written(entity, row.values, zone) for row in rows if not row.retired]
    return items_yaml(listed)


def items_yaml(rows: Iterable[Mapping[str, object]]) -> str:
    """Rows of texts and lists of texts, one a line."""
    lines = [f"  - {_flow(row)}" for row in rows]
    return "\n".join(["items:", *lines]) + "\n" if lines else "items: []\n"


def _flow(row: Mapping[str, object]) -> str:
    text = yaml.dump(
        dict(row),
        Dumper=_Plain,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=True,
        width=1_000_000,
    ).strip()
    return f"{{ {text[1:-1]} }}"


def written(entity: Entity, values: Mapping[str, object], zone: ZoneInfo) -> dict[str, object]:
    """The values of one row as texts, the code first."""
    fields = sorted(entity.live_fields.values(), key=lambda field: field.type is not FieldType.CODE)
    found = {}
    for field in fields:
        value = plain_value(values.get(field.key))
        if value is not None and field.type is not FieldType.FILES:
            found[field.key] = as_written(field, value, zone)
    return found


def as_written(field: Field, value: object, zone: ZoneInfo) -> object:
    """A typed value as text, or a list of texts."""
    match value:
        case tuple():
            return [str(one) for one in value]
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        case _ if field.type is FieldType.PERCENT:
            return f"{_short(value)}%"
        case _ if field.type in (FieldType.MONEY, FieldType.DECIMAL):
            return _short(value)
        case _ if field.type is FieldType.TIME:
            return str(value)[:5]
        case _:
            return str(value)


def _short(number: object) -> str:
    """60, not 60.00."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
