"""The list of a register: filter, search, sort, page, choose columns, export; and the type-ahead."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mofu.accounts import trail_versions
from mofu.accounts.policy import Right, may
from mofu.documents.ledger import stream_ledger
from mofu.registers import drilldown, exports, listing, tables
from mofu.registers.columns import Column
from mofu.registers.exports import Choice
from mofu.registers.listing import Listing, words
from mofu.registers.models import SavedView
from mofu.registers.views.base import RegisterView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListView(RegisterView):
    """``/<slug>/``: the list, or with ``?export=xlsx`` the same rows as a workbook; ``?view=<pk>`` a saved view."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list; without any wish, as the user's own view of it."""
        found = Listing(self.register, request.GET, request.user)
        if found.has_number:  # away from the address as well, which browsers remember
            return refused(request, found)
        if not request.GET and (opens_with := self._opens_with(found)):
            return redirect(f"{self.register.url('list')}?view={opens_with}")
        if request.GET.get("export") == "xlsx":
            return self._workbook(found)
        template = (
            "registers/list_rows.html"
            if request.htmx and not request.htmx.boosted
            else self.register.list_template
        )
        return render(request, template, self._context(found))

    def _opens_with(self, found: Listing) -> int | None:
        key = found.preference.view_id if found.preference else None
        usable = SavedView.objects.usable_by(self.request.user)
        return key if key and usable.filter(pk=key).exists() else None

    def _context(self, found: Listing) -> dict[str, Any]:
        seen = trail_versions.page_version() if self._choosable() else ""
        size = found.page_size
        page = tables.page_of(found.rows, self.request.GET.get("page"), size)
        return self.context(
            found=found,
            seen=seen,
            page_obj=page,
            rows=tables.rows_of(self.register, found.filtered, list(page.object_list), found.columns),
            columns=[_Head(column, found.sort) for column in found.columns],
            filterset=found.filterset,
            drill=found.drill,
            kept=[(name, self.request.GET[name]) for name in self._kept_parameters(found)],
            filtered_words=words(found.filterset),
            page_sizes=tables.PAGE_SIZES,
            page_size=size,
            choosable=self._choosable(),
            may_batch=self._may_batch(),
            may_export=may(self.request.user, Right.EXPORT),
            choices=_column_choices(self._offered_columns(), found.columns),
        )

    def _offered_columns(self) -> dict[str, Column]:
        register = self.register
        return {c.name: c for c in register.seen_by(self.request.user, register.all_columns.values())}

    def _choosable(self) -> bool:
        """Whether rows can be ticked: to hand them in, to approve them, or to change them together."""
        register, user = self.register, self.request.user
        handed_in = register.reviewed and register.may_enter(user)
        return register.may_review(user) or handed_in or self._may_batch()

    def _may_batch(self) -> bool:
        return bool(self.register.batch_fields) and self.register.may_enter(self.request.user)

    def _kept_parameters(self, found: Listing) -> list[str]:
        names = [*drilldown.PARAMETERS, "sort", "view"] + (["org", "year"] if found.drill else [])
        return [name for name in names if name in self.request.GET]

    def _workbook(self, found: Listing) -> HttpResponse:
        choice = Choice()
        if not exports.may_export(self.request.user, self.register, choice):
            raise PermissionDenied
        if found.is_misasked:
            return refused(self.request, found)
        ledger = exports.sheet_of(found, choice, timezone.localtime())
        exports.note(found, choice, ledger, found.filtered.count())
        return download(stream_ledger(ledger), exports.file_name(ledger))


def refused(request: HttpRequest, found: Listing) -> HttpResponse:
    """Say what is wrong with a search, and export nothing of it: the file would hold more than was asked for."""
    fault = "筛选条件有误或已失效，没有导出。请重新筛选后再导出。"
    messages.error(request, listing.NO_NUMBERS if found.has_number else fault)
    return redirect(f"{found.register.url('list')}?{found.address}")


def download(blocks: Any, name: str, content_type: str = XLSX) -> StreamingHttpResponse:
    """Return a streamed download under a Chinese file name (RFC 6266)."""
    response = StreamingHttpResponse(blocks, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class _Head:
    """The head of one column: label, where a click on it leads, how it is sorted now."""

    def __init__(self, column: Column, sort: str) -> None:
        self.name, self.label, self.kind = column.name, column.label, column.kind
        self.sortable = bool(column.sort)
        self.direction = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")
        self.next_sort = f"-{column.name}" if self.direction == "ascending" else column.name


def _column_choices(all_columns: dict[str, Column], chosen: list[Column]) -> list[tuple[str, str, bool]]:
    names = [column.name for column in chosen]
    rest = [name for name in all_columns if name not in names]
    return [(name, all_columns[name].label, name in names) for name in [*names, *rest]]


class PickView(RegisterView):
    """``/<slug>/pick/?q=``: up to 30 records for a type-ahead, only such as the user may see."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Return ``{"results": [{"id", "text"}]}``."""
        rows = self.register.pick_rows(request.user, request.GET.get("q", "").replace("\0", "").strip()[:50])[
            :30
        ]
        return JsonResponse(
            {"results": [{"id": obj.pk, "text": self.register.pick_label(obj)} for obj in rows]}
        )
