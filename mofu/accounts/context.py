"""Who is acting right now: the request (or command) behind a write, for the trail.

The middleware sets it per request; commands set it with :func:`acting`. Nothing decides
rights with it: rights come from the user that a view passes on explicitly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mofu.accounts.models import User

REQUEST_ID = "mofu.request_id"  # where in a request's META its id stands


@dataclass(frozen=True)
class Acting:
    """The actor of a write: ``user`` is None for commands, which name themselves in ``source``.

    ``reason`` stands on every entry that brings none of its own.
    """

    user: User | None = None
    ip: str = ""
    request_id: str = ""
    source: str = ""
    reason: str = ""


_SYSTEM = Acting(source="system")
_current: ContextVar[Acting] = ContextVar("acting", default=_SYSTEM)


def current() -> Acting:
    """Return the actor of the running request or command."""
    return _current.get()


@contextmanager
def acting(who: Acting) -> Iterator[None]:
    """Run a block as ``who``; writes inside leave that name on the trail."""
    token = _current.set(who)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Run a block whose entries on the trail give ``reason`` unless they bring their own."""
    with acting(replace(current(), reason=reason)):
        yield
