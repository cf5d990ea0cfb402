"""A site at the command line: a folder, a database, and what the commands say."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result

from app.cli import main

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "tests/sites/library"
PASSWORD = "Wind-Mill-47-North"


@dataclass(frozen=True)
class Site:
    """A folder on a database."""

    folder: Path
    url: str
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, given: str | None = None, **settings: str) -> Result:
        """Runs a command. Whatever happens, it may only end by itself, never by an exception."""
        environment = {"BUDAYANG_DATABASE_URL": self.url, "BUDAYANG_DEMO_PASSWORD": ""}
        done = CliRunner(env=environment | self.settings | settings).invoke(
            main, ["--traceback", *words, "--site", str(self.folder)], input=given
        )
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done

    def says(self, *words: str, given: str | None = None, **settings: str) -> str:
        """What a command prints that must succeed."""
        done = self.run(*words, given=given, **settings)
        assert done.exit_code == 0, done.output
        return done.stdout

    def refusal(self, *words: str, given: str | None = None, **settings: str) -> str:
        """Why a command refuses: one line, exit code 1."""
        done = self.run(*words, given=given, **settings)
        assert done.exit_code == 1, done.output
        assert done.stderr.startswith("错误：")
        return done.stderr.removeprefix("错误：").rstrip("\n")


def library_in(folder: Path, url: str) -> Site:
    """A copy of the library's lending desk, applied."""
    shutil.copytree(LIBRARY, folder, ignore=shutil.ignore_patterns("__pycache__", "instance"))
    site = Site(folder, url)
    assert "第 1 次发布" in site.says("apply", "--yes", "-m", "first")
    return site
