"""The command line in Chinese: what Click says by itself in help pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

SECTIONS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}


class ChineseFormatter(click.HelpFormatter):
    """Help pages under Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法：")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(SECTIONS.get(name, name)):
            yield


class ChineseContext(click.Context):
    """A call whose help page is in Chinese."""

    formatter_class = ChineseFormatter


def in_chinese(command: click.Command) -> click.Command:
    """The command, and those under it, with their help in Chinese."""
    if command.context_class is ChineseContext:
        return command
    command.context_class = ChineseContext
    command.add_help_option = False
    click.help_option("-h", "--help", help="显示本说明。")(command)
    if isinstance(command, click.Group) and type(command) is click.Group:
        for child in command.commands.values():
            in_chinese(child)
    return command
