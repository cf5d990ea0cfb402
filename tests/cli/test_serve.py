"""`budayang serve`: what keeps a site from being served is said at once; serving itself is tried in the journeys."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, update

from app.cli import COMMANDS, main
from app.cli.serve import LOAD_FAILED
from app.schema.platform import platform
from tests.cli.site import Site, library_in

COMMAND = Path(sys.executable).with_name("budayang")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return library_in(tmp_path / "site", f"sqlite:///{tmp_path / 'site.db'}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_site_that_was_never_applied_says_what_to_run(tmp_path: Path) -> None:
    never = Site(tmp_path, f"sqlite:///{tmp_path / 'site.db'}")
    assert "请先运行：budayang apply" in never.refusal("serve")


def test_a_port_in_use_is_named(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = site.refusal("serve", "--port", str(port))
    assert said.startswith(f"不能在 127.0.0.1 的 {port} 端口上监听")


def test_an_address_of_another_machine_is_named(site: Site) -> None:
    assert "不能在 192.0.2.1 的" in site.refusal("serve", "--host", "192.0.2.1")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"BUDAYANG_SECRET_KEY": "short"}, "BUDAYANG_SECRET_KEY：太短"),
        ({"BUDAYANG_CLOCK": "soon"}, "BUDAYANG_CLOCK：“soon”不是时刻"),
        ({"BUDAYANG_DATABASE_URL": "nonsense"}, "BUDAYANG_DATABASE_URL：不是可用的数据库地址"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    site: Site, settings: dict[str, str], says: str
) -> None:
    assert says in site.refusal("serve", **settings)


def test_a_release_that_cannot_be_read_ends_the_server_in_one_sentence(site: Site) -> None:
    engine = create_engine(site.url)
    with engine.begin() as connection:
        connection.execute(update(platform.file).values(content=b"["))
    engine.dispose()
    server = subprocess.Popen(
        [COMMAND, "serve", "--site", site.folder, "--port", str(free_port()), "--workers", "1"],
        env=os.environ | {"BUDAYANG_DATABASE_URL": site.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = server.communicate(timeout=60)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
    assert server.returncode == LOAD_FAILED
    assert "现行发布的配置读不懂，站点没有启动：" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_in_chinese(command: str) -> None:
    done = CliRunner().invoke(main, [command, "--help"])
    assert done.exit_code == 0
    assert done.output.startswith("用法：")
    assert "选项:" in done.output
    assert "显示本说明。" in done.output
    for word in ("Usage", "Options", "Show this"):
        assert word not in done.output
