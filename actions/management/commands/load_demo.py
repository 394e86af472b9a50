"""``load_demo [--laureates 300 --seed 2026] [--if-empty]``: invented data to try the system with; dev only."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.demo.load import load_demo
from models_app.models import Laureate


class Command(BaseCommand):
    """Load the demo accounts and records once."""

    help = "载入演示账号和演示数据（仅用于 MOFU_ENV=dev）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--laureates", type=int, default=300, help="劳模人数（至少10）")
        parser.add_argument("--seed", type=int, default=2026, help="随机种子；相同的种子得到相同的数据")
        parser.add_argument("--if-empty", action="store_true", help="已有劳模数据时什么也不做")
        parser.add_argument(
            "--today", type=date.fromisoformat, default=None, help="视为今天的日期，如 2026-06-30"
        )
        parser.add_argument("--password", default="", help="演示账号的密码（仅测试环境需要给出）")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or settings.DEMO_PASSWORD
        if settings.MOFU_ENV == "prod" or not password:
            raise CommandError("演示数据只能在 MOFU_ENV=dev 时载入。")
        if options["laureates"] < 10:
            raise CommandError("--laureates 至少为 10。")
        if Laureate.everything.exists():
            if options["if_empty"]:
                return
            raise CommandError("数据库中已有劳模数据，未载入演示数据；请换一个空的数据库。")
        today = options["today"] or timezone.localdate()
        world = load_demo(
            laureates=options["laureates"], seed=options["seed"], today=today, password=password
        )
        self.stdout.write(
            f"已载入演示数据：劳模工匠 {len(world.laureates)} 人，演示账号 {'、'.join(world.staff)}。"
        )
