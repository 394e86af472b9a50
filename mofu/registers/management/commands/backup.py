"""``backup DIR``: see ``mofu/registers/backups.py``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mofu.registers import backups


class Command(BaseCommand):
    """Write a backup below DIR."""

    help = "把数据库和附件备份到目录"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path)

    def handle(self, *args: Any, dir: Path, **options: Any) -> None:
        try:
            target = backups.backup(dir, timezone.localtime())
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已备份：{target}")
