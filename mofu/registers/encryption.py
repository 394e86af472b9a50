"""Personal numbers at rest: AES-256-GCM with a key id, and a keyed hash for finding equals.

``settings.FIELD_KEYS`` is an ordered mapping key id → 32 bytes; the first key encrypts, all decrypt.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


def encrypt(text: str) -> str:
    """Return ``<key id>:<base64 of nonce and ciphertext>``; empty stays empty."""
    if not text:
        return ""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}:{urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str) -> str:
    """Return the text of a stored value; raise KeyError for an unknown key, InvalidTag when damaged."""
    if not stored:
        return ""
    key_id, _, body = stored.partition(":")
    raw = urlsafe_b64decode(body)
    return AESGCM(settings.FIELD_KEYS[key_id]).decrypt(raw[:12], raw[12:], key_id.encode()).decode()


def seal(content: bytes) -> bytes:
    """Return a file's content encrypted: key id, a colon, nonce and ciphertext."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(12)
    return f"{key_id}:".encode() + nonce + AESGCM(key).encrypt(nonce, content, key_id.encode())


def unseal(sealed: bytes) -> bytes:
    """Return the content of a sealed file; raise KeyError for an unknown key, InvalidTag when damaged."""
    key_id, _, raw = sealed.partition(b":")
    return AESGCM(settings.FIELD_KEYS[key_id.decode()]).decrypt(raw[:12], raw[12:], key_id)


def blind_index(text: str) -> str | None:
    """Return a keyed hash by which equal values are found; None for the empty text (so that it is not unique)."""
    if not text:
        return None
    return hmac.digest(_index_key(list(settings.FIELD_KEYS.values())[-1]), text.encode(), "sha256").hex()


@cache
def _index_key(key: bytes) -> bytes:
    return hashlib.sha256(b"blind-index" + key).digest()


class EncryptedField(models.TextField):
    """Text that is encrypted in the database and plain in Python."""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        return decrypt(value or "")

    def get_prep_value(self, value: Any) -> str:
        return encrypt(str(value)) if value else ""
