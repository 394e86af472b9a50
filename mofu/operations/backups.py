"""Backup and restore of database and files together: encrypted, checksummed, tried before they are trusted.

A backup is a folder: the database (``database.sqlite3.age``, or ``database.dump.age`` from pg_dump), the files
(``media.tar.age``) and ``manifest.json``: what is in it, the SHA-256 of both as they lie there, and a seal made with the
installation's own key. It is written under another name and renamed when complete, so that a broken one is never taken
for a whole. Nothing is replaced before everything was opened and looked through.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from mofu.accounts import trail, trail_blocks
from mofu.operations import age, dumps, erasures, stored_files
from mofu.registers import own_files

MEDIA = "media.tar"
MANIFEST = "manifest.json"
FORMAT = 2
_PREFIX = "mofu-"


class BackupError(RuntimeError):
    """A backup could not be made, is damaged or does not fit; the message says what to do, in Chinese."""


@dataclass(frozen=True)
class Made:
    """A backup that was just made: where, how large (bytes), and uploaded files that records name but nobody has."""

    folder: Path
    size: int
    missing: Sequence[str]


def backup(folder: Path, now: datetime, *, keep: int = 0) -> Made:
    """Write a backup below ``folder``; with ``keep`` remove all but that many of the newest; raise BackupError."""
    target = folder / f"{_PREFIX}{now:%Y%m%d-%H%M%S}"
    if target.exists():
        raise BackupError(f"{target} 已存在，请稍后再试。")
    partial = folder / f".{target.name}.partial"
    with _told():
        partial.mkdir(parents=True, mode=0o700)
        try:
            missing = _write(partial, now)
            verify(partial)
            partial.rename(target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    size = sum(file.stat().st_size for file in target.iterdir())
    trail.record(
        trail.Action.BACKED_UP, reason=f"{target.name}，{size / 1e6:.1f} MB，缺附件 {len(missing)} 个"
    )
    for old in all_in(folder)[keep:] if keep > 0 else ():
        if old != target:  # whatever the clock says, what was just made stays
            shutil.rmtree(old)
    return Made(target, size, missing)


def all_in(folder: Path) -> list[Path]:
    """Return the complete backups below a folder, the newest first."""
    found = [path.parent for path in folder.glob(f"{_PREFIX}*/{MANIFEST}")]
    return sorted(found, key=lambda path: path.name, reverse=True)


def newest(folder: Path) -> Path:
    """Return the folder of the backup meant: itself, or the newest backup below it."""
    return folder if (folder / MANIFEST).exists() else next(iter(all_in(folder)), folder)


def verify(folder: Path) -> dict[str, Any]:
    """Return the manifest of a sound backup of this installation; raise BackupError for any other.

    Without the private key that is: complete, unaltered, sealed with one of our keys, for our engine and schema.
    """
    manifest = _manifest(folder)
    for name, known in manifest["files"].items():
        path = folder / Path(name).name
        if not path.is_file() or _digest(path) != known["sha256"]:
            raise BackupError(f"备份已损坏：{path.name} 缺失或校验值不符，请改用另一份备份。")
    if manifest["engine"] != connection.vendor:
        raise BackupError(f"备份来自 {manifest['engine']}，当前数据库是 {connection.vendor}，不能直接恢复。")
    if newer := set(manifest["schema"]) - set(_schema_of_code()):
        raise BackupError(f"备份来自更新版本的系统（{min(newer)}），请先升级程序再恢复。")
    return manifest


def rehearse(folder: Path) -> dict[str, Any]:
    """Open a backup with the private key and look through all of it without replacing anything; return its manifest."""
    with _opened(folder) as (manifest, _):
        return manifest


def restore(folder: Path, say: Callable[[str], object]) -> dict[str, Any]:
    """Replace database and files by those of a sound backup; the application must be stopped. Return the manifest.

    ``say`` is told, line by line and as soon as it is known, where what was replaced lies and whose erasure has to be
    done again.
    """
    with _opened(folder) as (manifest, plain), _told():
        before = erasures.erased()
        if aside := dumps.load(plain / dumps.name(), manifest["rows"]):
            say(f"原数据库保存在 {aside}（以前恢复时保存的不会被覆盖）。")
        for line in erasures.to_repeat(before):
            say(line)
        if folder_aside := stored_files.unpack(plain / MEDIA):
            say(f"备份里没有的附件移到附件存储的 {folder_aside} 目录。")
    trail.record(trail.Action.RESTORED, reason=f"{folder.name}（{manifest['made']}）")
    return manifest


def _write(partial: Path, now: datetime) -> list[str]:
    """Write the parts and the manifest; return the names of files that records have and the storage has not."""
    head = trail_blocks.closed()  # verify_trail --head: nothing was cut off since
    rows = dumps.dump(partial)
    packed = stored_files.pack(partial / MEDIA)
    missing = sorted(own_files.named() - packed)
    parts = {}
    for part in (dumps.name(), MEDIA):
        locked = partial / (part + age.SUFFIX)
        age.lock(partial / part, locked, settings.BACKUP_RECIPIENTS)
        (partial / part).unlink()
        parts[locked.name] = {"sha256": _digest(locked), "size": locked.stat().st_size}
    manifest = {
        "format": FORMAT, "made": now.isoformat(), "engine": connection.vendor, "schema": _schema_of_database(),
        "rows": rows, "trail": head, "media": len(packed), "missing": len(missing), "files": parts,
    }  # fmt: skip
    manifest["seal"] = _seal(manifest, next(iter(settings.FIELD_KEYS.values())))
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), "utf-8")
    return missing


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """Decrypt a sound backup into a folder of its own, look through it, and give manifest and folder."""
    manifest = verify(folder)
    beside = folder.parent if os.access(folder.parent, os.W_OK) else None
    with _told(), tempfile.TemporaryDirectory(prefix=".opened-", dir=beside) as opened:
        plain = Path(opened)
        for part in (dumps.name(), MEDIA):
            age.unlock(folder / (part + age.SUFFIX), plain / part, settings.BACKUP_IDENTITIES)
        dumps.check(plain / dumps.name(), manifest["rows"])
        stored_files.check(plain / MEDIA, manifest["media"])
        yield manifest, plain


@contextmanager
def _told() -> Iterator[None]:
    """Say what went wrong below in the one way commands know."""
    try:
        yield
    except (age.KeyProblemError, dumps.DumpError, stored_files.FileNotRestoredError) as error:
        raise BackupError(str(error)) from error
    except OSError as error:
        raise BackupError(f"读写备份时出错：{error.strerror or error}，请检查磁盘空间和目录权限。") from error


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder when it is whole and sealed by this installation."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        known = {
            name: manifest[name] for name in ("format", "engine", "schema", "rows", "media", "files", "seal")
        }
        names = set(known["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"{folder} 不是完整的备份：缺少或无法读取 {MANIFEST}。") from None
    if known["format"] != FORMAT or names != {part + age.SUFFIX for part in (_dump_name(known), MEDIA)}:
        raise BackupError(f"{folder} 不是完整的备份：{MANIFEST} 与本系统的备份格式不符。")
    seals = [_seal(manifest, key) for key in settings.FIELD_KEYS.values()]
    if not any(hmac.compare_digest(seal, str(known["seal"])) for seal in seals):
        raise BackupError(
            "备份说明被改动过，或不是用本系统的密钥制作的（FIELD_KEYS 不符，恢复后证件号将无法读取）。"
        )
    return manifest


def _dump_name(manifest: dict[str, Any]) -> str:
    return "database.sqlite3" if manifest["engine"] == "sqlite" else "database.dump"


def _seal(manifest: dict[str, Any], key: bytes) -> str:
    content = {name: value for name, value in manifest.items() if name != "seal"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hmac.digest(hashlib.sha256(b"backup" + key).digest(), text.encode(), "sha256").hex()


def _schema_of_code() -> list[str]:
    return sorted(".".join(key) for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _schema_of_database() -> list[str]:
    return sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
