"""`budayang …`: the commands, each imported only when it is called."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import click

from app import __version__
from app.cli.wording import ChineseContext, in_chinese

# Command → where it is and one line of help: `budayang --help` imports none of them.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "check": ("app.cli.check:check", "检查配置，指出每个问题的位置和改法"),
    "plan": ("app.cli.plan:plan", "对照上一次发布，说明应用后会改变什么"),
    "apply": ("app.cli.apply:apply", "应用配置，成为一次新的发布"),
    "releases": ("app.cli.releases:releases", "列出各次发布：何时、何人、为何"),
    "rollback": ("app.cli.rollback:rollback", "退回到以前的一次发布"),
    "serve": ("app.cli.serve:serve", "启动站点"),
    "new": ("app.cli.new:new", "生成一个带注释的 YAML 文件"),
    "items": ("app.cli.items:items", "把预先写好的行导出为 YAML，或由 Excel 生成"),
    "schema": ("app.cli.schema:schema", "生成编辑器用的 JSON Schema"),
    "explain": ("app.cli.explain:explain", "说明某人为什么能或不能看、做某件事"),
    "user": ("app.cli.user:user", "管理登录账号"),
    "demo": ("app.cli.demo:demo", "填入演示数据"),
    "deadline": ("app.cli.deadline:deadline", "按日历推算期限"),
    "doctor": ("app.cli.doctor:doctor", "找出妨碍站点运行的问题"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported on first use. One whose module isn't there isn't offered."""

    context_class = ChineseContext

    def list_commands(self, context: click.Context) -> list[str]:
        return [name for name, (target, _) in COMMANDS.items() if _there(target)]

    def get_command(self, context: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS or not _there(COMMANDS[cmd_name][0]):
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return in_chinese(command)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name][1]) for name in self.list_commands(context)]
        with formatter.section("命令"):
            formatter.write_dl(rows)

    @property
    def commands(self) -> MutableMapping[str, click.Command]:
        """All of them, imported: for those who list what there is."""
        context = click.Context(self)
        found = {name: self.get_command(context, name) for name in self.list_commands(context)}
        return {name: command for name, command in found.items() if command is not None}

    @commands.setter
    def commands(self, commands: object) -> None:
        """Click fills it with what was registered by decorators; here nothing is."""

    def invoke(self, ctx: click.Context) -> Any:
        """What a command refuses is told in Chinese; how it was called wrongly, Click tells itself."""
        try:
            return super().invoke(ctx)
        except click.UsageError:
            raise
        except click.ClickException as error:
            click.echo(f"错误：{error.format_message()}", err=True)
            ctx.exit(error.exit_code)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **named: Any) -> Any:
        """Run. What nobody foresaw ends in one line and exit 1, with a trace only on demand."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        words = list(sys.argv[1:] if args is None else args)
        try:
            return super().main(words, *rest, **named)
        except Exception as error:
            if "--traceback" in words:
                raise
            click.echo(f"程序内部错误：{type(error).__name__}：{error}", err=True)
            click.echo("请加 --traceback 再运行一次，把显示的内容报告给开发者。", err=True)
            sys.exit(1)


def _there(target: str) -> bool:
    return importlib.util.find_spec(target.partition(":")[0]) is not None


@click.group(cls=LazyGroup, add_help_option=False)
@click.help_option("-h", "--help", help="显示本说明。")
@click.version_option(
    __version__,
    "--version",
    prog_name="budayang",
    message="%(prog)s %(version)s",
    help="显示版本号。",
)
@click.option("--traceback", is_flag=True, help="出现内部错误时显示详细信息。")
def main(traceback: bool) -> None:
    """不打烊：管理员写 YAML，其余由程序生成。"""
