"""The texts of the program and of Flask-AppBuilder that need translating, and catalogues of them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_appbuilder
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
BELOW = Path(flask_appbuilder.__file__).parent
CATALOGUES = ("zh", "en")
HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "__": None}
# What the domain refuses with: the screens show it in the reader's language. (Only plain texts; not f-strings.)
REFUSALS = {
    "Denied": None,
    "Conflict": None,
    "BadQuery": (2,),
    "__init__": None,
    "ValueProblem": None,
}
# Words of the domain that a page shows translated: constants, which no extractor sees.
WORDS_OF = (
    "app.domain.accounts:FAULTS",
    "app.domain.audit:ACTION_WORDS",
    "app.domain.audit_list:DETAIL_WORDS",
    "app.domain.audit_list:VALUE_WORDS",
    "app.domain.passwords:WEAKNESSES",
)


def texts_of(locale: str) -> dict[str, str]:
    """Each text that this catalogue must translate, with where it stands first."""
    return dict(_ours()) if locale == "en" else _left_untranslated()


def _extracted(folder: Path, keywords: dict[str, Any]) -> Iterator[tuple[str, str]]:
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    options = {"**/templates/**.html": {"trimmed": "true"}}
    found = extract_from_dir(
        str(folder), methods, options, keywords=keywords, strip_comment_tags=True
    )
    for file, _line, message, _comments, _context in found:
        yield (message if isinstance(message, str) else message[0]), file


def _ours() -> Iterator[tuple[str, str]]:
    from importlib import import_module

    seen = set()
    for message, file in sorted(
        _extracted(ROOT / "app", KEYWORDS | REFUSALS), key=lambda found: (found[1], found[0])
    ):
        if message and HAN.search(message) and message not in seen:
            seen.add(message)
            yield message, f"app/{file}"
    for source in WORDS_OF:
        module, name = source.split(":")
        for word in getattr(import_module(module), name).values():
            if word not in seen:
                seen.add(word)
                yield word, source.split(":")[0].replace(".", "/") + ".py"


def _left_untranslated() -> dict[str, str]:
    """What Flask-AppBuilder says and its own Chinese catalogue doesn't know."""
    with (BELOW / "translations/zh/LC_MESSAGES/messages.po").open("rb") as file:
        known = {str(m.id) for m in read_po(file) if m.id and m.string and not m.fuzzy}
        file.seek(0)
        listed = {str(m.id) for m in read_po(file) if m.id}
    said = {message for message, _file in _extracted(BELOW, KEYWORDS)}
    return {message: "flask_appbuilder" for message in sorted((said | listed) - known) if message}


def read(path: Path) -> Catalog:
    """A catalogue as it is written. It holds no date, so none is made up: the same text compiles to the same bytes."""
    with path.open("rb") as file:
        catalogue = read_po(file)
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    return catalogue


def updated(path: Path, locale: str, texts: dict[str, str]) -> tuple[bytes, list[str]]:
    """The catalogue with exactly these texts, translations kept; and those that have none."""
    old = read(path) if path.exists() else Catalog()
    new = Catalog(
        locale=locale, domain="messages", project="budayang", header_comment="", charset="utf-8"
    )
    missing = []
    for text, place in texts.items():
        kept = old.get(text)
        said = str(kept.string) if kept is not None and kept.string else ""
        if not said:
            missing.append(text)
        new.add(text, said, locations=[(place, 0)])
    out = io.BytesIO()
    write_po(out, new, width=0, omit_header=True, include_lineno=False)
    head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {locale}\\n"\n\n'
    return head.encode() + out.getvalue(), missing


def compiled(path: Path) -> bytes:
    out = io.BytesIO()
    write_mo(out, read(path))
    return out.getvalue()
