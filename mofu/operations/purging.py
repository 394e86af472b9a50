"""Copies of personal data that nobody needs any longer: found by ``RETENTION_DAYS``, shown first, removed for good.

The trail has a term of its own, set by law; records are never purged, people are erased one by one
(``models_app/erasing.py``). Counts of tries to sign in forget themselves (``mofu/entrance/brakes.py``).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import QuerySet

from mofu.accounts import trail
from mofu.registers import forgetting, jobs
from mofu.registers.models import Merge
from mofu.registers.sheets import batches

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outdated:
    """One class of what may go: in words, how many rows, and what removes them."""

    title: str
    count: int
    remove: Callable[[], object]


further: list[Callable[[datetime], Outdated]] = []  # classes of floors above, each says what is past its term


def outdated(now: datetime) -> list[Outdated]:
    """Return every class with what is past its term ``now``."""
    days = settings.RETENTION_DAYS
    merges = Merge.objects.filter(at__lt=now - timedelta(days=days["merges"])).exclude(payload=b"")
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    found = [_rows(title, files) for title, files in batches.outdated_files(now).items()]
    return [
        *found,
        *(find(now) for find in further),
        _rows("后台生成的文件", jobs.outdated_results(now)),
        Outdated("合并前的原值", merges.count(), lambda: forgetting.forget(merges)),
        _rows("过期的登录会话", Session.objects.filter(expire_date__lt=now)),
        _rows("已结束会话的设备记录", ended),
    ]


def purge(now: datetime) -> list[Outdated]:
    """Remove what is past its term, noting it on the trail; return what was removed."""
    with transaction.atomic():
        found = [one for one in outdated(now) if one.count]
        for one in found:
            one.remove()
        batches.forget_old()  # imports never confirmed count as given up from now on
        if found:
            words = "、".join(f"{one.title} {one.count}" for one in found)
            trail.record(trail.Action.DELETED, reason=f"清除到期的个人信息副本：{words}"[:500])
        empty_log_on_commit()
    return found


def empty_log_on_commit() -> None:
    """Once the transaction is committed, leave nothing removed in the write-ahead log of SQLite; else do nothing.

    Waits for those who read, as long as a writer does; where they take longer, the next purge has another try.
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(_empty_log, robust=True)


def _empty_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0]:
            logger.warning(
                "the write-ahead log is in use and still holds removed values; purge empties it later"
            )


def _rows(title: str, rows: QuerySet) -> Outdated:
    return Outdated(title, rows.count(), rows.delete)
