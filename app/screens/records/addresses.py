"""What may stand in a record's address: keys of the site's entities and numbers of records. All else is no page."""

from __future__ import annotations

from werkzeug.routing import BaseConverter, Map

from app.manifest.model.entities import Entity
from app.manifest.model.manifest import Manifest


def entity_converter(manifest: Manifest) -> type[BaseConverter]:
    """Entities by key: `<entity:entity>` in a rule gives the view the entity itself."""

    class EntityConverter(BaseConverter):
        regex = "|".join(manifest.entities) or "(?!)"

        def __init__(self, url_map: Map) -> None:
            super().__init__(url_map)

        def to_python(self, value: str) -> Entity:
            return manifest.entities[value]

        def to_url(self, value: Entity | str) -> str:
            return value.key if isinstance(value, Entity) else value

    return EntityConverter


class RecordConverter(BaseConverter):
    """A record's id: plain digits, no sign, no leading zero, small enough for every database."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)
