"""What somebody typed before the session ended: kept sealed for the same person, offered again after signing in."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from mofu.encryption import seal, unseal

_KEY = "kept_form"
_LARGEST = 1024 * 1024  # bytes of a form; more is an upload, which is not kept
_NOT_KEPT = ("csrfmiddlewaretoken", "password", "code")  # beginnings of names
_LASTS = 3600  # seconds


@dataclass(frozen=True)
class KeptForm:
    """A form that was sent too late: where to, by whom, and its fields in order."""

    path: str
    user: int
    at: int
    fields: list[tuple[str, str]]
    files: int  # how many files came along, which are lost


def keep(request: HttpRequest, session: SessionBase, user: int) -> bool:
    """Keep the form that ``request`` sends in ``session``, which may be another one; return whether it was kept."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not name.startswith(_NOT_KEPT) and "password" not in name
    ]
    content = json.dumps([request.get_full_path(), user, _now(), fields, len(request.FILES)]).encode()
    if not fields or len(content) > _LARGEST:
        return False
    session[_KEY] = b64encode(seal(content)).decode()
    return True


def kept(session: SessionBase, user: int) -> KeptForm | None:
    """Return the form kept for ``user``; None for another's or an old one."""
    if _KEY not in session:
        return None
    try:
        path, whose, at, fields, files = json.loads(unseal(b64decode(session[_KEY])))
    except KeyError:  # sealed with a key that is listed no more
        return None
    if whose != user or at < _now() - max(_LASTS, settings.SESSION_IDLE_SECONDS):
        return None
    return KeptForm(path, whose, at, [(name, value) for name, value in fields], files)


def drop(session: SessionBase) -> None:
    """Forget the kept form."""
    session.pop(_KEY, None)


def _now() -> int:
    return int(timezone.now().timestamp())
