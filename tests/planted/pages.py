"""Walks through every page that can be reached, and says what in a page could run."""

from __future__ import annotations

import re
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from django.urls import Resolver404, resolve

FORBIDDEN = {"iframe", "object", "embed", "base", "marquee", "frameset", "isindex", "math", "style", "video", "audio", "foreignobject", "animate", "xss", "font"}  # fmt: skip
ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "srcset", "poster", "background", "data"}
PICTURE = "data:image/"  # a code for the second factor
LEAVES = ("/static/", "/logout/", "/admin/")  # not walked into


class Page(HTMLParser):
    """One page: the links in it and what it holds that no page of ours holds."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.faults, self.forms = [], [], []
        self._json = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        names = [name for name, _ in attrs]
        if tag in FORBIDDEN or (tag == "script" and not self._allowed_script(values)):
            self.faults.append(f"<{tag}> {values}")
        for name in names:
            if name.startswith(("on", "hx-on", "data-hx-on")) or name == "style" or not _plain_name(name):
                self.faults.append(f"<{tag} {name}>")
        for name in ADDRESSES & values.keys():
            if tag != "script" and _leads_out(values[name]):
                self.faults.append(f"<{tag} {name}={values[name]!r}>")
        if (
            tag == "meta"
            and values.get("http-equiv", "").lower() == "refresh"
            and "url" in values.get("content", "").lower()
        ):
            self.faults.append(f"<meta> {values}")
        if tag == "a":
            self.links.append(values.get("href", ""))

    def _allowed_script(self, values):
        return values.get("type") == "application/json" or values.get("src", "").startswith("/static/")


def _leads_out(address):
    """Whether an address names a scheme or a host, as a browser reads it: blanks and control characters aside."""
    plain = "".join(letter for letter in address if letter > " ").replace("\\", "/")
    return bool(re.match(r"[a-zA-Z][\w+.-]*:|//", plain)) and not plain.startswith(PICTURE)


def _plain_name(name):
    return name.replace("-", "").replace(":", "").replace("_", "").isalnum() and name.isascii()


def view_of(address):
    """Return the name of the view behind an address, "" for none."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def walk(client, starts, *, each=1, by_question=False, kept=lambda address: True):
    """Yield (address, response, page) by links: of each view, and with ``by_question`` of each set of parameters, a few."""
    seen, done, queue = set(starts), Counter(), deque(starts)
    while queue:
        address = queue.popleft()
        question = sorted(parse_qs(urlsplit(address).query)) if by_question else ()
        kind = (view_of(address), *question)
        if done[kind] >= each or not kept(address):
            continue
        done[kind] += 1
        response = client.get(address)
        page = Page(response.content.decode()) if is_page(response) else None
        yield address, response, page
        links = page.links if page else filter(None, [response.headers.get("Location")])
        for link in links:
            aim = urljoin(address, link).partition("#")[0]
            if aim.startswith("/") and aim not in seen and not aim.startswith(LEAVES):
                seen.add(aim)
                queue.append(aim)


def is_page(response):
    return response.headers.get("Content-Type", "").startswith("text/html")
