"""Whether what is saved survives: the promises of the database, asked of the database itself."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

NETWORKED = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "drvfs",
    "fuse.sshfs",
    "fuse.s3fs",
    "glusterfs",
    "ceph",
    "vboxsf",
}
_FULL = 2  # PRAGMA synchronous
_MOUNTS = Path("/proc/self/mounts")


def require() -> None:
    """Refuse to serve a deployment where a commit might be lost; raise ImproperlyConfigured with all reasons."""
    if settings.IS_PROD and (found := problems()):
        raise ImproperlyConfigured("；".join(found))


def problems() -> list[str]:
    """Return what endangers committed data, in Chinese; empty when nothing does."""
    if connection.vendor != "sqlite":
        return _postgres_problems()
    return [*_pragma_problems(), *_place_problems(str(connection.settings_dict["NAME"]))]


def _pragma_problems() -> list[str]:
    asked = {name: _ask(f"PRAGMA {name}") for name in ("synchronous", "foreign_keys", "journal_mode")}
    found = []
    if int(asked["synchronous"]) < _FULL:
        found.append("SQLite 的 synchronous 不是 FULL，断电可能丢失已保存的数据")
    if not int(asked["foreign_keys"]):
        found.append("SQLite 的 foreign_keys 没有打开，记录之间可能失去关联")
    if asked["journal_mode"] not in ("wal", "memory"):  # memory: a database of tests
        found.append(f"SQLite 的 journal_mode 是 {asked['journal_mode']}，不是 wal，多人同时使用会互相等待")
    return found


def _place_problems(name: str) -> list[str]:
    kind = file_system(Path(name), _MOUNTS.read_text() if _MOUNTS.exists() else "")
    if kind not in NETWORKED:
        return []
    return [
        f"SQLite 数据库放在网络文件系统（{kind}）上，多个进程会损坏数据；请改放本机磁盘，或改用 PostgreSQL"
    ]


def file_system(path: Path, mounts: str) -> str:
    """Return the kind of file system a path lies on, by the text of ``/proc/self/mounts``; empty when unknown."""
    fitting = ("", "")
    for line in mounts.splitlines():
        _, at, kind, *_ = line.split()
        place = at.replace("\\040", " ")
        if path.resolve().is_relative_to(place) and len(place) >= len(fitting[0]):
            fitting = (place, kind)
    return fitting[1]


def _postgres_problems() -> list[str]:
    off = [
        name for name in ("fsync", "full_page_writes", "synchronous_commit") if _ask(f"SHOW {name}") == "off"
    ]
    return [f"PostgreSQL 的 {name} 被关闭，断电可能丢失已保存的数据" for name in off]


def _ask(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])
