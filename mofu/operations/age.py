"""Files locked for the holders of private keys: the age format, written and read by the pyrage library (decision 019).

A server knows public keys (*recipients*) only, so whoever breaks into it cannot read the backups it made.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_io, encrypt_io, x25519

SUFFIX = ".age"


class KeyProblemError(ValueError):
    """A key is not one, or not the right one; the message says what to do, in Chinese."""


def new_key() -> tuple[str, str]:
    """Return a fresh pair: the recipient (public) and the identity (private)."""
    identity = x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def lock(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Write ``source`` encrypted for every recipient to ``target``; raise KeyProblemError for a bad or missing recipient."""
    if not recipients:
        raise KeyProblemError(
            "没有设置 BACKUP_RECIPIENTS（备份公钥），不能备份；用 backup_key 命令生成一对密钥。"
        )
    try:
        keys = [x25519.Recipient.from_str(one) for one in recipients]
    except RecipientError as error:
        raise KeyProblemError("BACKUP_RECIPIENTS 里有不是 age 公钥（age1…）的内容，请更正。") from error
    with source.open("rb") as plain, target.open("wb") as locked:
        encrypt_io(plain, locked, keys)


def unlock(source: Path, target: Path, identities: Sequence[str]) -> None:
    """Write ``source`` decrypted to ``target``; raise KeyProblemError where no identity fits or the content was altered."""
    if not identities:
        raise KeyProblemError("没有设置 BACKUP_IDENTITY_FILE（备份私钥文件），不能打开备份。")
    try:
        keys = [x25519.Identity.from_str(one) for one in identities]
    except IdentityError as error:
        raise KeyProblemError(
            "BACKUP_IDENTITY_FILE 里不是 age 私钥（AGE-SECRET-KEY-1…），请更正。"
        ) from error
    try:
        with source.open("rb") as locked, target.open("wb") as plain:
            decrypt_io(locked, plain, keys)
    except (DecryptError, OSError) as error:
        target.unlink(missing_ok=True)
        raise KeyProblemError(f"无法打开 {source.name}：备份私钥不符，或文件已损坏。") from error
