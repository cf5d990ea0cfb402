"""`budayang serve`: the site on its last applied release, in one or more processes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from app.cli.options import site_option
from app.settings import BadSetting, Settings, read_settings
from app.switchboard import Switchboard

REQUEST_SECONDS = 60
GRACE_SECONDS = 30


@click.command()
@site_option
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="监听端口。"
)
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="服务进程数。"
)
@click.option("--no-worker", is_flag=True, help="不在服务进程里运行定时任务。")
def serve(site: Path, host: str, port: int, workers: int, no_worker: bool) -> None:
    """启动站点。应用新的发布后，各进程在几秒内自动换上，不中断服务。"""
    from app.release.releases import live_release
    from app.schema.engine import engine as make_engine

    del no_worker  # nothing runs by the clock yet; the option is part of the command's contract
    try:
        settings = read_settings(site)
    except BadSetting as bad:
        raise click.ClickException(str(bad)) from bad
    engine = make_engine(settings.database_url)
    if not live_release(engine):
        click.echo(
            '这个站点还没有应用过配置。请先运行：budayang apply --yes -m "首次发布"', err=True
        )
        sys.exit(1)
    engine.dispose()
    click.echo(f"不打烊正在启动：http://{host}:{port}（{workers} 个进程，Ctrl+C 停止）")
    _run(lambda: open_switchboard(settings), {"bind": f"{host}:{port}", "workers": workers})


def open_switchboard(settings: Settings) -> Switchboard:
    """A switchboard on the live release, watching for the next; one for each process."""
    from app.release.releases import live_release
    from app.schema.engine import engine as make_engine
    from app.site import build_release

    engine: Engine = make_engine(settings.database_url)
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
            }
            for key, value in settings.items():
                self.cfg.set(key, value)

        def load(self) -> Any:
            return load()

    Server().run()
