"""Values as people read them: moments, yes and no, nothing at all, how long ago."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from app.screens.texts import _
from app.screens.visits import shell

NOTHING = "—"


def moment(value: datetime | None) -> str:
    """`2026-03-02 09:00`, in the site's zone."""
    return (
        value.astimezone(shell().zone).strftime("%Y-%m-%d %H:%M") if value is not None else NOTHING
    )


def day(value: date | None) -> str:
    return value.isoformat() if value is not None else NOTHING


def yes_no(value: bool | None) -> str:
    if value is None:
        return NOTHING
    return _("是") if value else _("否")


def plain(value: object) -> str:
    """Any value of a field as text: never `None`, `True` or a number in scientific notation."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return yes_no(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case Decimal():
            return f"{value:,f}"
        case _:
            return str(value)


def ago(value: datetime | None) -> str:
    """How long ago, in the largest unit that fits."""
    if value is None:
        return NOTHING
    seconds = (shell().now() - value).total_seconds()
    if seconds < 60:
        return _("刚刚")
    if seconds < 3600:
        return _("%(n)s 分钟前", n=int(seconds // 60))
    if seconds < 86400:
        return _("%(n)s 小时前", n=int(seconds // 3600))
    return moment(value)


def words(of: Mapping[str, str]) -> list[tuple[str, str]]:
    """Keys with their words, translated."""
    return [(key, _(word)) for key, word in of.items()]


def set_up(app: Flask) -> None:
    """Filters of the same names for the templates."""
    for reading in (moment, day, yes_no, plain, ago, words):
        app.jinja_env.filters[reading.__name__] = reading
