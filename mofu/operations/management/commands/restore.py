"""``restore DIR``: see ``mofu/operations/backups.py``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mofu.operations import backups


class Command(BaseCommand):
    """Put the backup in DIR, or the newest one below it, in place of what is here."""

    help = "用备份恢复数据库和附件（请先停止服务）"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="一份备份的目录；或存放备份的目录，取最新一份")

    def handle(self, *args: Any, dir: Path, **options: Any) -> None:
        folder = backups.newest(dir)
        try:
            manifest = backups.restore(folder, self.stdout.write)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"已从 {folder} 恢复：{sum(manifest['rows'].values())} 行数据、{manifest['media']} 个附件。"
            "请接着运行 migrate，再启动服务。"
        )
        self.stdout.write(
            "原数据库（SQLite 的 *.before-restore* 文件）和 before-restore* 目录中仍有个人信息，核对恢复结果后请删除。"
        )
