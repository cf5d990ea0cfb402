"""A record as its reader may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.manifest.model.entities import Entity


@dataclass(frozen=True, slots=True)
class Row:
    """One record: typed `values` by field key, `labels` of what its refs point to, keys that are `masked`.

    A masked field's value is its mask, never the value. Refs hold ids, refs of several a tuple of ids;
    `labels[field]` is a text for a ref and a tuple of texts for several.
    """

    entity: str
    id: int
    values: Mapping[str, object]
    labels: Mapping[str, str | tuple[str, ...]]
    masked: frozenset[str]
    editable: bool = False

    @property
    def version(self) -> int:
        version = self.values.get("version")
        return version if isinstance(version, int) else 0

    @property
    def retired(self) -> bool:
        return self.values.get("retired_at") is not None

    def title(self, entity: Entity) -> str:
        """How the record is named elsewhere: its title field, else its number, else its id."""
        for key in (entity.title, "number"):
            if key and (text := self.labels.get(key) or self.values.get(key)):
                return str(text)
        return f"#{self.id}"
