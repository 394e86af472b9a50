"""``annual_report YEAR --out DIR``: the yearly report as one .pdf, one .docx and one .xlsx."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.reports.kinds import KINDS
from actions.reports.making import report_of
from actions.reports.orders import Order
from actions.reports.renderings import WRITERS
from actions.reports.spans import Span
from mofu.accounts.models import Organization
from mofu.accounts.scope import SYSTEM
from mofu.documents.pdf import PdfUnavailable


class Command(BaseCommand):
    """Write the report of the whole city."""

    help = "把年度工作报告写成 PDF、Word、Excel 各一份"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, year: int, out: Path, **options: Any) -> None:
        city = (
            Organization.objects.unscoped("the command reports on the whole city").filter(parent=None).first()
        )
        if city is None:
            raise CommandError("还没有单位，请先运行 load_reference。")
        report = report_of(Order(KINDS["annual"], SYSTEM, city, Span(year), timezone.localdate()))
        out.mkdir(parents=True, exist_ok=True)
        for suffix, write in WRITERS.items():
            path = out / f"{report.title}.{suffix}"
            try:
                path.write_bytes(write(report))
            except PdfUnavailable as error:
                raise CommandError(str(error)) from error
            self.stdout.write(str(path))
