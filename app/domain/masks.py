"""What stands in the place of a private value that the reader may not see."""

from __future__ import annotations

from app.manifest.model.fields import Field, FieldType

HIDDEN = "＊＊＊"


def masked(field: Field, value: object) -> str | None:
    """A mask that tells the value's kind and nothing that identifies: None stays None."""
    if value is None or value == ():
        return None
    if (
        field.type is FieldType.PHONE
        and isinstance(value, str)
        and len(value) == 11
        and value.isdigit()
    ):
        return f"{value[:3]}****{value[-2:]}"
    return HIDDEN
