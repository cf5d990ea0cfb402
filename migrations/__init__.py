"""What the database remembers of the program's own changes: Alembic revisions of the platform's tables.

What administrators apply is remembered by releases, in the database itself.
"""
