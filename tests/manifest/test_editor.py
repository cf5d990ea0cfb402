"""An editor with yaml-language-server completes keys with Chinese descriptions and marks a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.manifest.json_schema import as_files
from tests.manifest.language_server import editing, server_command

COMMAND = server_command()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(COMMAND is None, reason="yaml-language-server isn't installed"),
]
HEAD = "# yaml-language-server: $schema=schemas/entity.schema.json\nentity: asset\nlabel: 设备\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schemas").mkdir()
    for name, text in as_files().items():
        (tmp_path / "schemas" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_right_file_has_no_diagnostics(folder: Path) -> None:
    text = HEAD + "fields:\n  name: { label: 名称, type: text, required: yes }\n"
    assert COMMAND is not None
    with editing(COMMAND, folder / "asset.yaml", text) as editor:
        assert editor.diagnostics() == []


def test_a_wrong_key_is_marked(folder: Path) -> None:
    text = HEAD + "fields:\n  name: { labl: 名称, label: 名称, type: text }\n"
    assert COMMAND is not None
    with editing(COMMAND, folder / "asset.yaml", text) as editor:
        assert any("labl" in message for message in editor.diagnostics())


def test_keys_and_types_are_completed_with_chinese_descriptions(folder: Path) -> None:
    text = HEAD + "fields:\n  name:\n    label: 名称\n    type: \n    \n"
    assert COMMAND is not None
    with editing(COMMAND, folder / "asset.yaml", text) as editor:
        types = editor.completions(6, 10)
        keys = editor.completions(7, 4)
    assert {"text", "money", "credit_code"} <= set(types)
    assert "是否必填" in keys["required"]
