"""What the administrator is told about the installation: backups, jobs, disks, database, versions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from mofu.accounts.models import TrailEntry
from mofu.accounts.trail import Action
from mofu.operations import durability, health
from mofu.registers.models import Job, JobState

BACKUP_DUE = timedelta(hours=26)  # a nightly backup that is two hours late
_STARTS = timedelta(minutes=2)  # within which a running worker takes up a job
_RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Fact:
    """One line of the page: what, how it stands, and whether that is well (None: nothing to judge)."""

    title: str
    words: str
    good: bool | None = None
    advice: str = ""


def facts(now: datetime | None = None) -> list[Fact]:
    """Return everything the page tells."""
    now = now or timezone.now()
    return [
        _backup(now),
        *_faults(),
        *_durability(),
        _worker(now),
        _failed(now),
        *_disks(),
        _schema(),
        _engine(),
    ]


def last_backup() -> datetime | None:
    """Return when the last good backup was made, None for never."""
    return TrailEntry.objects.filter(action=Action.BACKED_UP).values_list("at", flat=True).first()


def _backup(now: datetime) -> Fact:
    advice = "请检查备份定时任务（docs/deploy.md），或立即运行 manage.py backup。"
    made = last_backup()
    if made is None:
        return Fact("最近一次备份", "从未备份", good=False, advice=advice)
    hours = (now - made) // timedelta(hours=1)
    ago = f"{hours // 24} 天 {hours % 24} 小时前" if hours >= 24 else f"{hours or '不到 1'} 小时前"
    words = f"{timezone.localtime(made):%Y-%m-%d %H:%M}（{ago}）"
    good = now - made <= BACKUP_DUE
    return Fact("最近一次备份", words, good, "" if good else advice)


def _faults() -> Iterator[Fact]:
    found = health.faults()
    yield Fact("读写检查", "；".join(found) or "数据库和附件都能读写", good=not found)


def _durability() -> Iterator[Fact]:
    found = durability.problems()
    yield Fact("断电保护", "；".join(found) or "提交即写入磁盘", good=not found)


def _worker(now: datetime) -> Fact:
    waiting = Job.objects.filter(state=JobState.WAITING, created_at__lt=now - _STARTS).count()
    if waiting:
        return Fact(
            "后台任务",
            f"有 {waiting} 个任务等待超过 2 分钟",
            good=False,
            advice="请检查 db_worker 服务是否在运行。",
        )
    return Fact("后台任务", "没有积压", good=True)


def _failed(now: datetime) -> Fact:
    states = (JobState.FAILED, JobState.INTERRUPTED)
    failed = Job.objects.filter(state__in=states, created_at__gte=now - _RECENT).count()
    return Fact("近 7 天失败或中断的任务", f"{failed} 个", good=not failed)


def _disks() -> Iterator[Fact]:
    folders = {"附件": Path(settings.MEDIA_ROOT)}
    if connection.vendor == "sqlite" and Path(str(connection.settings_dict["NAME"])).is_file():
        folders["数据库"] = Path(str(connection.settings_dict["NAME"])).parent
    for title, folder in folders.items():
        if folder.exists():
            room = shutil.disk_usage(folder)
            words = f"剩余 {room.free / 1e9:.1f} GB（共 {room.total / 1e9:.0f} GB）"
            yield Fact(f"{title}所在磁盘", words, good=room.free >= health.ENOUGH)


def _schema() -> Fact:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return Fact(
            "数据库结构", f"有 {len(plan)} 项升级没有执行", good=False, advice="请运行 manage.py migrate。"
        )
    return Fact("数据库结构", "与程序一致", good=True)


def _engine() -> Fact:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        (version,) = cursor.fetchone()
    return Fact("数据库", f"{connection.display_name} {version}")
