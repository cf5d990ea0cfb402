"""The site under attack: the reading room, its readers with attachments, and roles for those who look after log-ins."""

from __future__ import annotations

from app.manifest.model.manifest import Manifest
from tests.screens.records.house import site
from tests.screens.records.reading_room import FILES

ADMINISTRATORS = """
  keeper: { label: 账号管理员, can: { user: [read, create, edit, retire] } }
  granter: { label: 授权管理员, can: { user: [read], grant: [read, edit] } }
  watcher: { label: 审计员, can: { audit: [read, export] } }
"""


def ward_files() -> dict[str, str]:
    files = dict(FILES)
    files["config/roles.yaml"] = files["config/roles.yaml"].rstrip() + ADMINISTRATORS
    files["catalogs/member.yaml"] = files["catalogs/member.yaml"].replace(
        "title: name\n", "title: name\nattachments: yes\n", 1
    )
    return files


def ward_site() -> Manifest:
    return site(ward_files())
