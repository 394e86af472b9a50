"""``backup DIR [--keep N]``: see ``mofu/operations/backups.py``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mofu.operations import backups

_NAMED = 5  # missing files named on the screen


class Command(BaseCommand):
    """Write a backup below DIR."""

    help = "把数据库和附件加密备份到目录，并校验"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path)
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="只保留最新的 N 份（默认全部保留）"
        )

    def handle(self, *args: Any, dir: Path, keep: int, **options: Any) -> None:
        try:
            made = backups.backup(dir, timezone.localtime(), keep=keep)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已备份并校验：{made.folder}（{made.size / 1e6:.1f} MB）")
        if made.missing:
            names = "、".join(made.missing[:_NAMED])
            self.stderr.write(
                f"警告：有 {len(made.missing)} 个附件在记录里有、在附件存储里没有，备份中也没有：{names}"
            )
