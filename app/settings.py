"""What an operator sets: secrets and addresses, nothing that a person decides. The only reader of the environment.

The table in README.md lists every name that stands here; a test holds them together.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

Network = IPv4Network | IPv6Network

SHORTEST_KEY = 32
MEGABYTE = 1024 * 1024


class BadSetting(Exception):
    """A setting that can't be used: its name and what to write instead."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}：{message}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Settings:
    """`site` is the folder that is served; `clock` where the site's time began when these settings were read."""

    site: Path
    database_url: str
    secret_key: str
    storage: Path
    demo_password: str | None = None
    clock: datetime | None = None
    read_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    https: bool = False
    trusted_proxies: tuple[Network, ...] = ()
    sessions_per_person: int = 0
    largest_upload: int = 100 * MEGABYTE

    def now(self, zone: ZoneInfo) -> datetime:
        """The site's time: the real one, or the set one and what has really passed since."""
        real = datetime.now(UTC)
        if self.clock is None:
            return real.astimezone(zone)
        began = self.clock if self.clock.tzinfo else self.clock.replace(tzinfo=zone)
        return (began + (real - self.read_at)).astimezone(zone)


def read_settings(site: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of one site's folder. An empty value counts as not set. Raises BadSetting.

    A secret key that isn't given is made once and kept in the folder's `instance/`, readable by its owner only.
    """
    given = os.environ if environment is None else environment
    instance = site.resolve() / "instance"

    def said(name: str) -> str | None:
        return given.get(name, "").strip() or None

    return Settings(
        site=site.resolve(),
        database_url=said("BUDAYANG_DATABASE_URL") or f"sqlite:///{instance / 'budayang.db'}",
        secret_key=_secret(said("BUDAYANG_SECRET_KEY"), instance),
        storage=Path(said("BUDAYANG_STORAGE") or instance / "storage").resolve(),
        demo_password=given.get("BUDAYANG_DEMO_PASSWORD") or None,
        clock=_moment("BUDAYANG_CLOCK", said("BUDAYANG_CLOCK")),
        read_at=datetime.now(UTC),
        https=_yes_no("BUDAYANG_HTTPS", said("BUDAYANG_HTTPS")),
        trusted_proxies=_networks("BUDAYANG_TRUSTED_PROXIES", said("BUDAYANG_TRUSTED_PROXIES")),
        sessions_per_person=_number(
            "BUDAYANG_SESSIONS_PER_PERSON", said("BUDAYANG_SESSIONS_PER_PERSON"), 0
        ),
        largest_upload=_number("BUDAYANG_LARGEST_UPLOAD", said("BUDAYANG_LARGEST_UPLOAD"), 100)
        * MEGABYTE,
    )


def _secret(given: str | None, instance: Path) -> str:
    if given is not None:
        if len(given) < SHORTEST_KEY:
            raise BadSetting(
                "BUDAYANG_SECRET_KEY", f"太短，至少 {SHORTEST_KEY} 个字符；留空则自动生成"
            )
        return given
    path = instance / "secret_key"
    if not path.exists():
        _keep_secret(path, secrets.token_hex(32))
    path.chmod(0o600)
    key = path.read_text("ascii").strip()
    if len(key) < SHORTEST_KEY:
        raise BadSetting(
            "BUDAYANG_SECRET_KEY",
            f"{path} 中的密钥不完整，请删除该文件（所有人需重新登录）或设置此项",
        )
    return key


def _keep_secret(path: Path, key: str) -> None:
    """Whole or not at all, and of several processes that start at once one wins: link() refuses what is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _moment(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadSetting(name, f"“{text}”不是时刻，请写成 2026-03-02 09:00") from None


def _yes_no(name: str, text: str | None) -> bool:
    if text in (None, "no"):
        return False
    if text == "yes":
        return True
    raise BadSetting(name, f"只能是 yes 或 no，现为“{text}”")


def _number(name: str, text: str | None, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise BadSetting(name, f"应为不超过六位的整数，现为“{text}”")
    return int(text)


def _networks(name: str, text: str | None) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(one.strip()) for one in (text or "").split(",") if one.strip())
    except ValueError:
        raise BadSetting(
            name, f"“{text}”不是地址，请写成 127.0.0.1 或 10.0.0.0/24，多个用逗号隔开"
        ) from None
