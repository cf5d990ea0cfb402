"""Documents that can't lie: what they name exists, what they show works, and both languages say the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pytest

import app

ROOT = Path(__file__).resolve().parents[1]
ENGLISH = ROOT / "README.md"
CHINESE = ROOT / "README.zh.md"
READMES = [pytest.param(ENGLISH, id="en"), pytest.param(CHINESE, id="zh")]

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def blocks(text: str, language: str) -> list[str]:
    return [body for lang, body in BLOCK.findall(text) if lang == language]


def commands(text: str, program: str) -> set[str]:
    """Every line that calls the program, in shell blocks and between backquotes."""
    lines = [line for body in blocks(text, "sh") for line in body.splitlines()]
    lines += CODE.findall(BLOCK.sub("", text))
    return {line.strip() for line in lines if re.match(rf"{program}(\s|$)", line.strip())}


def outline(text: str) -> list[str]:
    """What stands under what, whatever the language: headings, code, tables, lists, links."""
    shape = []
    for line in re.sub(
        r"\n{2,}", "\n", BLOCK.sub(lambda m: f"```{m[1]} {m[2]!r}\n", text)
    ).splitlines():
        if line.startswith("#"):
            shape.append(line.split(" ")[0])
        elif line.startswith("```"):
            shape.append(line)
        elif line.startswith("|"):
            shape.append("row " + " ".join(CODE.findall(line.split("|")[1])))
        elif re.match(r"\d+\. |- ", line):
            shape.append("point")
    return shape


def test_the_version_is_the_newest_in_the_changelog() -> None:
    versions = re.findall(
        r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert app.__version__ == next(v for v in versions if v != "Unreleased")


def test_both_readmes_have_the_same_structure() -> None:
    english, chinese = ENGLISH.read_text("utf-8"), CHINESE.read_text("utf-8")
    assert outline(english) == outline(chinese)
    for naming in (r"\bBUDAYANG_\w+", r"\bmake \w+", r"\b(?:docs|tests|config|catalogs)/[\w./]*"):
        assert set(re.findall(naming, english)) == set(re.findall(naming, chinese))


def test_another_structure_is_seen() -> None:
    text = ENGLISH.read_text("utf-8")
    assert outline(text) != outline(text.replace("## Configuration", "### Configuration"))
    assert outline(text) != outline(text.replace("make check\n", "make fast\n"))
    assert outline(text) != outline(
        text.replace("| `budayang demo` | fills a new site with made-up records |\n", "")
    )


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_that_the_readme_names_exists(readme: Path) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {line.split()[1] for line in commands(readme.read_text("utf-8"), "make") if " " in line}
    assert {"run", "check", "test"} <= named <= targets


def command_line() -> click.Group:
    from app.cli import main

    assert isinstance(main, click.Group)
    return main


def understand(line: str) -> None:
    """Click reads the line as it would before running it; an unknown command or option is an error."""
    command: click.Command = command_line()
    words = shlex.split(line)[1:]
    context = click.Context(command)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"{line}: no command {words[0]}"
        command, words = found, words[1:]
    if words:
        command.make_context(command.name, words)


@pytest.mark.parametrize("readme", READMES)
def test_every_command_that_the_readme_names_exists(readme: Path) -> None:
    lines = commands(readme.read_text("utf-8"), "budayang")
    assert len(lines) >= 10
    for line in sorted(lines):
        understand(line)


def test_a_command_that_does_not_exist_is_seen() -> None:
    with pytest.raises(AssertionError, match="no command sing"):
        understand("budayang sing")
    with pytest.raises(click.UsageError):
        understand("budayang apply --loudly")


def test_the_readme_lists_every_command() -> None:
    listed = {line.split()[1] for line in commands(ENGLISH.read_text("utf-8"), "budayang")}
    shown = {name for name, command in command_line().commands.items() if not command.hidden}
    assert listed == shown


def test_the_readme_lists_every_setting() -> None:
    read = set(re.findall(r"\bBUDAYANG_\w+", (ROOT / "app/settings.py").read_text("utf-8")))
    rows = re.findall(r"^\| `(BUDAYANG_\w+)`", ENGLISH.read_text("utf-8"), re.MULTILINE)
    assert set(rows) == read


def documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def test_no_link_leads_nowhere() -> None:
    dead = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents()
        for target, _ in LINK.findall(document.read_text("utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert not dead


def test_no_file_that_a_document_names_is_missing() -> None:
    missing = [
        f"{document.relative_to(ROOT)}: {name}"
        for document in documents()
        for name in re.findall(
            r"`((?:app|tests|docs|tools|bench)/[\w./-]+)`", document.read_text("utf-8")
        )
        if not (ROOT / name).exists()
    ]
    assert not missing


SITE = {
    "config/site.yaml": "site: { format: 1, name: Example, locale: zh, timezone: Asia/Shanghai }\n",
}


def test_the_readme_s_yaml_is_a_site_without_problems(
    write_site: Callable[[Mapping[str, str]], Path],
) -> None:
    from app.manifest.load import load_site

    (example,) = blocks(ENGLISH.read_text("utf-8"), "yaml")
    loaded = load_site(write_site({**SITE, "catalogs/reading_room.yaml": example}))
    assert not loaded.problems
    assert loaded.manifest is not None
    assert list(loaded.manifest.entities) == ["reading_room"]


@pytest.mark.parametrize("name", ["problems.md", "commands.md", "keys.md"])
def test_a_reference_page_says_what_the_code_says(name: str) -> None:
    from tools.reference import PAGES

    made = PAGES[name]()
    assert len(made.splitlines()) > 20
    assert (ROOT / "docs" / name).read_text("utf-8") == made, "run `make docs`"


def test_the_page_of_keys_tells_how_each_is_written() -> None:
    from app.manifest.read.entities import ENTITY
    from tools.reference import PAGES

    page = PAGES["keys.md"]()
    rows = [line for line in page.splitlines() if line.startswith(("| `", "| **`"))]
    assert len(rows) > 200
    assert [row for row in rows if "|  |" in row] == []
    assert all(f"`{name}`" in page for name in ENTITY.names)


@pytest.mark.parametrize("name", ["admin.md", "staff.md", "conditions.md", "architecture.md"])
def test_every_command_that_a_handbook_names_exists(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("plan.yaml", "文件.xlsx"):  # what the examples are given
        (tmp_path / file).touch()
    lines = commands((ROOT / "docs" / name).read_text("utf-8"), "budayang")
    for line in sorted(lines):
        understand(line)
    assert len(lines) >= (15 if name == "admin.md" else 0)


def test_the_administrators_handbook_s_yaml_is_a_site_without_problems(
    write_site: Callable[[Mapping[str, str]], Path],
) -> None:
    from app.manifest.load import load_site

    text = (ROOT / "docs/admin.md").read_text("utf-8")
    (entity,) = blocks(text, "yaml")
    excerpts = blocks(text, "text")
    assert len(excerpts) == 2
    for roles in excerpts:
        indented = "roles:\n" + "".join(f"  {line}\n" for line in roles.splitlines())
        files = {**SITE, "catalogs/reading_room.yaml": entity, "config/roles.yaml": indented}
        problems = [p.id for p in load_site(write_site(files | OTHERS)).problems]
        assert problems == []


# What the handbook's excerpts mention and don't define.
OTHERS = {
    "catalogs/member.yaml": """
entity: member
label: 读者
fields:
  branch: { label: 所属馆, type: ref, to: department }
  email: { label: 邮箱, type: email, private: yes }
  phone: { label: 电话, type: phone, private: yes }
  vip: { label: 贵宾, type: yes_no }
""",
    "catalogs/loan.yaml": "entity: loan\nlabel: 借阅\nfields: { day: { label: 日期, type: date } }\n",
    "config/organization.yaml": "organization: { departments: { d01: { label: 总馆 } } }\n",
}
