"""Examples that can't stand in a text file: other encodings, huge and odd files, links."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.manifest.examples import Told, base_files

SITE = "config/site.yaml"
TEXT = "site: { format: 1, name: 示例站点 }\n"


def _bytes(content: bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / SITE).write_bytes(content)

    return make


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "config/messages.yaml")


def _outside(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere.yaml"
    elsewhere.write_text("messages: {}\n", encoding="utf-8")
    (folder / "config/messages.yaml").symlink_to(elsewhere)


def _folder_link(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / "catalogs/more").symlink_to(elsewhere)


def _broken_link(folder: Path) -> None:
    (folder / "config/messages.yaml").symlink_to(folder / "config/gone.yaml")


def _odd_name(folder: Path) -> None:
    (folder / "catalogs/a\nb.yaml").write_text("entity: a\n", encoding="utf-8")


def _strange(path: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / path).write_text("x: 1\n", encoding="utf-8")

    return make


def _without(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


def _many_fields(folder: Path) -> None:
    fields = "".join(f"  k{n}: {{ label: 第{n}, type: text }}\n" for n in range(301))
    text = f"entity: asset\nlabel: 设备\nfields:\n{fields}list: [k1]\n"
    (folder / "catalogs/asset.yaml").write_text(text, encoding="utf-8")


# Name → how the base site is changed, and where what is told.
MADE: dict[str, tuple[Callable[[Path], None], str, int]] = {
    "SRC101-ten-megabytes": (_bytes(TEXT.encode() + b"# x\n" * 2_600_000), SITE, 1),
    "SRC102-byte-order-mark": (_bytes(b"\xef\xbb\xbf" + TEXT.encode()), SITE, 1),
    "SRC103-utf-16": (_bytes(TEXT.encode("utf-16")), SITE, 1),
    "SRC103-utf-16-without-mark": (_bytes(TEXT.encode("utf-16-le")), SITE, 1),
    "SRC104-gbk": (_bytes(("# 一行\n" + TEXT).encode("gbk")), SITE, 1),
    "SRC105-not-text": (_bytes(b"site:\n  name: \xff\xff\xff\n"), SITE, 2),
    "SRC106-nul": (_bytes(TEXT.encode() + b"# \x00\n"), SITE, 2),
    "SRC106-right-to-left": (_bytes(TEXT.replace("站", "\u202e").encode()), SITE, 1),
    "SRC110-twenty-thousand-brackets": (_bytes(b"site: " + b"[" * 20_000), SITE, 1),
    "SRC110-deep-indentation": (
        _bytes("".join(f"{' ' * n}a:\n" for n in range(300)).encode()),
        SITE,
        41,
    ),
    "SRC111-very-many-values": (_bytes(b"site: [" + b"1," * 200_001 + b"1]\n"), SITE, 1),
    "SRC117-no-bytes": (_bytes(b""), SITE, 1),
    "ENT155-very-many-fields": (_many_fields, "catalogs/asset.yaml", 3),
    "FIL101-no-folder": (shutil.rmtree, SITE, 1),
    "FIL102-no-site": (_without(SITE), SITE, 1),
    "FIL103-strange-file": (_strange("config/sites.yaml"), "config/sites.yaml", 1),
    "FIL104-other-suffix": (_strange("catalogs/more.yml"), "catalogs/more.yml", 1),
    "FIL105-link-outwards": (_outside, "config/messages.yaml", 1),
    "FIL106-pipe": (_fifo, "config/messages.yaml", 1),
    "FIL107-broken-link": (_broken_link, "config/messages.yaml", 1),
    "FIL109-odd-name": (_odd_name, "catalogs/a\\x0ab.yaml", 1),
    "FIL110-folder-link": (_folder_link, "catalogs/more", 1),
}


def made_example(name: str, place: Path) -> tuple[Path, Told]:
    """A copy of the base site, changed; and what it should tell."""
    folder = place / "site"
    for path, content in base_files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    make, file, line = MADE[name]
    make(folder)
    return folder, Told("expect", name[:6], file, line)
