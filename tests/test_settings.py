"""Settings: defaults, what is refused, and a secret key that is made once for its owner."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.settings import BadSetting, read_settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_without_an_environment_everything_is_in_the_site_s_instance_folder(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {})
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/budayang.db"
    assert settings.storage == tmp_path / "instance/storage"
    assert settings.demo_password is None
    assert not settings.https
    assert settings.trusted_proxies == ()


def test_the_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    first = read_settings(tmp_path, {}).secret_key
    assert len(first) == 64
    assert read_settings(tmp_path, {}).secret_key == first
    assert read_settings(tmp_path / "other", {}).secret_key != first
    file = tmp_path / "instance/secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    read_settings(tmp_path, {})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "a copy or a backup may have opened it"


def test_processes_that_start_together_agree_on_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_settings(tmp_path, {}).secret_key, range(16)))
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "instance").iterdir()] == ["secret_key"]


def test_a_given_secret_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    given = {"BUDAYANG_SECRET_KEY": "k" * 32}
    assert read_settings(tmp_path, given).secret_key == "k" * 32
    assert not (tmp_path / "instance").exists()


def test_what_is_given_is_used(tmp_path: Path) -> None:
    settings = read_settings(
        tmp_path,
        {
            "BUDAYANG_DATABASE_URL": "postgresql+psycopg://somewhere/site",
            "BUDAYANG_DEMO_PASSWORD": " a b ",
            "BUDAYANG_HTTPS": "yes",
            "BUDAYANG_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/24,::1",
            "BUDAYANG_SESSIONS_PER_PERSON": "3",
            "BUDAYANG_LARGEST_UPLOAD": "20",
        },
    )
    assert settings.database_url == "postgresql+psycopg://somewhere/site"
    assert settings.demo_password == " a b ", "a password is taken as it stands"
    assert settings.https
    assert [str(network) for network in settings.trusted_proxies] == [
        "127.0.0.1/32",
        "10.0.0.0/24",
        "::1/128",
    ]
    assert settings.sessions_per_person == 3
    assert settings.largest_upload == 20 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUDAYANG_SECRET_KEY", "short"),
        ("BUDAYANG_CLOCK", "tomorrow"),
        ("BUDAYANG_HTTPS", "true"),
        ("BUDAYANG_TRUSTED_PROXIES", "somewhere"),
        ("BUDAYANG_TRUSTED_PROXIES", "10.0.0.1/24"),
        ("BUDAYANG_SESSIONS_PER_PERSON", "-1"),
        ("BUDAYANG_SESSIONS_PER_PERSON", "３"),
        ("BUDAYANG_LARGEST_UPLOAD", "1e3"),
    ],
)
def test_a_setting_that_can_t_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read_settings(tmp_path, {name: value})


def test_a_broken_key_file_is_told_instead_of_used(tmp_path: Path) -> None:
    read_settings(tmp_path, {})
    (tmp_path / "instance/secret_key").write_text("", "ascii")
    with pytest.raises(BadSetting, match="不完整"):
        read_settings(tmp_path, {})


def test_a_set_clock_starts_there_and_goes_on(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {"BUDAYANG_CLOCK": "2026-03-02 09:00"})
    first = settings.now(SHANGHAI)
    began = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
    assert began <= first < began + timedelta(minutes=1)
    assert settings.now(SHANGHAI) > first
    with_zone = read_settings(tmp_path, {"BUDAYANG_CLOCK": "2026-03-02T01:00+00:00"})
    assert with_zone.now(SHANGHAI) - began < timedelta(minutes=1)


def test_without_one_it_is_the_real_time(tmp_path: Path) -> None:
    now = read_settings(tmp_path, {}).now(SHANGHAI)
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)
    assert now.utcoffset() == timedelta(hours=8)
