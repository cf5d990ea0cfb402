"""What a person sees of an HTML page: its words, links and forms. No browser, no selectors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = ("script", "style", "template")
BLOCKS = ("p", "div", "td", "th", "tr", "li", "h1", "h2", "h3", "label", "dt", "dd", "option")


@dataclass
class Form:
    """A form as it was sent, filled in as it is: `values` hold a list for each name."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    options: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    def filled(self, **changes: object) -> dict[str, list[str]]:
        """What the browser would send after someone changed these fields. None empties one."""
        values = {name: list(given) for name, given in self.values.items()}
        for name, value in changes.items():
            assert name in self.names, f"the form has no field {name}, only {sorted(self.names)}"
            if value is None:
                values.pop(name, None)
            else:
                values[name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
        return values


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._silent = 0
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._typed = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in SILENT:
            self._silent += 1
        if tag in BLOCKS:
            self.words.append("\n")
        if tag == "a" and "href" in said:
            self.links.append(said["href"])
        elif tag == "form":
            self._form = Form(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(tag, said)

    def _field(self, tag: str, said: dict[str, str]) -> None:
        assert self._form is not None
        name = said.get("name", "")
        if tag == "option" and self._select:
            value = said.get("value", "")
            self._form.options.setdefault(self._select, []).append(value)
            if "selected" in said:
                self._form.values.setdefault(self._select, []).append(value)
        elif not name or "disabled" in said:
            return
        elif tag == "input":
            self._input(self._form, name, said)
        elif tag == "textarea":
            self._form.names.add(name)
            self._area, self._typed = name, ""
        elif tag == "select":
            self._form.names.add(name)
            self._select = name
            self._form.options.setdefault(name, [])

    def _input(self, form: Form, name: str, said: dict[str, str]) -> None:
        form.names.add(name)
        kind = said.get("type", "text").lower()
        if kind in ("checkbox", "radio"):
            if "checked" in said:
                form.values.setdefault(name, []).append(said.get("value", "on"))
        elif kind == "file":
            form.files.add(name)
        elif kind not in ("submit", "button", "image", "reset"):
            form.values.setdefault(name, []).append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            self._form.values.setdefault(self._area, []).append(self._typed.removeprefix("\n"))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._typed += data
        elif not self._silent:
            self.words.append(data)


@dataclass(frozen=True)
class Page:
    """An answer of the server, read as a page."""

    status: int
    url: str
    html: str
    headers: dict[str, str]

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        reader.close()
        return reader

    @property
    def text(self) -> str:
        """Its visible words, on lines."""
        joined = "".join(self._read().words)
        return re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t\xa0]+", " ", joined)).strip()

    @property
    def links(self) -> list[str]:
        return self._read().links

    @property
    def forms(self) -> list[Form]:
        return self._read().forms

    def form(self, *names: str) -> Form:
        """The form that has fields of these names."""
        for form in self.forms:
            if set(names) <= form.names:
                return form
        raise AssertionError(f"{self.url} has no form with {names}: {self.text[:400]}")

    def __contains__(self, words: str) -> bool:
        return words in self.text
