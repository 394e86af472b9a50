"""Browsers that signed in before: a signed cookie that lets their owner in while others fail his name on purpose."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from mofu.entrance.brakes import digest

_SALT = "mofu.known-device"
_MAX_AGE = 180 * 24 * 3600  # seconds
_NAMES = 8  # of one browser; the oldest is forgotten


def known_device(request: HttpRequest, name: str) -> str:
    """Return the id of the browser when it signed in with ``name`` before, else the empty text."""
    seen = _read(request)
    return seen["id"] if digest(name) in seen["names"] else ""


def remember(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Let the browser carry along that it signed in with ``name``; it says nothing else and grants nothing."""
    seen = _read(request)
    names = [kept for kept in seen["names"] if kept != digest(name)]
    value = {"id": seen["id"] or get_random_string(16), "names": [*names, digest(name)][-_NAMES:]}
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE,
        signing.dumps(value, salt=_SALT),
        max_age=_MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        return signing.loads(
            request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE, ""), salt=_SALT, max_age=_MAX_AGE
        )
    except signing.BadSignature:
        return {"id": "", "names": []}
