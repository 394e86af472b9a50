"""What the service writes to its log: one line an event, with the request's id, without anybody's personal data.

Who did what stands on the trail, which is protected; the log is for those who keep the machine running.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from mofu.accounts.context import REQUEST_ID, current

access = logging.getLogger("mofu.access")

_PERSONAL = re.compile(
    r"(?<!\d)(?:\d{17}[Xx]|\d{15,19}|1[3-9]\d{9})(?!\d)"
)  # ID numbers of both lengths, bank accounts, phones
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def scrubbed(text: str) -> str:
    """Return a text without ID numbers, bank accounts and phones: a database names the values it refused."""
    return _PERSONAL.sub(lambda found: found[0][:3] + "*" * (len(found[0]) - 3), text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request id, and what a record carries in ``facts``."""

    def format(self, record: logging.LogRecord) -> str:
        found = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
            "request_id": _request_id(record),
        } | getattr(record, "facts", {})
        if record.exc_info:
            found["exception"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(found, ensure_ascii=False)


def _request_id(record: logging.LogRecord) -> str:
    """Return the id of the request that runs, or of the one that a record is about when it is over."""
    about = getattr(getattr(record, "request", None), "META", {})
    return current().request_id or about.get(REQUEST_ID, "")


class ForeignHostFilter(logging.Filter):
    """Let a foreign Host be one line of warning: whoever scans addresses is no error of ours, and has no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, made smaller."""
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
        return True


class LineFormatter(logging.Formatter):
    """A line for people's eyes; nothing in a message can begin a line of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name logging calls
        record.message = _CONTROL.sub(" ", scrubbed(record.message))
        facts = " ".join(f"{name}={value}" for name, value in getattr(record, "facts", {}).items())
        return f"{super().formatMessage(record)} {facts}".rstrip()

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name logging calls
        return scrubbed(super().formatException(ei))


class AccessLogMiddleware:
    """Log every request: method, path without its question, status, milliseconds; who it was is the trail's matter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        facts = {
            "method": request.method,
            "path": scrubbed(request.path),
            "status": response.status_code,
            "ms": round((time.perf_counter() - begun) * 1000),
        }
        access.info("request", extra={"facts": facts})
        return response
