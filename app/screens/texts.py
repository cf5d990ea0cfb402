"""Texts in the reader's language, typed. The Chinese text is the key; English stands in app/translations/en."""

from __future__ import annotations

import re

from flask_babel import get_locale, gettext, lazy_gettext

HAN = re.compile(r"[\u4e00-\u9fff]")


def _(text: str, **facts: object) -> str:
    """The text in the reader's language, `%(facts)s` filled in. Only for texts of the program, never for data."""
    return str(gettext(text, **facts))


def _l(text: str) -> str:
    """The same for what is written down before there is a reader: it is looked up when it is shown."""
    lazy: str = lazy_gettext(text)
    return lazy


def refusal_text(message: str, usual: str = "") -> str:
    """What the domain said, in the reader's language where it is known; else `usual` with the original behind it."""
    known = str(gettext(message)) if message else usual
    if known != message or not HAN.search(message) or str(get_locale()).startswith("zh"):
        return known
    return f"{usual} ({message})" if usual else message
