"""``manage.py trim_trail FOLDER``: archive the trail older than TRAIL_DAYS into a sealed file, then remove it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mofu.accounts import trail_blocks
from mofu.accounts.context import Acting, acting
from mofu.accounts.trail_verifying import DamagedError
from mofu.registers import trail_archive


class Command(BaseCommand):
    """Trim the trail, or print an archive."""

    help = "把超过保留期的操作留痕写入加密归档文件后清理；--read 输出归档文件的内容"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder for the archive, or with --read the archive itself."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--read", action="store_true", help="逐行输出归档文件中的留痕（JSON）")

    def handle(self, *args: Any, path: Path, read: bool, **options: Any) -> None:
        """Trim or print; fail with a message, nothing removed."""
        try:
            if read:
                for entry in trail_archive.read(path):
                    self.stdout.write(json.dumps(entry, ensure_ascii=False))
                return
            with acting(Acting(source="trim_trail")):
                trail_blocks.close_open(tries=50)
                made = trail_archive.trim(path.resolve(), timezone.now())
        except (DamagedError, trail_archive.ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        except trail_blocks.BusyError:
            raise CommandError("一直有人在写入，没有清理；请稍后再试。") from None
        self.stdout.write(f"已归档到 {made}" if made else "没有超过保留期的留痕。")
