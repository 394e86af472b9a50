"""``erase_person SLUG PK --reason TEXT [--yes]``: see ``models_app/erasing.py``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from cryptography.exceptions import InvalidTag
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from models_app import erasing
from models_app.models.person import Person
from mofu.accounts.context import Acting, acting
from mofu.accounts.scope import SYSTEM
from mofu.operations.rotation import RotationError
from mofu.registers.register import REGISTERS


class Command(BaseCommand):
    """Erase the personal data of one person; without --yes only say what would go."""

    help = "按申请删除一个人的个人信息；不加 --yes 只列出将删除和保留的内容"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="laureates 或 workers")
        parser.add_argument("pk", type=int)
        parser.add_argument("--reason", required=True, help="删除依据，写入操作留痕")
        parser.add_argument("--yes", action="store_true", help="确认删除，无法恢复")

    def handle(self, *args: Any, slug: str, pk: int, reason: str, yes: bool, **options: Any) -> None:
        try:
            person = self._person(slug, pk)
            found = erasing.erasure_of(person)
        except (KeyError, InvalidTag) as error:
            raise CommandError(str(RotationError.at(f"{slug} {pk}", error))) from error
        if found.done:
            raise CommandError(f"{slug} {pk} 的个人信息已于 {found.done_on} 删除，此后没有新登记的个人信息。")
        if found.done_on:
            self.stdout.write(f"{slug} {pk} 的个人信息已于 {found.done_on} 删除，此后又登记了下列信息。")
        for title, lines in (("将删除", found.goes), ("保留", found.stays)):
            self.stdout.write(f"{title}：")
            for what, words in lines:
                self.stdout.write(f"  {what}：{words}")
        if not yes:
            self.stdout.write("没有改动。确认后加 --yes 执行，无法恢复。")
            return
        with acting(Acting(source="erase_person")):
            erasing.erase(person, reason=reason, on=timezone.localdate())
        self.stdout.write(f"已删除 {slug} {pk} 的个人信息。")

    def _person(self, slug: str, pk: int) -> Person:
        register = REGISTERS.get(slug)
        if register is None or not issubclass(register.model, Person):
            raise CommandError(f"{slug} 不是人员台账；可用的有：laureates workers")
        person = register.rows(SYSTEM).filter(pk=pk).first()
        if person is None:
            raise CommandError(f"没有记录 {slug} {pk}。")
        return person
