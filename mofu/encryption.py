"""Personal data at rest: authenticated encryption with key id and cipher, and a keyed hash for finding equals.

``settings.FIELD_KEYS`` is an ordered mapping key id → 32 bytes: the first key encrypts and makes the hashes, all decrypt.
``settings.FIELD_CIPHER`` names the cipher of new values; every stored value says which it was written with, so that
values of either stay readable. How keys are changed: decision 021 and ``mofu/operations/rotation.py``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.conf import settings
from django.db import models

NONCE, TAG = 12, 16  # bytes
SM4_KEY = 16  # bytes
TAGS = {"aes-256-gcm": "aes", "sm4-gcm": "sm4"}  # cipher → how stored values name it


class _Gcm(Protocol):
    """An authenticated cipher: ciphertext and tag in one; raises InvalidTag where anything was altered."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes: ...


class Sm4Gcm:
    """SM4 (GB/T 32907-2016) in GCM (RFC 8998), with the signature of the library's AES-GCM."""

    def __init__(self, key: bytes) -> None:
        self._cipher = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return ciphertext and tag."""
        writer = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        writer.authenticate_additional_data(associated_data)
        return writer.update(data) + writer.finalize() + writer.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Return the plain content; raise InvalidTag when it was altered."""
        if len(data) < TAG:
            raise InvalidTag
        reader = Cipher(self._cipher, modes.GCM(nonce, data[-TAG:])).decryptor()
        reader.authenticate_additional_data(associated_data)
        return reader.update(data[:-TAG]) + reader.finalize()


def head() -> str:
    """Return how values written now begin, up to the colon: key id and cipher (``k1.aes``)."""
    return f"{next(iter(settings.FIELD_KEYS))}.{TAGS[settings.FIELD_CIPHER]}"


def encrypt(text: str) -> str:
    """Return ``<key id>.<cipher>:<base64 of nonce and ciphertext>``; empty stays empty."""
    if not text:
        return ""
    start = head()
    return f"{start}:{urlsafe_b64encode(_lock(start, text.encode())).decode()}"


def decrypt(stored: str) -> str:
    """Return the text of a stored value; raise KeyError for an unknown key, InvalidTag when damaged."""
    if not stored:
        return ""
    start, _, body = stored.partition(":")
    return _unlock(start, urlsafe_b64decode(body)).decode()


def seal(content: bytes) -> bytes:
    """Return a file's content encrypted: key id and cipher, a colon, nonce and ciphertext."""
    start = head()
    return f"{start}:".encode() + _lock(start, content)


def unseal(sealed: bytes) -> bytes:
    """Return the content of a sealed file; raise KeyError for an unknown key, InvalidTag when damaged."""
    start, _, raw = sealed.partition(b":")
    return _unlock(start.decode(), raw)


def _lock(start: str, content: bytes) -> bytes:
    """Return nonce and ciphertext; how the value begins is authenticated along."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(start).encrypt(nonce, content, start.encode())


def _unlock(start: str, raw: bytes) -> bytes:
    return _cipher(start).decrypt(raw[:NONCE], raw[NONCE:], start.encode())


def _cipher(start: str) -> _Gcm:
    """Return the cipher that the beginning of a value names."""
    key_id, _, tag = start.rpartition(".")
    return _made(settings.FIELD_KEYS[key_id], tag)


@cache
def _made(key: bytes, tag: str) -> _Gcm:
    """Return the cipher of a key, made once: making one costs more than encrypting a number with it."""
    makers = {"aes": lambda: AESGCM(key), "sm4": lambda: Sm4Gcm(_derived(b"sm4", key)[:SM4_KEY])}
    return makers[tag]()


def blind_index(text: str) -> str | None:
    """Return a keyed hash by which equal values are found; None for the empty text (so that it is not unique)."""
    if not text:
        return None
    key = next(iter(settings.FIELD_KEYS.values()))
    return hmac.digest(_derived(b"blind-index", key), text.encode(), "sha256").hex()


@cache
def _derived(purpose: bytes, key: bytes) -> bytes:
    return hashlib.sha256(purpose + key).digest()


class EncryptedField(models.TextField):
    """Text that is encrypted in the database and plain in Python."""

    def from_db_value(self, value: str | None, *_: Any) -> str:
        return decrypt(value or "")

    def get_prep_value(self, value: Any) -> str:
        return encrypt(str(value)) if value else ""

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Ask for it in one line: numbers, not texts."""
        return super().formfield(**({} if self.choices else {"widget": forms.TextInput}) | kwargs)


class SealedField(models.BinaryField):
    """The outcome of :func:`seal`: a column that a change of keys has to write anew."""


class BlindIndexField(models.CharField):
    """The :func:`blind_index` of the encrypted column ``of``; NULL where that is empty."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 64, "null": True, "editable": False} | kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Say how the field is made, for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}
