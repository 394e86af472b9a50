"""The seal of one entry: a keyed digest over everything it says, so that no byte changes unnoticed.

Keys are derived from ``settings.FIELD_KEYS``; the first seals, all verify, so a key stays listed as long as entries
sealed with it are kept. The seal needs no lock and no query, which the bulk paths rely on.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache

from django.conf import settings

FIXED = (
    "at",
    "actor_id",
    "actor_name",
    "reason",
    "ip",
    "request_id",
)  # the same for all entries of a bulk path
OWN = ("action", "model", "object_id", "object_label", "changes_json")


class UnknownKeyError(LookupError):
    """A seal was made with a key that ``FIELD_KEYS`` no longer lists."""


def sealer(fixed: Iterable[object], key_id: str = "") -> Callable[[Iterable[str]], str]:
    """Return what seals entries that share the values ``fixed`` (of :data:`FIXED`), given their own (of :data:`OWN`)."""
    key_id = key_id or next(iter(settings.FIELD_KEYS))
    start = _told(map(_text, fixed))
    key = key_of(key_id)

    def seal(own: Iterable[str]) -> str:
        return as_text(
            key_id, hmac.digest(key, (start + _told(own)).encode("utf-8", "surrogatepass"), "sha256")
        )

    return seal


def chained(previous: str, words: str, key_id: str = "") -> tuple[str, hmac.HMAC]:
    """Return the key id in use and a digest that begins with the digest before it and ``words``."""
    key_id = key_id or next(iter(settings.FIELD_KEYS))
    return key_id, hmac.new(key_of(key_id), _told((previous, words)).encode(), hashlib.sha256)


def as_text(key_id: str, digest: bytes) -> str:
    """Return a digest as it is stored: key id, a colon, base64."""
    return f"{key_id}:{urlsafe_b64encode(digest).decode()}"


def key_id_of(seal: str) -> str:
    """Return the id of the key that a seal was made with."""
    return seal.rpartition(":")[0]


def key_of(key_id: str) -> bytes:
    """Return the derived key; raise UnknownKeyError."""
    try:
        return _derived(settings.FIELD_KEYS[key_id])
    except KeyError:
        raise UnknownKeyError(key_id) from None


@cache
def _derived(key: bytes) -> bytes:
    return hashlib.sha256(b"trail" + key).digest()


def moment(at: datetime) -> str:
    """Return a time as it is sealed, the same from memory and from either database."""
    return at.astimezone(UTC).isoformat()


def _text(value: object) -> str:
    return moment(value) if isinstance(value, datetime) else "" if value is None else str(value)


def _told(texts: Iterable[str]) -> str:
    """Return texts in one, each with its length, so that nothing can move from one to the next."""
    return "".join(f"{len(text)}:{text}" for text in texts)
