"""The shape phase: every file read by its shape, and all names noted, before anything is linked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from app.manifest.files import NO_SITE, SITE_FILE, check_path
from app.manifest.link import Linking, Noun
from app.manifest.names import check_entity_name
from app.manifest.problems import fault
from app.manifest.read import entities, organization, site_tests
from app.manifest.read.items import KEY as ITEMS
from app.manifest.read.items import declared_codes
from app.manifest.read.sections import SECTIONS
from app.manifest.shapes import Said, Shape, Table, read_mapping
from app.manifest.source import MapNode, Node, Source, read_source
from app.place import Place

NOT_A_MAPPING = fault("FIL111", "文件最外层要写“键: 值”", "第一行应是 {key}:")
WRONG_NAME = fault(
    "FIL112", "文件名是 {file}，实体却是 {key}", "请把文件改名为 {key}.yaml，或改正 entity"
)
TWO_FILES = fault("FIL113", "实体 {key} 已经写在 {other} 里了", "一个实体只能有一个文件")

_NOUNS = {
    "dictionaries": Noun.DICTIONARY,
    "calendars": Noun.CALENDAR,
    "roles": Noun.ROLE,
    "workflows": Noun.WORKFLOW,
    "messages": Noun.MESSAGE,
}


def read_drafts(
    files: Mapping[str, bytes], link: Linking, sources: dict[str, Source] | None = None
) -> None:
    """Read all files by their shapes into `link.drafts`, and into `sources`, for showing their lines."""
    sources = {} if sources is None else sources
    for path, content in files.items():
        if check_path(path, link.found):
            sources[path] = read_source(path, content, link.found)
    if SITE_FILE not in files and not any(p.place.file == SITE_FILE for p in link.found.problems):
        link.found.add(NO_SITE(Place(SITE_FILE, 1)))
    for path, source in sources.items():
        if path in SECTIONS:
            _section(path, source, link)
        elif path.startswith("catalogs/"):
            _entity(path, source, link)
        elif path.startswith("tests/"):
            _tests(path, source, link)
    _note_names(link)


def _root(source: Source, key: str, link: Linking) -> MapNode | None:
    if source.root is not None and not isinstance(source.root, MapNode):
        link.found.add(NOT_A_MAPPING(source.root.place, key=key))
        return None
    return source.root


def _section(path: str, source: Source, link: Linking) -> None:
    key = SECTIONS[path]
    root = _root(source, key.name, link)
    value = None
    if root is not None:
        value = read_mapping(Shape(f"{path} ", (key,)), root, link.found).get(key)
    setattr(link.drafts, key.name, value)
    if value is None and key.name in _NOUNS:
        link.names[_NOUNS[key.name]].open = True
    if value is None and key.name == "organization":
        link.names[Noun.DEPARTMENT].open = link.names[Noun.POST].open = True


def _entity(path: str, source: Source, link: Linking) -> None:
    stem = PurePosixPath(path).stem
    root = _root(source, "entity", link)
    said = read_mapping(entities.ENTITY, root, link.found) if root is not None else None
    word = said.get(entities.KEY) if said is not None else None
    if said is None or word is None:
        link.names[Noun.ENTITY].keys[stem] = None
        link.unread_fields[stem] = None
        return
    if word.text != stem:
        link.found.add(WRONG_NAME(word.place, file=f"{stem}.yaml", key=word.text))
        link.names[Noun.ENTITY].keys[stem] = None  # which of the two is meant can't be told
        link.unread_fields[stem] = None
    other = link.drafts.entities.get(word.text)
    if other is not None:
        link.found.add(TWO_FILES(word.place, key=word.text, other=other.place.file))
        return
    check_entity_name(word, link.found)
    link.drafts.entities[word.text] = said
    link.names[Noun.ENTITY].keys[word.text] = None
    rows = said.get(ITEMS)
    if rows is not None:
        link.codes[word.text] = _codes(said, rows)


def _tests(path: str, source: Source, link: Linking) -> None:
    root = _root(source, site_tests.KEY.name, link)
    if root is not None:
        said = read_mapping(Shape(f"{path} ", (site_tests.KEY,)), root, link.found)
        link.drafts.tests[path] = said.get(site_tests.KEY, ())


def _codes(said: Said, rows: tuple[Node, ...]) -> Mapping[str, None]:
    """The codes of declared rows, by whichever field is of type code."""
    for entry in said.get(entities.FIELDS) or ():
        kind = entry.value.values.get("type")
        if kind == "code":
            return dict.fromkeys(declared_codes(rows, entry.key))
    return {}


def _note_names(link: Linking) -> None:
    for attribute, noun in _NOUNS.items():
        table = getattr(link.drafts, attribute)
        if table is not None:
            link.names[noun].keys.update(dict.fromkeys(table.names))
    said = link.drafts.organization
    if said is None:
        return
    for key, noun in ((organization.DEPARTMENTS, Noun.DEPARTMENT), (organization.POSTS, Noun.POST)):
        written = said.get(key)
        if isinstance(written, Table):
            link.names[noun].keys.update(dict.fromkeys(written.names))
        elif said.has(key):
            link.names[noun].open = True
