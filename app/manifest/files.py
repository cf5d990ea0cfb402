"""A site's folder: which files belong to it, and which do not."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from app.manifest.problems import Findings, fault, likely
from app.place import Place

CONFIG_FILES = (
    "site",
    "organization",
    "dictionaries",
    "calendars",
    "roles",
    "escalations",
    "assessments",
    "dashboards",
    "messages",
)
SITE_FILE = "config/site.yaml"
MAX_FILES = 2000
READ_AT_MOST = 64 * 1024 * 1024

NO_FOLDER = fault("FIL101", "没有 {folder} 这个文件夹", "请检查 --site 的路径")
NO_SITE = fault(
    "FIL102", "这里不是一个站点：没有 config/site.yaml", "请在站点文件夹里运行，或用 --site 指明它"
)
UNKNOWN_FILE = fault("FIL103", "{folder}/ 里不认识 {name} 这个文件")
NOT_YAML = fault("FIL104", "{name} 不是 .yaml 文件，不会被读取", "请把扩展名改成 .yaml，或移到别处")
OUTSIDE = fault("FIL105", "{name} 是指向站点外面的链接", "请把文件本身放进站点文件夹")
NOT_A_FILE = fault("FIL106", "{name} 不是普通文件", "请删去它，或换成普通文件")
UNREADABLE = fault("FIL107", "{name} 读不出来：{why}", "请检查文件的权限")
TOO_MANY_FILES = fault("FIL108", "站点里的文件超过 {limit} 个", "请检查 --site 的路径是否正确")
ODD_NAME = fault("FIL109", "文件名 {name} 里有不能用的字符", "请改用小写英文字母、数字和下划线")
FOLDER_LINK = fault(
    "FIL110", "{name} 是指向别处的文件夹链接，里面的文件不会被读取", "请把文件夹本身放进站点"
)

_TESTS = re.compile(rb"^(\xef\xbb\xbf)?tests\s*:", re.MULTILINE)


def site_files(folder: Path, found: Findings) -> dict[str, bytes]:
    """The site's files by their path in it, in a fixed order. Everything that doesn't belong is reported."""
    if not folder.is_dir():
        found.add(NO_FOLDER(Place(SITE_FILE, 1), folder=folder))
        return {}
    files: dict[str, bytes] = {}
    for path in _wanted(folder, found):
        if len(files) >= MAX_FILES:
            found.add(TOO_MANY_FILES(Place(path, 1), limit=MAX_FILES))
            break
        content = _content(folder, path, found)
        if content is not None and _belongs(path, content):
            files[path] = content
    return files


def _wanted(folder: Path, found: Findings) -> Iterator[str]:
    """Paths that may belong to the site: known ones, and strange ones below config and catalogs."""
    if (folder / "workflows.yaml").exists():
        yield "workflows.yaml"
    for top in ("config", "catalogs", "tests"):
        for path in _below(folder, top, found):
            name = PurePosixPath(path).name
            if top == "tests":
                if name.endswith(".yaml"):
                    yield path
            elif not _ignored(name):
                yield path


def _below(folder: Path, top: str, found: Findings) -> Iterator[str]:
    for current, folders, names in os.walk(folder / top, followlinks=False):
        here = Path(current)
        if here != folder and top == "tests" and (here / SITE_FILE).is_file():
            folders.clear()  # a site of its own
            continue
        for name in sorted(folders):
            if (here / name).is_symlink() and top != "tests":
                link = (here / name).relative_to(folder).as_posix()
                found.add(FOLDER_LINK(Place(_printable(link), 1), name=link))
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__")))
        for name in sorted(names):
            yield (here / name).relative_to(folder).as_posix()


def _ignored(name: str) -> bool:
    """Editors' leavings, hidden files and notes."""
    return name.startswith((".", "~$", "#")) or name.endswith(("~", ".swp", ".md"))


def _content(folder: Path, path: str, found: Findings) -> bytes | None:
    place = Place(_printable(path), 1)
    whole = folder / path
    if _printable(path) != path:
        found.add(ODD_NAME(place, name=_printable(path)))
        return None
    try:
        if not whole.resolve().is_relative_to(folder.resolve()):
            found.add(OUTSIDE(place, name=path))
            return None
        if not stat.S_ISREG(whole.stat().st_mode):
            found.add(NOT_A_FILE(place, name=path))
            return None
        with whole.open("rb") as file:
            return file.read(READ_AT_MOST)
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        found.add(UNREADABLE(place, name=path, why=reason or type(error).__name__))
        return None


def _printable(path: str) -> str:
    """The path without what a terminal or a database can't take."""
    clean = path.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in clean)


def _belongs(path: str, content: bytes) -> bool:
    """Below tests/, only files whose top key is `tests` are the site's."""
    return not path.startswith("tests/") or _TESTS.search(content) is not None


def check_path(path: str, found: Findings) -> bool:
    """Whether a file has a place in a site; a strange one is reported."""
    parts = PurePosixPath(path)
    place = Place(path, 1)
    if path == "workflows.yaml" or path.startswith("tests/"):
        return True
    if parts.suffix != ".yaml":
        # A misspelt suffix hides a file that was meant; notes and pictures may lie beside the YAML.
        tell = found.add if parts.suffix.lower() in (".yml", ".yaml") else found.notice
        tell(NOT_YAML(place, name=path))
        return False
    if parts.parts[0] == "config" and (len(parts.parts) != 2 or parts.stem not in CONFIG_FILES):
        hint = likely(parts.stem, CONFIG_FILES, noun="可以有")
        found.add(UNKNOWN_FILE(place, folder=str(parts.parent), name=parts.name, hint=hint))
        return False
    return True
