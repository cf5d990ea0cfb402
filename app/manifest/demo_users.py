"""The demo log-ins of a site: `demo/users.yaml`, in the form that `demo/README.md` describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

USERS = "users.yaml"


class BadDemoUsers(Exception):
    """The file can't be read; the message (Chinese) says why."""


@dataclass(frozen=True, slots=True)
class DemoUser:
    username: str
    name: str
    roles: tuple[str, ...]
    department: str | None = None
    posts: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


def read_users(folder: Path) -> tuple[DemoUser, ...]:
    """The log-ins of `demo/users.yaml`; none where there is no such file."""
    file = folder / USERS
    if not file.is_file():
        return ()
    try:
        # BaseLoader makes nothing but text, lists and mappings.
        said = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        return tuple(_user(one) for one in said["users"])
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise BadDemoUsers(f"demo/{USERS} 读不懂：{error}") from error


def _user(said: Mapping[str, object]) -> DemoUser:
    posts = said.get("posts", said.get("post", ()))
    roles, fields = said.get("roles", ()), said.get("fields", {})
    return DemoUser(
        username=str(said["username"]),
        name=str(said["name"]),
        roles=tuple(roles) if isinstance(roles, list) else (str(roles),) if roles else (),
        department=str(said["department"]) if said.get("department") else None,
        posts=tuple(posts) if isinstance(posts, list) else (str(posts),) if posts else (),
        fields=dict(fields) if isinstance(fields, dict) else {},
    )
