"""The database as one file: written, checked and put back, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path

from django.db import connection, transaction

SET_ASIDE = (
    ".before-restore"  # what a restored SQLite database replaced ends like this, later ones with a number
)
_TAILS = ("-wal", "-shm", "")  # of the files of one SQLite database; its log never lies beside another one

_STOP_FIRST = (
    "还有程序正在使用数据库，现在恢复会丢失它们刚保存的数据。没有改动。"
    "请停止服务（网站和后台任务），关闭其他数据库连接，再运行 restore。"
)
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

Counts = dict[str, int]
"""Rows by table."""


class DumpError(RuntimeError):
    """The database could not be written out or put back; the message says why, in Chinese."""


def name() -> str:
    """Return the name of a dump of the engine in use."""
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"


def dump(folder: Path) -> Counts:
    """Write the database as it is at one moment into ``folder``, look whether it can be read, and return its rows."""
    path = folder / name()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return counts_of_file(path)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _run(
            "pg_dump", "--format=custom", f"--file={path}", f"--snapshot={snapshot}", "--dbname", _database()
        )
        counts = _counts_now()
    _run("pg_restore", "--list", str(path))
    return counts


def check(path: Path, expected: Counts) -> None:
    """Raise DumpError unless a dump can be read and, where that is known before it is loaded, has the rows expected."""
    if connection.vendor == "sqlite":
        _compare(counts_of_file(path), expected)
    else:
        _run("pg_restore", "--list", str(path))


def load(path: Path, expected: Counts) -> Path | None:
    """Put a checked dump in the place of the database; raise DumpError where that fails or rows are missing afterwards.

    Refused while others are connected: what they save meanwhile would be lost, though they were told it is saved.
    A SQLite file is replaced in one step and the old one is kept beside it: return where, None where there is none.
    PostgreSQL loads in one transaction.
    """
    if connection.vendor == "sqlite":
        return _replace_file(path)
    _require_alone_on_postgresql()
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
    _run("pg_restore", *options, "--dbname", _database(), str(path))
    _compare(_counts_now(), expected)
    return None


def counts_of_file(path: Path) -> Counts:
    """Return the rows by table of a SQLite file; raise DumpError for one that is damaged."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            (verdict,) = file.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise DumpError(f"数据库文件不完整：{verdict[:200]}")
            tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            own = [table for table in tables if not table.startswith("sqlite_")]
            return _counted(own, lambda query: file.execute(query).fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise DumpError(f"数据库文件无法读取：{error}") from error


def _replace_file(path: Path) -> Path | None:
    connection.close()
    aside = None
    target = Path(str(connection.settings_dict["NAME"]))
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.restoring")
    try:
        _copy(path, fresh)
        if target.exists():
            _require_alone_on_sqlite(target)
            aside = _set_aside(target)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return aside


def _set_aside(target: Path) -> Path:
    """Move a database out of the way, under a name nothing has: what an earlier restore replaced may be the true one."""
    endings = (f"{SET_ASIDE}-{number}" if number > 1 else SET_ASIDE for number in count(1))
    ending = next(end for end in endings if not any(_with(target, end + tail).exists() for tail in _TAILS))
    for tail in _TAILS:
        if _with(target, tail).exists():
            _with(target, tail).replace(_with(target, ending + tail))
    return _with(target, ending)


def _with(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


def _require_alone_on_sqlite(target: Path) -> None:
    """Leave WAL, which SQLite refuses while anybody else has the file open; a file it cannot read has no users."""
    try:
        with closing(sqlite3.connect(target, timeout=1)) as file:
            (mode,) = file.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        mode = "busy" if getattr(error, "sqlite_errorcode", 0) & 0xFF in _IN_USE else ""
    if mode in ("busy", "wal"):
        raise DumpError(_STOP_FIRST)


def _require_alone_on_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        if cursor.fetchone()[0]:
            raise DumpError(_STOP_FIRST)


def _copy(path: Path, fresh: Path) -> None:
    with path.open("rb") as source, fresh.open("wb") as target:
        while block := source.read(1 << 20):
            target.write(block)
        target.flush()
        os.fsync(target.fileno())


def _counts_now() -> Counts:
    with connection.cursor() as cursor:

        def ask(query: str) -> int:
            cursor.execute(query)
            return cursor.fetchone()[0]

        return _counted(connection.introspection.table_names(cursor), ask)


def _counted(tables: list[str], ask: Callable[[str], int]) -> Counts:
    quoted = {table: connection.ops.quote_name(table) for table in sorted(tables)}
    return {table: ask(f"SELECT count(*) FROM {name}") for table, name in quoted.items()}  # noqa: S608 - our tables


def _compare(found: Counts, expected: Counts) -> None:
    wrong = [table for table in expected if found.get(table) != expected[table]]
    if wrong:
        table = wrong[0]
        raise DumpError(
            f"数据表 {table} 应有 {expected[table]} 行，实有 {found.get(table, 0)} 行，共 {len(wrong)} 个表不符。"
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
        raise DumpError(f"找不到 {command[0]}，请安装软件包 postgresql-client。") from None
    except subprocess.CalledProcessError as error:
        raise DumpError(
            f"{command[0]} 失败：{error.stderr.decode(errors='replace').strip()[-300:]}"
        ) from error


def _database() -> str:
    return str(connection.settings_dict["NAME"])
