"""`budayang new entity` and `budayang schema`: files to begin with, good as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.manifest.load import load_site
from app.manifest.read.entities import ENTITY


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    text = "site: { format: 1, name: 小站 }\n"
    (tmp_path / "config/site.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_new_entity_is_good_as_it_is(site: Path) -> None:
    done = run("new", "entity", "asset", "--label", "设备", "--folder", "stores", "--site", site)
    assert done.exit_code == 0
    loaded = load_site(site)
    assert loaded.problems == ()
    assert loaded.manifest is not None
    assert loaded.manifest.entities["asset"].label == "设备"


def test_a_new_entity_tells_of_every_key_that_it_could_have(site: Path) -> None:
    run("new", "entity", "asset", "--site", site)
    text = (site / "catalogs/asset.yaml").read_text("utf-8")
    assert [
        key for key in ENTITY.names if f"\n{key}:" not in text and f"# {key}:" not in text
    ] == []
    assert text.startswith("# yaml-language-server: $schema=../schemas/entity.schema.json\n")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Asset", "键名"),
        ("设备", "键名"),
        ("../asset", "键名"),
        ("user", "平台自带"),
        ("ab_user", "平台"),
        ("api", "网址"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(site: Path, name: str, says: str) -> None:
    done = run("new", "entity", name, "--site", site)
    assert done.exit_code == 1
    assert says in done.output
    assert not (site / "catalogs").exists()


def test_a_file_that_is_there_is_left_alone(site: Path) -> None:
    run("new", "entity", "asset", "--site", site)
    before = (site / "catalogs/asset.yaml").read_text("utf-8")
    done = run("new", "entity", "asset", "--label", "别的", "--folder", "more", "--site", site)
    assert done.exit_code == 1
    assert (site / "catalogs/asset.yaml").read_text("utf-8") == before


def test_a_new_entity_stays_within_the_catalogues(site: Path) -> None:
    assert run("new", "entity", "asset", "--folder", "../..", "--site", site).exit_code == 1
    assert not list(site.parent.glob("asset.yaml"))


def test_schemas_are_written_where_they_are_wanted(site: Path, tmp_path: Path) -> None:
    assert run("schema", "-o", tmp_path / "out").exit_code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"entity.schema.json", "workflows.schema.json", "tests.schema.json"} < names
