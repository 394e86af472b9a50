"""``manage.py seal_trail``: close the open entries of the trail into a block; for a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mofu.accounts import trail_blocks

TRIES = 100  # with pauses, twenty seconds


class Command(BaseCommand):
    """Close what is open and print the newest digest, to be noted where nobody who alters the database can reach it."""

    help = "封存操作留痕，输出最新校验值"

    def handle(self, *args: Any, **options: Any) -> None:
        """Close; without a quiet moment fail with a message, the next run closes more."""
        try:
            made = trail_blocks.close_open(TRIES)
        except trail_blocks.BusyError:
            raise CommandError("一直有人在写入，没有封存；下次运行时一并封存。") from None
        last = trail_blocks.newest()
        self.stdout.write(f"新封存 {sum(block.count for block in made)} 条，{len(made)} 块。")
        self.stdout.write(f"最新校验值：{last.digest if last else '（还没有留痕）'}")
