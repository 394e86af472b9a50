"""``make_load --laureates N --ten-ones M``: a large invented load for measuring; never in production."""

from __future__ import annotations

from argparse import ArgumentParser
from random import Random
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.demo.mass import Load
from actions.models import TenOneItem, Worker
from actions.reference import load_reference
from models_app.models import Laureate


class Command(BaseCommand):
    """Fill an empty database with as many laureates and ten ones as are asked for."""

    help = "造大量演示数据用于性能测试（仅用于 MOFU_ENV=dev 或 test，数据库须没有劳模和职工）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--laureates", type=int, required=True, help="劳模人数")
        parser.add_argument(
            "--ten-ones", type=int, required=True, help="“十个一”参与条数；职工数为其八分之一"
        )
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: Any, laureates: int, ten_ones: int, seed: int, **options: Any) -> None:
        if settings.MOFU_ENV == "prod":
            raise CommandError("测试数据只能在 MOFU_ENV=dev 或 test 时生成。")
        if Laureate.everything.exists() or Worker.everything.exists():
            raise CommandError("数据库中已有劳模或职工数据，未生成；请换一个空的数据库。")
        today, begun = timezone.localdate(), monotonic()
        if not TenOneItem.objects.exists():
            load_reference(today)

        def say(line: str) -> None:
            self.stdout.write(f"{monotonic() - begun:7.1f} 秒  {line}")

        rng = Random(seed)  # noqa: S311 - has to be repeatable, not secret
        Load(laureates=laureates, ten_ones=ten_ones, rng=rng, today=today, say=say).run()
