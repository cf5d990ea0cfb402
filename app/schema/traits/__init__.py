"""Tables that the traits of entities bring, one module a trait.

Columns come by themselves: a trait's reader declares system fields (`finish.due_at`, `satisfaction`), and every
system field has a column. A trait that needs tables of its own adds a function here.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import MetaData

from app.manifest.model.entities import Entity

# Each is asked about every entity and attaches what that entity needs to the generation's MetaData.
TRAIT_TABLES: tuple[Callable[[Entity, MetaData], None], ...] = ()
