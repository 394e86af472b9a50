"""When nothing can be saved: a page that says why, and that gives back what was typed."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Callable

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_LOCKED = {"SQLITE_BUSY", "SQLITE_LOCKED"}
_WORDS = {
    "full": "服务器磁盘空间不足，暂时不能保存。请联系系统管理员清理磁盘，然后再试一次。",
    "readonly": "服务器的数据当前只读，暂时不能保存。请联系系统管理员，然后再试一次。",
    "locked": "系统正在写入大批数据（例如导入），等待超时。请过一两分钟再试一次。",
    "away": "数据库暂时无法连接。请稍后再试一次；如仍不行，请联系系统管理员。",
}
_SECRET = (
    "password",
    "code",
    "csrfmiddlewaretoken",
)  # parts of names of fields that never go back into a page


class StorageTroubleMiddleware:
    """Answer 503 where the database or a disk refuses to take something; everything else is no business of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a failure of storage, None for any other exception."""
        kind = kind_of(exception)
        if not kind:
            return None
        logger.error("storage trouble (%s)", kind, exc_info=exception)
        context = {
            "words": _WORDS[kind], "again": request.path, "typed": _typed(request), "csrf_token": get_token(request),
        }  # fmt: skip
        response = HttpResponse(render_to_string("503.html", context), status=503)
        response["Retry-After"] = "60"
        response["Cache-Control"] = "no-store"
        return response


def kind_of(exception: Exception) -> str:
    """Return what kind of trouble an exception tells of: full, readonly, locked, away; empty for anything else."""
    if isinstance(exception, DatabaseError):
        return _of_database(exception)
    if isinstance(exception, OSError) and exception.errno in (*_FULL, errno.EROFS):
        return "full" if exception.errno in _FULL else "readonly"
    return ""


def _of_database(exception: DatabaseError) -> str:
    cause = exception.__cause__
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        names = {"SQLITE_FULL": "full", "SQLITE_READONLY": "readonly", "SQLITE_CANTOPEN": "away"}
        kind = next((kind for start, kind in names.items() if name.startswith(start)), "")
        return "locked" if name.split("_SNAPSHOT")[0] in _LOCKED else kind
    state = getattr(cause, "sqlstate", None) or ""
    known = {"53100": "full", "25006": "readonly", "55P03": "locked", "40P01": "locked"}
    if state in known:
        return known[state]
    return (
        "away" if isinstance(exception, OperationalError) and (not state or state[:2] in ("08", "57")) else ""
    )


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a form sent, to be sent again; nothing where it carried files or secrets."""
    posted = request.POST if request.method == "POST" else QueryDict()
    if request.FILES or any("password" in name for name in posted):
        return []
    return [
        (name, value)
        for name, values in posted.lists()
        for value in values
        if not any(part == name for part in _SECRET)
    ]
