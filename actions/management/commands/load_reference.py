"""``load_reference``: add the reference data that is missing; safe to run again and again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from actions.reference import load_reference
from mofu.accounts.context import Acting, acting


class Command(BaseCommand):
    """Loads units, dictionaries, the five actions, targets and the tasks of each year."""

    help = "Load reference data: units, honour titles, five actions, targets, 20 tasks a year, dictionaries."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and print what was added."""
        with acting(Acting(source="load_reference")):
            added = load_reference(timezone.localdate())
        for name, number in added.items():
            self.stdout.write(f"{name}：新增 {number} 条")
        if not added:
            self.stdout.write("参考数据已齐全，没有新增。")
