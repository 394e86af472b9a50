"""``verify_backup DIR [--open]``: see ``mofu/operations/backups.py``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mofu.operations import backups


class Command(BaseCommand):
    """Say whether the backup in DIR, or the newest one below it, can be trusted; exit 1 when not."""

    help = "校验备份是否完整、未被改动；--open 用私钥打开并逐项检查"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="一份备份的目录；或存放备份的目录，取最新一份")
        parser.add_argument(
            "--open", action="store_true", dest="opened", help="用 BACKUP_IDENTITY_FILE 打开检查"
        )

    def handle(self, *args: Any, dir: Path, opened: bool, **options: Any) -> None:
        folder = backups.newest(dir)
        try:
            manifest = backups.rehearse(folder) if opened else backups.verify(folder)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        how = "已打开并逐项检查" if opened else "完整且未被改动"
        rows = sum(manifest["rows"].values())
        self.stdout.write(
            f"{folder}：{how}，{rows} 行数据、{manifest['media']} 个附件，制作于 {manifest['made']}"
        )
