"""``restore DIR``: see ``mofu/registers/backups.py``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mofu.registers import backups


class Command(BaseCommand):
    """Put the backup in DIR in place of what is here."""

    help = "用备份恢复数据库和附件（请先停止服务）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path)

    def handle(self, *args: Any, dir: Path, **options: Any) -> None:
        try:
            backups.restore(dir)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已从 {dir} 恢复。备份里没有的附件移到附件存储的 before-restore 目录。")
