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

NONCE = 12  # bytes


def encrypt(text: str) -> str:
    """Return ``<key id>:<base64 of nonce and ciphertext>``; empty stays empty."""
    if not text:
        return ""
    key_id, raw = _lock(text.encode())
    return f"{key_id}:{urlsafe_b64encode(raw).decode()}"


def decrypt(stored: str) -> str:
    """Return the text of a stored value; raise KeyError for an unknown key, InvalidTag when damaged."""
    if not stored:
        return ""
    key_id, _, body = stored.partition(":")
    return _unlock(key_id, urlsafe_b64decode(body)).decode()


def seal(content: bytes) -> bytes:
    """Return a file's content encrypted: key id, a colon, nonce and ciphertext."""
    key_id, raw = _lock(content)
    return f"{key_id}:".encode() + raw


def unseal(sealed: bytes) -> bytes:
    """Return the content of a sealed file; raise KeyError for an unknown key, InvalidTag when damaged."""
    key_id, _, raw = sealed.partition(b":")
    return _unlock(key_id.decode(), raw)


def _lock(content: bytes) -> tuple[str, bytes]:
    """Return the id of the key in use, and nonce and ciphertext; the id is authenticated along."""
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    nonce = os.urandom(NONCE)
    return key_id, nonce + _cipher(key).encrypt(nonce, content, key_id.encode())


def _unlock(key_id: str, raw: bytes) -> bytes:
    return _cipher(settings.FIELD_KEYS[key_id]).decrypt(raw[:NONCE], raw[NONCE:], key_id.encode())


@cache
def _cipher(key: bytes) -> AESGCM:
    """Return the cipher of a key, made once: making one costs more than encrypting a number with it."""
    return AESGCM(key)


def blind_index(text: str) -> str | None:
    """Return a keyed hash by which equal values are found; None for the empty text (so that it is not unique)."""
    if not text:
        return None
    *_, key = settings.FIELD_KEYS.values()
    return hmac.digest(_index_key(key), text.encode(), "sha256").hex()


@cache
def _index_key(key: bytes) -> bytes:
    return hashlib.sha256(b"blind-index" + key).digest()


class EncryptedField(models.TextField):
    """Text that is encrypted in the database and plain in Python."""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        return decrypt(value or "")

    def get_prep_value(self, value: Any) -> str:
        return encrypt(str(value)) if value else ""
