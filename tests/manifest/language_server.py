"""A small client of yaml-language-server: open a file, read its diagnostics, ask for completions."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 200  # messages read before an answer is given up


def server_command() -> str | None:
    """Where the language server is, if it is installed (`npm install yaml-language-server`)."""
    own = ROOT / "node_modules/.bin/yaml-language-server"
    return str(own) if own.exists() else shutil.which("yaml-language-server")


class Editor:
    """One conversation with the server about one file."""

    def __init__(self, process: subprocess.Popen[bytes], file: Path, text: str) -> None:
        self.process = process
        self.uri = file.as_uri()
        self.text = text
        self.last = 0

    def send(self, method: str, params: object, *, answer: bool = False) -> int:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        if answer:
            self.last += 1
            message["id"] = self.last
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()
        return self.last

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if "id" in message and "method" in message:  # the server asks: there is nothing to say
            empty = [{}] if message["method"] == "workspace/configuration" else None
            body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": empty}).encode()
            assert self.process.stdin is not None
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self.process.stdin.flush()
        return message

    def answer(self, id_: int) -> Any:
        for _ in range(PATIENCE):
            message = self.receive()
            if message.get("id") == id_ and "method" not in message:
                return message.get("result")
        raise AssertionError("the language server doesn't answer")

    def diagnostics(self) -> list[str]:
        """What the server finds wrong with the file."""
        for _ in range(PATIENCE):
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                return [one["message"] for one in message["params"]["diagnostics"]]
        raise AssertionError("the language server tells no diagnostics")

    def completions(self, line: int, column: int) -> dict[str, str]:
        """What may be written at a place (from 0), with the descriptions shown."""
        position = {"line": line, "character": column}
        params = {"textDocument": {"uri": self.uri}, "position": position}
        result = self.answer(self.send("textDocument/completion", params, answer=True))
        items = result["items"] if isinstance(result, dict) else result
        return {item["label"]: str(item.get("documentation", "")) for item in items}


@contextmanager
def editing(command: str, file: Path, text: str) -> Iterator[Editor]:
    """The file open in an editor, its schema found by its first line."""
    file.write_text(text, encoding="utf-8")
    process = subprocess.Popen([command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        editor = Editor(process, file, text)
        start = {"processId": None, "rootUri": file.parent.as_uri(), "capabilities": {}}
        editor.answer(editor.send("initialize", start, answer=True))
        editor.send("initialized", {})
        settings = {
            "yaml": {"schemaStore": {"enable": False}, "validate": True, "completion": True}
        }
        editor.send("workspace/didChangeConfiguration", {"settings": settings})
        opened = {"uri": editor.uri, "languageId": "yaml", "version": 1, "text": text}
        editor.send("textDocument/didOpen", {"textDocument": opened})
        yield editor
    finally:
        process.kill()
        process.wait()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.close()
