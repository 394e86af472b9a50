"""``manage.py verify_trail``: is the trail as it was written? Exit code 1 and the first damaged place if not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mofu.accounts import trail_verifying


class Command(BaseCommand):
    """Verify every entry, every block, the chain and the triggers that protect them."""

    help = "核对操作留痕是否被改动、删除、添加或调换"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a digest that was noted earlier."""
        parser.add_argument("--head", default="", help="以前 seal_trail 输出、另行保存的校验值")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is sound, or fail with what is not."""
        try:
            found = trail_verifying.verify(options["head"])
        except trail_verifying.DamagedError as damage:
            raise CommandError(str(damage)) from damage
        self.stdout.write(
            f"操作留痕完好：共 {found.entries} 条，{found.blocks} 块，其中 {found.open} 条尚未封存。"
        )
        self.stdout.write(f"最新校验值：{found.head or '（还没有封存）'}")
