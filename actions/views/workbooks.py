"""What a page of the programme shows, as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from actions.dashboards.panel import Panel, as_report
from actions.progress.breakdown import BoardTable, MonthTable
from actions.progress.frame import Frame
from actions.progress.targets import Progress
from mofu.accounts import trail
from mofu.accounts.policy import Right, may
from mofu.documents.workbook import to_xlsx
from mofu.registers.attachments import MEDIA_TYPES
from mofu.registers.marks import mark_of
from mofu.registers.views.lists import download


def send_workbook(
    request: HttpRequest,
    frame: Frame,
    title: str,
    rows: Sequence[Progress],
    months: MonthTable | None,
    boards: BoardTable | None,
    panels: Sequence[Panel],
) -> HttpResponseBase:
    """Send what the page shows as a workbook."""
    if not may(request.user, Right.EXPORT):
        raise PermissionDenied
    mark = mark_of(request.user, timezone.localtime())
    report = replace(
        as_report(frame, f"{title}（{frame.year}年）", rows, months, boards, panels), mark=mark.words
    )
    name = f"{frame.org.name}{title}{frame.year}年.xlsx"
    trail.record(trail.Action.EXPORTED, reason=f"{name}；编号：{mark.code}")
    return download([to_xlsx(report)], name, MEDIA_TYPES["xlsx"])
