"""Backup and restore of database and files together, with checksums.

A backup is a folder: ``database.sqlite3`` (or ``database.dump`` from pg_dump), ``media.tar`` and ``manifest.json`` with the
SHA-256 of both. It is written under another name and renamed when complete, so that a broken one is never taken for a whole.
The files are in ``mofu/registers/stored_files.py``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from mofu.registers import stored_files

MEDIA = "media.tar"
MANIFEST = "manifest.json"


class BackupError(RuntimeError):
    """A backup could not be made, is damaged or does not fit; the message says what to do, in Chinese."""


def backup(folder: Path, now: datetime) -> Path:
    """Write a backup below ``folder`` and return its own folder; raise BackupError when that fails."""
    target = folder / f"mofu-{now:%Y%m%d-%H%M%S}"
    if target.exists():
        raise BackupError(f"{target} 已存在，请稍后再试。")
    partial = folder / f".{target.name}.partial"
    partial.mkdir(parents=True)
    names = [_dump_database(partial), MEDIA]
    stored_files.pack(partial / MEDIA)
    manifest = {
        "made": now.isoformat(),
        "engine": connection.vendor,
        "files": {name: _digest(partial / name) for name in names},
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    partial.rename(target)
    return target


def verify(folder: Path) -> dict[str, Any]:
    """Return the manifest of a sound backup; raise BackupError for a damaged or foreign one."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        files = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"{folder} 不是完整的备份：缺少或无法读取 {MANIFEST}。") from None
    for name, digest in files.items():
        path = folder / Path(name).name
        if not path.is_file() or _digest(path) != digest:
            raise BackupError(f"备份已损坏：{path.name} 缺失或校验值不符，请改用另一份备份。")
    if manifest["engine"] != connection.vendor:
        raise BackupError(f"备份来自 {manifest['engine']}，当前数据库是 {connection.vendor}，不能直接恢复。")
    return manifest


def restore(folder: Path) -> None:
    """Replace database and files by those of a sound backup; the application must be stopped."""
    verify(folder)
    _load_database(folder)
    try:
        stored_files.unpack(folder / MEDIA)
    except stored_files.FileNotRestoredError as error:
        raise BackupError(str(error)) from error


def _dump_database(folder: Path) -> str:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "database.sqlite3")])
        return "database.sqlite3"
    _run("pg_dump", "--format=custom", f"--file={folder / 'database.dump'}", "--dbname", _database_name())
    return "database.dump"


def _load_database(folder: Path) -> None:
    if connection.vendor == "sqlite":
        connection.close()
        path = Path(str(connection.settings_dict["NAME"]))
        for tail in ("-wal", "-shm"):
            path.with_name(path.name + tail).unlink(missing_ok=True)
        shutil.copyfile(folder / "database.sqlite3", path)
        return
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--single-transaction",
        "--dbname",
        _database_name(),
        str(folder / "database.dump"),
    )


def _run(*command: str) -> None:
    """Run a PostgreSQL client program with the connection in its environment (never on the command line)."""
    known = connection.settings_dict
    env = {
        "PATH": os.defpath,
        "PGHOST": known["HOST"],
        "PGPORT": str(known["PORT"]),
        "PGUSER": known["USER"],
        "PGPASSWORD": known["PASSWORD"],
    }
    try:
        subprocess.run(  # noqa: S603 - constant program, paths and a database name, no shell
            command, check=True, capture_output=True, env={k: v for k, v in env.items() if v}
        )
    except FileNotFoundError:
        raise BackupError(f"找不到 {command[0]}，请安装软件包 postgresql-client。") from None
    except subprocess.CalledProcessError as error:
        raise BackupError(
            f"{command[0]} 失败：{error.stderr.decode(errors='replace').strip()[-300:]}"
        ) from error


def _database_name() -> str:
    return str(connection.settings_dict["NAME"])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
