"""Sending the request of a case and judging the answer."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.db import transaction
from pypdf import PdfReader

from mofu.accounts.models import TrailEntry
from mofu.accounts.trail_actions import CHANGES
from tests.access.verdicts import FORBIDDEN, HIDDEN, NO_METHOD, OK, SIGN_IN

FINE = {200, 302, 400, 409, 422, 503}  # of an allowed request; 503 where no PDF can be made here


@dataclass(frozen=True)
class Answer:
    """What came back, and what the request changed."""

    status: int
    text: str
    leads_to: str
    changed: list[str]

    @property
    def verdict(self):
        """What it comes to."""
        if self.leads_to.startswith(("/login/", "/admin/login/")):
            return SIGN_IN
        known = {403: FORBIDDEN, 404: HIDDEN, 405: NO_METHOD}
        return known.get(self.status, OK if self.status in FINE else str(self.status))


def readable(content):
    """Return the text of a file, unpacked where it is one of the packed kinds."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    if content.startswith(b"%PDF-1.7"):
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode("utf-8", "ignore")


def _content(response) -> bytes:
    if not response.streaming:
        return response.content
    blocks: Iterable[bytes] = response.streaming_content
    return b"".join(block if isinstance(block, bytes) else block.encode() for block in blocks)


def ask(world, persona, method, url, data=None):
    """Send one request as ``persona`` and take back what it did."""
    client = world.client(persona)
    with transaction.atomic():
        mark = TrailEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if method == "POST":
            response = client.post(url, {"seen": "0", **(data or {})})
        else:
            response = client.get(url, headers={"HX-Request": "true"} if method == "HTMX" else {})
        text = readable(_content(response)) + repr(list(response.items()))
        altered = TrailEntry.objects.filter(pk__gt=mark, action__in=CHANGES)
        changed = [f"{entry.action} {entry.model}" for entry in altered]
        transaction.set_rollback(True)
    leads_to = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
    return Answer(response.status_code, text, leads_to, changed)


class Lines(logging.Handler):
    """Everything that is logged, as it is written."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


@contextmanager
def logged():
    """Collect all lines of the log; pytest's own collecting of thousands of refusals would take as long as they do."""
    found, root = Lines(), logging.getLogger()
    kept, level = root.handlers, root.level
    root.handlers, django = [found], logging.getLogger("django")
    root.setLevel(logging.INFO)
    held = django.handlers, django.propagate
    django.handlers, django.propagate = [], True
    try:
        yield found.lines
    finally:
        root.handlers = kept
        root.setLevel(level)
        django.handlers, django.propagate = held
