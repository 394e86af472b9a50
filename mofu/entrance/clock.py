"""How long a session lasts: so long without a request, so long at most."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

SIGNED_IN, SEEN = "signed_in_at", "seen_at"  # seconds since 1970, in the session
_WRITTEN_EVERY = 60  # seconds: a session is not written with every request


class Ended(StrEnum):
    """Why a session is over."""

    IDLE = "太久没有操作，为保护数据已自动退出，请重新登录。"
    ABSOLUTE = "本次登录已达到最长时间，请重新登录。"


def begin(request: HttpRequest, **_: Any) -> None:
    """Start the clock of a session; called by Django's signal when somebody is signed in."""
    request.session[SIGNED_IN] = request.session[SEEN] = _now()


def ended(session: SessionBase) -> Ended | None:
    """Return why the session is over, None while it lasts; one that was never begun is over."""
    if _now() - session.get(SIGNED_IN, 0) >= settings.SESSION_COOKIE_AGE:
        return Ended.ABSOLUTE
    if _now() - session.get(SEEN, 0) >= settings.SESSION_IDLE_SECONDS:
        return Ended.IDLE
    return None


def touch(session: SessionBase) -> None:
    """Note that the session is in use."""
    if _now() - session.get(SEEN, 0) >= min(_WRITTEN_EVERY, settings.SESSION_IDLE_SECONDS // 10):
        session[SEEN] = _now()


def seconds_left(session: SessionBase) -> int:
    """Return after how many seconds without a request the session ends."""
    idle = session.get(SEEN, 0) + settings.SESSION_IDLE_SECONDS
    absolute = session.get(SIGNED_IN, 0) + settings.SESSION_COOKIE_AGE
    return max(0, min(idle, absolute) - _now())


def _now() -> int:
    return int(timezone.now().timestamp())
