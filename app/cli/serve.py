"""`budayang serve`: the site on its last applied release, in one or more processes."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from app.cli.options import site_option
from app.settings import Settings
from app.switchboard import Switchboard, uncollected

REQUEST_SECONDS = 60
GRACE_SECONDS = 30
LOAD_FAILED = 4  # with this exit code of a worker gunicorn stops instead of starting another


@click.command()
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="监听端口。"
)
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="服务进程数。"
)
@click.option("--no-worker", is_flag=True, help="不运行定时任务；这个版本还没有定时任务。")
def serve(site: Path, host: str, port: int, workers: int, no_worker: bool) -> None:
    """启动站点。应用新的发布后，各进程在几秒内自动换上，不中断服务。"""
    with uncollected():  # before the processes part: they share the modules and start sooner
        import app.site  # noqa: F401
    from app.cli.opening import open_engine, open_settings, require_release

    del no_worker  # nothing runs by the clock yet; the option is part of the command's contract
    settings = open_settings(site)
    engine = open_engine(settings)
    try:
        require_release(engine)
    finally:
        engine.dispose()
    _require_free(host, port)
    click.echo(f"不打烊正在启动：{_address(host, port)}（{workers} 个进程，Ctrl+C 停止）")
    gc.freeze()  # what is shared stays shared: the collector writes into all that it looks at
    _run(lambda: _opened(settings), {"bind": _bind(host, port), "workers": workers})


def open_switchboard(settings: Settings) -> Switchboard:
    """A switchboard on the live release, watching for the next; one for each process."""
    with uncollected():
        return _open_switchboard(settings)


def _open_switchboard(settings: Settings) -> Switchboard:
    from app.release.releases import live_release
    from app.schema.engine import engine as make_engine
    from app.site import build_release

    engine = make_engine(settings.database_url)
    seat: list[Switchboard] = []

    def notice() -> str:
        failed = seat[0].failure if seat else None
        return f"第 {failed[0]} 次发布无法启用，仍在使用原来的发布：{failed[1]}" if failed else ""

    def build(release: int) -> Any:
        return build_release(engine, settings, release, notice=notice)

    board = Switchboard(build(live_release(engine)), lambda: live_release(engine), build)
    seat.append(board)
    board.start()
    return board


def _opened(settings: Settings) -> Switchboard:
    """The same; a release that this version of the program can't read ends the server with a message."""
    with uncollected():
        from app.site import UnreadableRelease

        try:
            return open_switchboard(settings)
        except UnreadableRelease as unreadable:
            click.echo(f"现行发布的配置读不懂，站点没有启动：{unreadable}", err=True)
            sys.exit(LOAD_FAILED)


def _require_free(host: str, port: int) -> None:
    """Ends the command where the address can't be listened at."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(
            f"不能在 {host} 的 {port} 端口上监听（{error.strerror or error}），"
            "请换一个 --port，或先停掉占用它的程序"
        ) from error


def _bind(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _address(host: str, port: int) -> str:
    return f"http://{_bind(host, port)}"


def _run(load: Callable[[], Switchboard], options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        """Gunicorn without a configuration file: each worker opens its own switchboard."""

        def load_config(self) -> None:
            settings = options | {
                "timeout": REQUEST_SECONDS,
                "graceful_timeout": GRACE_SECONDS,
                "loglevel": "warning",
                "worker_class": "gthread",
                "threads": 4,
                "forwarded_allow_ips": "",
                "limit_request_line": 8190,
            }
            for key, value in settings.items():
                self.cfg.set(key, value)

        def load(self) -> Any:
            return load()

    Server().run()
