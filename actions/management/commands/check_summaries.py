"""``check_summaries [--repair]``: compare the kept counts of the ten ones with the records."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actions.summaries import upkeep


class Command(BaseCommand):
    """Say how many counts differ; with ``--repair`` count them anew."""

    help = "核对“十个一”汇总表与原始记录是否一致；--repair 按原始记录重新汇总"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="按原始记录重新汇总")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        found = upkeep.differences()
        for title, wrong in found.items():
            self.stdout.write(f"{title}：{f'{wrong} 行不一致' if wrong else '一致'}")
        if not any(found.values()):
            return
        if not repair:
            raise CommandError("汇总表与原始记录不一致，请加 --repair 重新汇总。")
        upkeep.rebuild()
        self.stdout.write("已按原始记录重新汇总。")
