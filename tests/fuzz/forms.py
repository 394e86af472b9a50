"""The forms of a page as a browser would send them: where to, and with which fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

SILENT = {"submit", "button", "image", "reset"}
TICKED = {"checkbox", "radio"}


@dataclass
class Form:
    """Where a form goes, what it would send as it stands, and every name it has (``names``, buttons included)."""

    action: str
    method: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """``forms``: those of one page."""

    def __init__(self, address, text):
        super().__init__(convert_charrefs=True)
        self.address, self.forms = address, []
        self._form = self._select = self._text = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form":
            action = urljoin(self.address, values.get("action") or self.address)
            self._form = Form(action, values.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag in ("input", "select", "textarea", "button") and name:
            self._form.names.add(name)
            self._field(tag, name, values)
        elif tag == "option" and self._select and "selected" in values:
            self._form.sent.append((self._select, values.get("value", "")))

    def _field(self, tag, name, values):
        kind = values.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._text = (name, "")
        elif tag == "input" and kind not in SILENT | {"file"} and (kind not in TICKED or "checked" in values):
            self._form.sent.append((name, values.get("value", "on" if kind in TICKED else "")))

    def handle_data(self, data):
        if self._text:
            self._text = (self._text[0], self._text[1] + data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text and self._form:
            self._form.sent.append(self._text)
            self._text = None
