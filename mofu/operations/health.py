"""Whether the installation works now: what a monitor is told (only yes or no), and the administrator (what is wrong)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection

ENOUGH = 256 * 1024 * 1024  # bytes that have to be free on every disk we write to
BUSY = 30  # seconds for which the write lock may be held before that is a fault: a large import holds it for twenty
_PATIENCE = 0.5  # seconds a probe waits for the lock
_REMEMBERED = 5  # seconds for which an answer holds, so that nobody can wear the disk out by asking
_SINCE, _ANSWER = "health:busy-since", "health:answer"


def is_well() -> bool:
    """Return whether all is well, from an answer at most a few seconds old; a cache that fails is a fault as well."""
    try:
        known = cache.get(_ANSWER)
        if known is None:
            known = not faults()
            cache.set(_ANSWER, known, _REMEMBERED)
    except Exception:
        return False
    return known


def faults() -> list[str]:
    """Return what is wrong, in Chinese, without anything a stranger could use; empty when all is well."""
    return [words for probe in (_database, _lock, *_places()) if (words := _tried(probe))]


def _tried(probe: Callable[[], str]) -> str:
    try:
        return probe()
    except (DatabaseError, OSError, sqlite3.Error) as error:
        return f"检查没有完成（{type(error).__name__}），请查看服务日志"


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            if connection.vendor == "postgresql":
                cursor.execute("SHOW transaction_read_only")
                return "数据库当前只读，不能保存" if cursor.fetchone()[0] == "on" else ""
    except DatabaseError:
        return "数据库无法连接或无法读取"
    return ""


def _lock() -> str:
    """Look whether SQLite can be written to; a lock held for long is a fault, a lock held is not."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not Path(name).is_file():
        return ""
    try:
        with closing(sqlite3.connect(name, timeout=_PATIENCE, isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            file.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) and "busy" not in str(error):
            return "数据库不能写入（只读或磁盘已满）"
        since = cache.get_or_set(_SINCE, time.time(), 24 * 3600)
        return f"数据库已被占用超过 {BUSY} 秒，暂时不能保存" if time.time() - since >= BUSY else ""
    cache.delete(_SINCE)
    return ""


def _places() -> Iterator[Callable[[], str]]:
    """Yield a probe for every folder that is written to."""
    named = {"附件": Path(settings.MEDIA_ROOT)} if isinstance(default_storage, FileSystemStorage) else {}
    database = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor == "sqlite" and database.is_file():
        named["数据库"] = database.parent
    for title, folder in named.items():
        yield lambda title=title, folder=folder: _place(title, folder)


def _place(title: str, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < ENOUGH:
        return f"{title}所在磁盘的剩余空间不足 {ENOUGH >> 20} MB"
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            os.fsync(file.fileno())
    except OSError:
        return f"{title}所在磁盘不能写入（只读或已满）"
    return ""
