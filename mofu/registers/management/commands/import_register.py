"""``import_register SLUG FILE [--dry-run] [--json] [--user U]``: a workbook into a register, as the pages do it."""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mofu.accounts.context import Acting, acting
from mofu.accounts.models import Organization, Role, User
from mofu.registers.models import ImportBatch, ImportState
from mofu.registers.register import REGISTERS, Register
from mofu.registers.sheets import batches, committing
from mofu.registers.sheets.committing import Outcome
from mofu.registers.sheets.reading import Sheet, SheetRefused, read
from mofu.registers.sheets.refusing import workbook


class Command(BaseCommand):
    """Import one workbook; what is refused is reported, the rest is written in one transaction."""

    help = "把一个 Excel 工作簿导入台账"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", default="", help="以这个用户的权限和范围导入；不填为市级")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--json", action="store_true", help="最后一行输出 JSON 结果")
        parser.add_argument("--submit", action="store_true", help="县区用户导入后直接送审")
        parser.add_argument("--refused", type=Path, help="把未导入的行连同原因存为这个 .xlsx 文件")

    def handle(self, *args: Any, slug: str, file: Path, **options: Any) -> None:
        register = REGISTERS.get(slug)
        if register is None:
            raise CommandError(f"没有台账 {slug}；可用的有：{' '.join(REGISTERS)}")
        user = self._actor(register, options["user"])
        try:
            content = file.read_bytes()
            outcome = self._run(register, user, file.name, content, options)
        except (OSError, SheetRefused) as problem:
            self._report_refusal(str(problem), as_json=options["json"])
            raise CommandError(f"没有导入：{problem}") from problem
        if options["refused"] and outcome.refused:
            options["refused"].write_bytes(workbook(outcome))
        self._report(outcome, as_json=options["json"], dry=options["dry_run"])

    def _run(
        self, register: Register, user: User, name: str, content: bytes, options: dict[str, Any]
    ) -> Outcome:
        sheets = read(name, content)
        if options["dry_run"]:
            return committing.preview(register, user, sheets)
        who = Acting(user=user if user.pk else None, source="import_register")
        with acting(who):
            return _committed(register, user, sheets, name, content, submit=options["submit"])

    def _actor(self, register: Register, name: str) -> User:
        """Return who imports: a user with the right, or the city without a name."""
        if not name:
            city = Organization.objects.unscoped("the command acts for the city").filter(parent=None).first()
            if city is None:
                raise CommandError("还没有市级单位，请先运行 load_reference。")
            return User(username="import_register", role=Role.CITY, organization=city)
        user = User.objects.filter(username=name).first()
        if user is None or not register.may_enter(user):
            raise CommandError(f"没有用户 {name}，或其角色不能录入“{register.title}”。")
        return user

    def _report(self, outcome: Outcome, *, as_json: bool, dry: bool) -> None:
        counts = outcome.counts
        for row in outcome.refused:
            for problem in row.problems:
                self.stdout.write(f"第 {row.row} 行 {problem.column} {problem.message}")
        for question in outcome.questions:
            self.stdout.write(
                f"单位“{question.text}”尚未登记（{len(question.rows)} 行），处理：{question.decision or '未定'}"
            )
        if outcome.layout.unknown:
            self.stdout.write(f"没有认出、不导入的列：{'、'.join(outcome.layout.unknown)}")
        self.stdout.write(
            f"{'检查' if dry else '导入'}完成：共 {counts['rows']} 行，新增 {counts['new']}，更新 {counts['changed']}，"
            f"相同 {counts['same']}，待定 {counts['questions']}，有误 {counts['errors']}"
        )
        if as_json:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))

    def _report_refusal(self, message: str, *, as_json: bool) -> None:
        if as_json:
            error = {"row": 0, "column": "", "value": "", "message": message}
            report = {"rows": 0, "new": 0, "changed": 0, "same": 0, "questions": [], "errors": [error]}
            self.stdout.write(json.dumps(report, ensure_ascii=False))


def _committed(
    register: Register, user: User, sheets: list[Sheet], name: str, content: bytes, *, submit: bool
) -> Outcome:
    """Import and leave the same batch record as an import through the pages, which can be taken back as well."""
    batch = ImportBatch.objects.create(
        slug=register.slug,
        user=user if user.pk else None,
        file_name=name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        state=ImportState.IMPORTING,
        submitted=submit and register.reviewed,
    )
    try:
        return committing.commit(
            register,
            user,
            sheets,
            submit=batch.submitted,
            finish=lambda outcome: batches.finish(batch, outcome),
            reason=f"导入 {batch.file_name}",
        )
    except SheetRefused:
        batch.delete()
        raise
