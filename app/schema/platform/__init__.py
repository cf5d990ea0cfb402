"""The platform's own tables, the same for every site and every release.

Rows of entities have ids; what the platform knows of them names them by entity key and id.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import MetaData, Table

from app.schema.platform.accounts import ACCOUNT, LOGIN_TRY, SESSION
from app.schema.platform.events import AUDIT, OUTBOX
from app.schema.platform.metadata import PLATFORM
from app.schema.platform.organization import DEPARTMENT, POST, POST_HOLDER
from app.schema.platform.records import ATTACHMENT, HISTORY, SAVED_VIEW, SEQUENCE
from app.schema.platform.releases import FILE, RELEASE, RELEASE_FILE, STORED_FIELD
from app.schema.platform.users import ROLE, USER, USER_ROLE


@dataclass(frozen=True, slots=True)
class Platform:
    """The tables by name."""

    metadata: MetaData = PLATFORM
    user: Table = USER
    role: Table = ROLE
    user_role: Table = USER_ROLE
    account: Table = ACCOUNT
    session: Table = SESSION
    login_try: Table = LOGIN_TRY
    department: Table = DEPARTMENT
    post: Table = POST
    post_holder: Table = POST_HOLDER
    release: Table = RELEASE
    file: Table = FILE
    release_file: Table = RELEASE_FILE
    stored_field: Table = STORED_FIELD
    history: Table = HISTORY
    attachment: Table = ATTACHMENT
    sequence: Table = SEQUENCE
    saved_view: Table = SAVED_VIEW
    outbox: Table = OUTBOX
    audit: Table = AUDIT


platform = Platform()
