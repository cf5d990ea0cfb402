"""Forms of any program as a browser would send them back: read the page, change one field, post the rest as it is."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlencode

Pairs = list[tuple[str, str]]


class _Forms(HTMLParser):
    """Collects every form of a page with what stands in it."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Pairs] = []
        self._select = ""
        self._chosen: Pairs = []
        self._first: str | None = None
        self._area = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append([])
        elif not self.forms or "disabled" in given:
            return
        elif tag == "input" and name:
            self._input(given, name)
        elif tag == "select":
            self._select, self._chosen, self._first = name, [], None
        elif tag == "option" and self._select:
            value = given.get("value", "")
            self._first = value if self._first is None else self._first
            if "selected" in given:
                self._chosen.append((self._select, value))
        elif tag == "textarea" and name:
            self._area, self._text = name, ""

    def _input(self, given: dict[str, str], name: str) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "reset", "file", "image"):
            return
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        self.forms[-1].append(
            (name, given.get("value", "on" if kind in ("checkbox", "radio") else ""))
        )

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select and self.forms:
            rest = [(self._select, self._first)] if self._first is not None else []
            self.forms[-1] += self._chosen or rest
            self._select = ""
        elif tag == "textarea" and self._area and self.forms:
            self.forms[-1].append((self._area, self._text.removeprefix("\r\n").removeprefix("\n")))
            self._area = ""


def changed_form(page: str, field: str, value: str, extra: Pairs | None = None) -> str:
    """The body that posts the page's form with this field set. Raises ValueError where no form has the field."""
    reader = _Forms()
    reader.feed(page)
    for pairs in reader.forms:
        if any(name == field for name, _ in pairs):
            kept = [(name, value if name == field else old) for name, old in pairs]
            return urlencode([*kept, *(extra or [])])
    raise ValueError(f"no form has a field {field}")
