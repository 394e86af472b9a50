"""All uploaded files as one tar archive, read from and written to wherever they are kept: a folder or an object store."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage

SET_ASIDE = (
    "before-restore"  # where a restore puts files the backup lacks, later ones with a number; never backed up
)
_IS_ASIDE = re.compile(rf"{SET_ASIDE}(-\d+)?")


class FileNotRestoredError(RuntimeError):
    """A packed file is missing, unreadable, or was kept under another name, so that no record would find it."""


def check(archive: Path, expected: int) -> None:
    """Read an archive to its end; raise FileNotRestoredError unless it is whole and holds as many files as expected."""
    try:
        with tarfile.open(archive) as tar:
            found = sum(1 for member in tar if member.isfile())
    except tarfile.TarError as error:
        raise FileNotRestoredError(f"附件包无法读取：{error}") from error
    if found != expected:
        raise FileNotRestoredError(f"附件包应有 {expected} 个文件，实有 {found} 个。")


def pack(archive: Path) -> set[str]:
    """Write all files into a new tar archive and return their names; one deleted meanwhile is left out."""
    packed = set()
    with tarfile.open(archive, "w") as tar:
        for name in _names():
            try:
                with default_storage.open(name, "rb") as file:
                    member = tarfile.TarInfo(name)
                    member.size = file.size
                    member.mtime = default_storage.get_modified_time(name).timestamp()
                    tar.addfile(member, file)
                packed.add(name)
            except FileNotFoundError:
                continue
    return packed


def unpack(archive: Path) -> str:
    """Put the files of an archive in the place of those kept now; may be run again after a failure.

    Files that the archive does not have are moved below a folder that was empty; return its name, "" where there were none.
    """
    with tarfile.open(archive) as tar:
        members = {str(PurePosixPath(member.name)): member for member in tar if member.isfile()}
        numbered = (f"{SET_ASIDE}-{number}" if number > 1 else SET_ASIDE for number in count(1))
        folder = next(name for name in numbered if not any(_names(name)))
        left_over = [name for name in _names() if name not in members]
        for name in left_over:
            _set_aside(name, folder)
        for name, member in members.items():
            _write(name, tar.extractfile(member))
    return folder if left_over else ""


def _names(folder: str = "") -> Iterator[str]:
    """Yield the names of the files below a folder, "" for all but those set aside."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" if folder else name for name in files)
    for name in folders:
        if folder or not _IS_ASIDE.fullmatch(name):
            yield from _names(f"{folder}/{name}" if folder else name)


def _set_aside(name: str, folder: str) -> None:
    with default_storage.open(name, "rb") as file:
        _write(f"{folder}/{name}", file)
    default_storage.delete(name)


def _write(name: str, content: IO[bytes]) -> None:
    """Keep ``content`` under exactly this name, in place of what is there."""
    default_storage.delete(name)
    kept = default_storage.save(name, File(content, name=name))
    if kept != name:
        raise FileNotRestoredError(f"附件 {name} 未能按原名恢复，请检查附件存储后重新执行恢复。")
