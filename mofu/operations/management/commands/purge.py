"""``purge [--yes]``: see ``mofu/operations/purging.py``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from mofu.accounts.context import Acting, acting
from mofu.operations import purging


class Command(BaseCommand):
    """Remove copies of personal data past their term; without --yes only say what would go."""

    help = "清除超过保存期限的个人信息副本（.env.example 中的 KEEP_…_DAYS）；不加 --yes 只列出，不改动"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="确认清除，无法恢复")

    def handle(self, *args: Any, yes: bool, **options: Any) -> None:
        now = timezone.now()
        with acting(Acting(source="purge")):
            found = purging.purge(now) if yes else purging.outdated(now)
        for one in found:
            self.stdout.write(f"{one.title}：{one.count}")
        self.stdout.write("已清除。" if yes else "没有改动。加 --yes 清除，无法恢复。")
