"""The list of a register: filter, search, sort, page, choose columns, export; and the type-ahead."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from mofu.accounts import trail
from mofu.accounts.policy import Right, may
from mofu.documents.ledger import stream_ledger
from mofu.registers import drilldown, tables
from mofu.registers.columns import Column
from mofu.registers.exports import ledger_of
from mofu.registers.models import ListPreference
from mofu.registers.views.base import RegisterView

APPLIED_BY_FIGURE = ("org", "year")  # a drill-down has narrowed to these already
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListView(RegisterView):
    """``/<slug>/``: the list, or with ``?export=xlsx`` the same rows as a workbook."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        self.drill = drilldown.drill(request.GET, request.user)
        self.filterset = self.register.filterset(self._filter_data(), self._base_rows(), request=request)
        if self.drill:
            for name in APPLIED_BY_FIGURE:
                self.filterset.form.fields.pop(name, None)
        self.filtered = self.filterset.qs
        preference = ListPreference.objects.filter(user=request.user, slug=self.register.slug).first()
        self.columns = self.register.chosen_columns(preference.columns if preference else ())
        self.sort = request.GET.get("sort", "")
        if request.GET.get("export") == "xlsx":
            return self._workbook()
        template = (
            "registers/list_rows.html"
            if request.htmx and not request.htmx.boosted
            else self.register.list_template
        )
        return render(request, template, self._context(preference))

    def _base_rows(self) -> models.QuerySet:
        rows = self.register.rows(self.request.user)
        if self.drill is None:
            return rows
        if self.drill.rows.model is not self.register.model:
            return rows.none()
        return rows.filter(pk__in=self.drill.rows.values("pk"))

    def _filter_data(self) -> QueryDict:
        """Return the query without what the figure behind a drill-down has applied already."""
        data = self.request.GET.copy()
        if self.register.starts_with_this_year:
            data.setdefault("year", str(timezone.localdate().year))
        if self.drill:
            for name in APPLIED_BY_FIGURE:
                data.pop(name, None)
        return data

    def _context(self, preference: ListPreference | None) -> dict[str, Any]:
        size = _page_size(self.request, preference)
        page = tables.page_of(
            tables.ordered(self.filtered, self.register, self.sort), self.request.GET.get("page"), size
        )
        return self.context(
            page_obj=page,
            rows=tables.rows_of(self.register, self.filtered, list(page.object_list), self.columns),
            columns=[_Head(column, self.sort) for column in self.columns],
            filterset=self.filterset,
            drill=self.drill,
            kept=[(name, self.request.GET[name]) for name in self._kept_parameters()],
            filtered_words=words(self.filterset),
            page_sizes=tables.PAGE_SIZES,
            page_size=size,
            choosable=self._choosable(),
            may_export=may(self.request.user, Right.EXPORT),
            choices=_column_choices(self.register.all_columns, self.columns),
        )

    def _choosable(self) -> bool:
        """Whether rows can be ticked: to hand them in, or to approve them."""
        register, user = self.register, self.request.user
        return register.may_review(user) or (register.reviewed and register.may_enter(user))

    def _kept_parameters(self) -> list[str]:
        names = [*drilldown.PARAMETERS, "sort"] + (["org", "year"] if self.drill else [])
        return [name for name in names if name in self.request.GET]

    def _workbook(self) -> HttpResponse:
        user = self.request.user
        if not may(user, Right.EXPORT):
            raise PermissionDenied
        today = timezone.localdate()
        rows = tables.ordered(self.filtered, self.register, self.sort)
        filters = " ".join(filter(None, (self.drill.title if self.drill else "", words(self.filterset))))
        unit = user.organization.name
        ledger = ledger_of(self.register, rows, self.columns, unit=unit, on=today, filters=filters)
        trail.record(trail.Action.EXPORTED, reason=f"{ledger.title} {filters}"[:400])
        return download(stream_ledger(ledger), f"{ledger.title}{today:%Y%m%d}.xlsx")


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


def _page_size(request: HttpRequest, preference: ListPreference | None) -> int:
    asked = request.GET.get("size", "")
    if asked in map(str, tables.PAGE_SIZES):
        return int(asked)
    return preference.page_size if preference else 50


def _column_choices(all_columns: dict[str, Column], chosen: list[Column]) -> list[tuple[str, str, bool]]:
    names = [column.name for column in chosen]
    rest = [name for name in all_columns if name not in names]
    return [(name, all_columns[name].label, name in names) for name in [*names, *rest]]


def words(filterset: Any) -> str:
    """Return the active filters in words, for the page and above exported tables."""
    form = filterset.form
    if not form.is_bound or not form.is_valid():
        return ""
    found = []
    for name, value in form.cleaned_data.items():
        if value in (None, "", []) or name not in form.fields:
            continue
        found.append(f"{form.fields[name].label}：{_word(form, name, value)}")
    return "；".join(found)


def _word(form: Any, name: str, value: Any) -> str:
    field = form.fields[name]
    choices = dict(getattr(field.widget, "choices", None) or []) if not hasattr(field, "queryset") else {}
    return str(choices.get(value, choices.get(str(value), value)))


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
