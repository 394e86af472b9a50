"""Retention of the trail: whole blocks that are old enough go into a sealed archive file, then out of the table.

An archive is a text line that names it, then for each block a line with its length in bytes and that many bytes: the
block's entries as JSON lines, compressed and encrypted. Beside it lies its SHA-256. The entry that tells of the
trimming carries that digest and the last block, from which the chain goes on.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from mofu.accounts import trail, trail_verifying
from mofu.accounts.models import TrailBlock, TrailEntry
from mofu.encryption import seal, unseal

HEAD = b"mofu trail archive 1\n"


class ArchiveError(RuntimeError):
    """An archive could not be written or read; the message says why, in Chinese."""


def trim(folder: Path, now: datetime) -> Path | None:
    """Archive and remove the blocks older than ``TRAIL_DAYS``; return the archive, None where nothing is old enough.

    The whole trail is verified before: what is damaged is evidence and stays. Raises DamagedError, ArchiveError.
    """
    trail_verifying.verify()
    blocks = list(_old_blocks(now - timedelta(days=settings.TRAIL_DAYS)))
    if not blocks:
        return None
    path = folder / f"mofu-trail-{blocks[0].first}-{blocks[-1].last}.archive"
    digest = _write(path, blocks)
    _remove(blocks, path, digest)
    return path


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the entries of an archive; raises ArchiveError where it is damaged or of another installation."""
    with path.open("rb") as file:
        if file.readline() != HEAD:
            raise ArchiveError(f"{path.name} 不是操作留痕的归档文件。")
        while length := file.readline():
            try:
                lines = gzip.decompress(unseal(file.read(int(length)))).splitlines()
            except Exception as error:
                raise ArchiveError(f"归档文件 {path.name} 已损坏，或不是用现有密钥写的。") from error
            yield from map(json.loads, lines)


def _old_blocks(before: datetime) -> Iterator[TrailBlock]:
    """Yield the oldest blocks as far as all their entries are from ``before``."""
    trimmed = trail_verifying.last_trimmed()
    for block in TrailBlock.objects.filter(first__gt=trimmed.last if trimmed else 0).order_by("first"):
        if _entries(block).filter(at__gte=before).exists():
            return
        yield block


def _entries(block: TrailBlock) -> Any:
    return TrailEntry.objects.filter(pk__range=(block.first, block.last)).order_by("pk")


def _write(path: Path, blocks: list[TrailBlock]) -> str:
    """Write the archive under another name, then under its own once it lies safe on the disk; return its SHA-256."""
    if path.exists():
        raise ArchiveError(f"{path} 已存在，没有清理。请移走它，或换一个文件夹。")
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w+b") as file:
            _write_blocks(file, blocks)
            digest = _safe(file)
        partial.rename(path)
        path.with_suffix(".archive.sha256").write_text(f"{digest}  {path.name}\n", "utf-8")
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ArchiveError(f"归档文件写不进 {path.parent}（{error.strerror}），没有清理。") from error
    return digest


def _write_blocks(file: BinaryIO, blocks: list[TrailBlock]) -> None:
    file.write(HEAD)
    for block in blocks:
        lines = (json.dumps(row, default=str) for row in _entries(block).values())
        content = seal(gzip.compress("\n".join(lines).encode()))
        file.write(f"{len(content)}\n".encode() + content)


def _safe(file: BinaryIO) -> str:
    file.flush()
    os.fsync(file.fileno())
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _remove(blocks: list[TrailBlock], path: Path, digest: str) -> None:
    """Tell of the trimming, then delete; all or nothing."""
    count, last = sum(block.count for block in blocks), blocks[-1]
    told = {"条数": ["", str(count)], "归档文件": ["", path.name], "SHA-256": ["", digest]}
    with transaction.atomic():
        words = f"第 {blocks[0].first}—{last.last} 条留痕已归档并清理"
        trail.record(trail.Action.TRIMMED, last, changes=told, reason=words)
        for block in blocks:
            _entries(block).delete()
