"""The one MetaData of the platform's own tables. They change only by the revisions in `migrations/platform/`."""

from __future__ import annotations

from sqlalchemy import MetaData

PLATFORM = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s__%(column_0_N_name)s",
        "uq": "uq_%(table_name)s__%(column_0_N_name)s",
        "fk": "fk_%(table_name)s__%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
