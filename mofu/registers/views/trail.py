"""The trail for auditors: who did what, newest first, searchable, to be opened and taken out."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import View

from mofu.accounts import trail
from mofu.accounts.models import TrailEntry
from mofu.accounts.policy import Right, may
from mofu.documents.csv_text import stream_csv
from mofu.documents.ledger import Ledger, LedgerColumn, stream_ledger
from mofu.registers import trail_search
from mofu.registers.marks import mark_of
from mofu.registers.trail_search import HEADER, TrailForm
from mofu.registers.typed_numbers import without_numbers
from mofu.registers.views.lists import XLSX, download

SHEET_ROWS = 1_000_000  # more than these go into a .csv, whatever was asked for
CSV = "text/csv; charset=utf-8"


class SeeTrailView(View):
    """Base of the pages of the trail: for those with the right to see it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Check the right before anything is read."""
        if not may(request.user, Right.SEE_TRAIL):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class TrailView(SeeTrailView):
    """``/trail/``: the entries that were asked for; names and values of records stand on an entry's own page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the trail; ``before`` is the key of the last entry seen."""
        form = TrailForm(request.GET)
        rows = form.entries()
        page = trail_search.page_of(rows, request.GET.get("before", ""))
        context = {
            "form": form,
            "entries": page.entries,
            "older": page.older,
            "count": trail_search.count_of(rows),
        }
        return render(request, "registers/trail.html", context, status=200 if form.is_valid() else 422)


class EntryView(SeeTrailView):
    """``/trail/<pk>/``: one entry with before and after; personal numbers are hidden here as everywhere."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        entry = get_object_or_404(TrailEntry, pk=pk)
        context = {
            "entry": entry,
            "label": without_numbers(entry.object_label),
            "reason": without_numbers(entry.reason),
            "changes": trail_search.changes_of(entry),
        }
        return render(request, "registers/trail_entry.html", context)


class TrailExportView(SeeTrailView):
    """``POST /trail/export/``: the entries the form asks for as ``xlsx`` or ``csv``, streamed; it stands on the trail."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send them, up to now: without the entry that tells of it."""
        form, now = TrailForm(request.POST), timezone.localtime()
        rows = form.entries()
        rows = rows.filter(pk__lte=trail.last_entry())
        count = rows.order_by().count()
        as_sheet = request.POST.get("format") != "csv" and count <= SHEET_ROWS
        words = form.words or "全部"
        told = {
            "条数": ["", str(count)],
            "筛选条件": ["", words],
            "格式": ["", "xlsx" if as_sheet else "csv"],
        }
        mark = mark_of(request.user, now)
        reason = f"操作留痕 {count} 条；筛选条件：{words}；编号：{mark.code}"
        trail.record(trail.Action.EXPORTED, changes=told, reason=reason)
        lines, name = trail_search.exported(rows, mark.words), f"操作留痕{now:%Y%m%d%H%M}"
        if not as_sheet:
            return download(stream_csv(HEADER, lines), f"{name}.csv", CSV)
        ledger = Ledger(
            title="操作留痕",
            columns=[LedgerColumn(header) for header in HEADER],
            rows=lines,
            unit=request.user.organization.name,
            date=now.date(),
            filters=words,
            made=mark.words,
            code=mark.code,
        )
        return download(stream_ledger(ledger), f"{name}.xlsx", XLSX)
