"""The Alembic environment of the platform's tables. `budayang apply` runs it; see app/schema/revisions.py."""
