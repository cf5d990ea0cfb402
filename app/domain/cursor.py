"""Where a page of a list begins: the sorted value and the id of the row beside it, as text for an address."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from app.domain.context import Context
from app.domain.errors import BadQuery
from app.domain.filters import ListRequest
from app.domain.rows import Row
from app.domain.wire import to_json
from app.manifest.field_values import read_duration
from app.manifest.model.fields import Field, FieldType

MAX_LENGTH = 1000


def cursor_of(order: str, row: Row) -> str:
    """The place of this row in a list sorted by `order`."""
    value = row.id if order == "id" else to_json(row.values.get(order))
    text = json.dumps([value, row.id], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_cursor(context: Context, request: ListRequest) -> tuple[object, int]:
    """The sorted value and the id. Raises BadQuery unless it fits the order."""
    name, text = ("after", request.after) if request.after else ("before", request.before)
    try:
        if len(text) > MAX_LENGTH:
            raise ValueError
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        value, record = json.loads(raw)
        if isinstance(record, bool) or not isinstance(record, int) or not 0 < record < 2**63:
            raise ValueError
        field = request.entity.field(request.order)
        return (None if field is None or request.order == "id" else _typed(field, value)), record
    except (ValueError, TypeError, binascii.Error, RecursionError, InvalidOperation) as error:
        raise BadQuery(name, "翻页位置不对，请回到第一页") from error


def _typed(field: Field, value: object) -> object:
    """The sorted value as the column holds it. Raises ValueError and its kin for what it can't be."""
    if value is None:
        return None
    if field.type is FieldType.YES_NO:
        return bool(value)
    if field.type in (FieldType.INTEGER, FieldType.REF):
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError
        return value
    if not isinstance(value, str):
        raise ValueError
    return _FROM_TEXT.get(field.type, str)(value)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_FROM_TEXT: Mapping[FieldType, Callable[[str], object]] = {
    FieldType.DECIMAL: Decimal,
    FieldType.MONEY: Decimal,
    FieldType.PERCENT: Decimal,
    FieldType.DATE: date.fromisoformat,
    FieldType.TIME: time.fromisoformat,
    FieldType.DATETIME: _moment,
    FieldType.DURATION: read_duration,
}
