"""Texts in the reader's language, typed. The Chinese text is the key; English stands in app/translations/en."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext


def _(text: str, **facts: object) -> str:
    """The text in the reader's language, `%(facts)s` filled in. Only for texts of the program, never for data."""
    return str(gettext(text, **facts))


def _l(text: str) -> str:
    """The same for what is written down before there is a reader: it is looked up when it is shown."""
    lazy: str = lazy_gettext(text)
    return lazy
