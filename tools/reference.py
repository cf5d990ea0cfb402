"""Makes the pages of docs/ that tell what the code already says: `make docs`. A test holds them to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click

from tools.keys import cell, keys_tables

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
EXAMPLES = ROOT / "tests/manifests/bad"
EXPECTED = re.compile(r"#\s*expect\s+([A-Z]+\d+)")
MADE = "<!-- Made by `make docs`; edit the code, not this page. -->"


def problems_page() -> str:
    """Every problem `check` can find, with the example that shows it."""
    import app.manifest.load  # noqa: F401 - its readers declare their problems as they are imported
    from app.condition.faults import CATALOGUE as OF_CONDITIONS
    from app.manifest.problems import CATALOGUE

    shown_by = examples()
    lines = [
        "# 配置问题一览",
        "",
        MADE,
        "",
        "`budayang check` 报出的每一种问题。编号不变，也不重复使用；示例文件中标出的那一行会引出这个问题。",
        "",
        "| 编号 | 说明 | 怎么改 | 示例 |",
        "|---|---|---|---|",
    ]
    for fault in sorted((*CATALOGUE.values(), *OF_CONDITIONS.values()), key=lambda one: one.id):
        links = "、".join(f"[{f.stem}](../{f.relative_to(ROOT)})" for f in shown_by[fault.id])
        cells = (f"`{fault.id}`", cell(fault.message), cell(fault.hint), links)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def examples() -> dict[str, list[Path]]:
    """The bad examples in which an id is expected, by id."""
    found: dict[str, list[Path]] = defaultdict(list)
    for file in sorted(EXAMPLES.rglob("*.yaml")):
        for id in dict.fromkeys(EXPECTED.findall(file.read_text("utf-8", errors="replace"))):  # noqa: A001
            found[id].append(file)
    return found


def commands_page() -> str:
    """Every command with its help, as the terminal shows it."""
    from app.cli import main

    parts = ["# 命令参考", MADE]
    for name, command in walk("budayang", main):
        with click.Context(command, info_name=name, max_content_width=100) as context:
            parts.append(f"## `{name}`\n\n```text\n{command.get_help(context).rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for key, child in sorted(command.commands.items()):
            if not child.hidden:
                yield from walk(f"{name} {key}", child)


def keys_page() -> str:
    """Every key of every file, from the tables that the readers go by."""
    intro = "YAML 文件里可以写的每一个键。`…` 处是管理员自己取的键名；加粗的键必须写。"
    return "\n\n".join(("# 键一览", MADE, intro, *keys_tables())) + "\n"


PAGES = {"problems.md": problems_page, "commands.md": commands_page, "keys.md": keys_page}


def main() -> None:
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), "utf-8")
        click.echo(f"docs/{name}")


if __name__ == "__main__":
    main()
