"""``export_register SLUG FILE [--user U]``: a whole register as a workbook, within the user's scope."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mofu.accounts import trail
from mofu.accounts.context import Acting, acting
from mofu.accounts.models import Organization, User
from mofu.accounts.policy import Right, may
from mofu.accounts.scope import SYSTEM
from mofu.documents.ledger import write_ledger
from mofu.registers import tables
from mofu.registers.exports import Choice, ledger_of, with_numbers
from mofu.registers.marks import mark_of
from mofu.registers.register import REGISTERS


class Command(BaseCommand):
    """Write all columns of a register."""

    help = "把一个台账导出为 Excel 文件"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", default="", help="按这个用户的查看范围导出；不填为全部")

    def handle(self, *args: Any, slug: str, file: Path, user: str, **options: Any) -> None:
        register = REGISTERS.get(slug)
        if register is None:
            raise CommandError(f"没有台账 {slug}；可用的有：{' '.join(REGISTERS)}")
        actor, unit = self._actor(user)
        columns = with_numbers(register, list(register.all_columns.values()), Choice(), actor)
        rows = tables.ordered(register.rows(actor), register, "")
        mark = mark_of(actor, timezone.localtime())
        ledger = ledger_of(
            register, rows, columns, unit=unit, on=timezone.localdate(), made=mark.words, code=mark.code
        )
        write_ledger(ledger, file)
        with acting(Acting(user=actor if isinstance(actor, User) else None, source="export_register")):
            trail.record(
                trail.Action.EXPORTED, reason=f"{ledger.title} {ledger.written} 条；编号：{mark.code}"
            )
        self.stdout.write(f"已导出 {ledger.written} 条：{file}")

    def _actor(self, name: str) -> tuple[Any, str]:
        """Return who exports and the unit named on the sheet; refuse a user without the right."""
        if not name:
            city = (
                Organization.objects.unscoped("the command exports for the whole city")
                .filter(parent=None)
                .first()
            )
            return SYSTEM, city.name if city else ""
        user = User.objects.filter(username=name).first()
        if user is None or not may(user, Right.EXPORT):
            raise CommandError(f"没有用户 {name}，或其角色不能导出。")
        return user, user.organization.name
