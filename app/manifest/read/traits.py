"""The traits an entity may have, an explicit list: what each is called, brings and becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.manifest.link import Linking
from app.manifest.model.entities import Entity
from app.manifest.model.fields import Field
from app.manifest.read import booking, dispatch, match, rating, sla
from app.manifest.shapes import Key, Said


@dataclass(frozen=True, slots=True)
class Trait:
    """`brings` gives the system fields (reporting nothing), `build` the model once all fields are known."""

    key: Key[Said]
    brings: Callable[[Said, str, Linking], tuple[Field, ...]]
    build: Callable[[Said, Entity, Linking], object | None]


TRAITS: tuple[Trait, ...] = (
    Trait(sla.KEY, sla.brings, sla.build),
    Trait(dispatch.KEY, dispatch.brings, dispatch.build),
    Trait(booking.KEY, booking.brings, booking.build),
    Trait(match.KEY, match.brings, match.build),
    Trait(rating.KEY, rating.brings, rating.build),
)
