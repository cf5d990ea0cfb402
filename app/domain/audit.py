"""The audit log: who did what to the platform, and who tried what they may not.

Rows are only ever added. A row is written in the transaction of what it tells of; a refusal's in one of its own, as
the refused transaction is taken back. The schema's ledger seals them into a chain afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.domain.context import Actor
from app.schema.platform import platform

# Every action there is, in the words of the log. A test holds that none is written that doesn't stand here.
ACTION_WORDS: Mapping[str, str] = {
    "login": "登录",
    "logout": "退出登录",
    "session_end": "结束登录",
    "password_change": "修改密码",
    "password_reset": "重置密码",
    "account_create": "新建账号",
    "account_edit": "修改账号",
    "account_disable": "停用账号",
    "account_enable": "启用账号",
    "account_unlock": "解除锁定",
    "roles_change": "调整角色",
    "audit_export": "导出审计日志",
    "request": "越权操作",
}


# From where this request or command comes, for whoever writes a row further down.
caller_address: ContextVar[str] = ContextVar("caller_address", default="")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done or refused. `entity` and `record` name what it was done to; `details` are plain JSON, no secrets."""

    at: datetime
    action: str
    actor: Actor
    allowed: bool = True
    entity: str | None = None
    record: int | None = None
    address: str = ""  # where it isn't said, that of the caller
    details: Mapping[str, object] | None = None


def write(db: Session, entry: Entry) -> None:
    """Adds a row; it stands or falls with the caller's transaction."""
    db.execute(
        insert(platform.audit).values(
            at=entry.at,
            by_id=entry.actor.id,
            by_name=entry.actor.username or None,
            address=entry.address or caller_address.get() or None,
            action=entry.action,
            entity=entry.entity,
            record_id=entry.record,
            allowed=int(entry.allowed),
            details=dict(entry.details) if entry.details else None,
        )
    )
