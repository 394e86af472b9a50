"""Closing entries into blocks, one chained to the other: what is missing, added or swapped later on is noticed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.utils import timezone

from mofu.accounts import trail, trail_seal
from mofu.accounts.models import TrailBlock, TrailEntry
from mofu.accounts.trail_guard import ENTRIES

LARGEST = 10_000  # entries of a block: so few are read again to find the damaged one
DUE = timedelta(hours=1)  # entries wait this long at most while anybody signs in
AT_SIGN_IN = (
    3  # blocks closed at most while somebody waits, some tenths of a second; jobs and commands close the rest
)
PAUSE = 0.2  # seconds between two tries to find a moment without writers


class BusyError(RuntimeError):
    """Somebody was writing all the time; the entries stay open until the next try."""


def close_open(tries: int = 1, most: int | None = None) -> list[TrailBlock]:
    """Close the entries that are not in a block yet, in ``most`` blocks at most, and return the new blocks.

    Raises BusyError without a quiet moment.
    """
    made: list[TrailBlock] = []
    upto = _settled(tries)
    while ((previous := newest()) is None or previous.last < upto) and len(made) != most:
        block = _close(previous, upto)
        if block is None:
            break
        made.append(block)
    return made


def close_when_due(most: int | None = None) -> None:
    """Close what is open if the newest block is an hour old; called at sign-in and after jobs, so that no timer is needed."""
    last = newest()
    if last is None or timezone.now() - last.sealed_at > DUE:
        with suppress(BusyError):
            close_open(most=most)


def closed() -> str:
    """Close what is open, if there is a quiet moment within seconds, and return the newest digest; empty for none."""
    with suppress(BusyError):  # the next backup or sign-in closes it
        close_open(tries=25)
    last = newest()
    return last.digest if last else ""


def newest() -> TrailBlock | None:
    """Return the newest block."""
    return TrailBlock.objects.order_by("-pk").first()


def _settled(tries: int) -> int:
    """Return a key below which no entry can come any more; SQLite's single writer settles that by itself.

    On PostgreSQL keys are given out before they are committed: the lock is had only when no writer is at work. It is
    never waited for, because every writer would queue up behind the wait.
    """
    for attempt in range(tries):
        if attempt:
            time.sleep(PAUSE)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute(f"lock table {ENTRIES} in share mode nowait")
                return trail.last_entry()
        except OperationalError:
            continue
    raise BusyError


def _close(previous: TrailBlock | None, upto: int) -> TrailBlock | None:
    """Write the next block; None where there is nothing, or somebody else has just written it."""
    after = previous.last if previous else 0
    try:
        with transaction.atomic():
            rows = list(seals(after + 1, upto)[:LARGEST])
            if not rows:
                return None
            # The last one reaches up to what is settled: keys that were never used lie in a block, too.
            last = rows[-1][0] if len(rows) == LARGEST else upto
            block = TrailBlock(first=after + 1, last=last, count=len(rows))
            block.digest = digest_of(block, previous.digest if previous else "", rows)
            block.save(force_insert=True)
            return block
    except IntegrityError:
        return None


def seals(first: int, last: int) -> models.QuerySet:
    """Return key and seal of the entries from ``first`` to ``last``, in order."""
    return TrailEntry.objects.filter(pk__range=(first, last)).order_by("pk").values_list("pk", "seal")


def digest_of(block: TrailBlock, previous: str, rows: Iterable[tuple[int, str]], key_id: str = "") -> str:
    """Return the digest of a block over the one before, its own columns, and keys and seals of its entries."""
    words = f"{block.first}-{block.last}:{block.count}:{trail_seal.moment(block.sealed_at)}"
    key_id, digest = trail_seal.chained(previous, words, key_id)
    for key, seal in rows:
        digest.update(f"{key}={seal};".encode())
    return trail_seal.as_text(key_id, digest.digest())
