"""Choosing a report, its page, its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from actions.reports.drafts import Passage, draft_of, passages
from actions.reports.freezing import frozen_of
from actions.reports.kinds import KINDS, Kind
from actions.reports.making import generated_report
from actions.reports.orders import YEARS, Order, OrderError, OutOfSight, read_order
from actions.reports.spans import Span
from actions.views.frames import frame_of, page_context
from actions.views.reports.base import KindView, refused, send
from actions.views.reports.forms import DraftForm
from mofu.accounts.models import Organization
from mofu.accounts.policy import Right, may
from mofu.documents.pdf import pdf_available
from mofu.registers.register import REGISTERS


@dataclass(frozen=True)
class Offer:
    """One kind on the page of choices."""

    kind: Kind
    spans: list[tuple[str, str]]
    subjects: list[tuple[str, str]]
    pick_url: str


class PickerView(View):
    """``/reports/``: every kind the user may look at, to be chosen by year, span, unit or record."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the choices."""
        frame = frame_of(request)
        offers = [_offer(kind, frame.year) for kind in KINDS.values() if kind.may_see(request.user)]
        years = [year for year in frame.settings.years(frame.today) if year <= frame.today.year]
        units = Organization.objects.visible_to(request.user)
        context = page_context(frame) | {
            "groups": [
                (title, list(found)) for title, found in groupby(offers, lambda offer: offer.kind.group)
            ],
            "report_years": years[::-1],
            "units": units.boards() if request.user.is_city else (),
            "pdf_available": pdf_available(),
            "may_export": may(request.user, Right.EXPORT),
            "may_reveal": may(request.user, Right.REVEAL),
            "may_set": may(request.user, Right.ENTER_CITY),
        }
        return render(request, "actions/reports/index.html", context)


def _offer(kind: Kind, year: int) -> Offer:
    spans = [(code, Span(year, code).words_of_year or "全年") for code in kind.span_codes]
    pick = REGISTERS[kind.records].url("pick") if kind.records else ""
    return Offer(kind, spans, list(kind.subjects()) if kind.subjects else [], pick)


class ReportView(KindView):
    """``/reports/<kind>/``: a report's passages to read and edit, its files, its frozen versions."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Show the report."""
        return show(request, self.order())


def show(
    request: HttpRequest, order: Order, unsaved: tuple[str, str] = ("", ""), status: int = 200
) -> HttpResponse:
    """Show a report's page; ``unsaved`` are the key and words of a passage that could not be kept, for the user not to lose."""
    kind, found, draft = order.kind, list(_passages(order)), draft_of(order)
    may_issue = kind.may_issue(request.user)
    context = {
        "kind": kind,
        "order": order,
        "passages": found,
        "draft": draft,
        "draft_form": DraftForm(instance=draft) if may_issue else None,
        "stale": [passage for passage in found if passage.is_stale],
        "frozen": list(frozen_of(order)) if kind.issued else [],
        "may_issue": may_issue,
        "may_make": kind.may_make(request.user),
        "pdf_available": pdf_available(),
        "unsaved_key": unsaved[0],
        "unsaved_text": unsaved[1],
    }
    return render(request, "actions/reports/report.html", context, status=status)


def _passages(order: Order) -> Iterator[Passage]:
    if order.kind.issued:
        yield from passages(order, generated_report(order))


class FileView(KindView):
    """``/reports/<kind>/file.<suffix>``: the report as a file; of many records a job makes it (POST only)."""

    def allowed(self) -> bool:
        """Whether the user may take it out."""
        return self.kind.may_make(self.request.user)

    def get(self, request: HttpRequest, kind: str, suffix: str) -> HttpResponse:
        """Send the file."""
        return self._send(request, suffix)

    def post(self, request: HttpRequest, kind: str, suffix: str) -> HttpResponse:
        """Send the file, or begin the job that makes it."""
        return self._send(request, suffix)

    def _send(self, request: HttpRequest, suffix: str) -> HttpResponse:
        return send(request, self.order(request.POST or request.GET), suffix)


def annual(request: HttpRequest, year: int, suffix: str) -> HttpResponse:
    """Send the yearly report of the user's unit (``?org=``: of another in sight)."""
    kind = KINDS["annual"]
    if suffix not in kind.suffixes or year not in YEARS:
        raise Http404
    if not kind.may_make(request.user):
        raise PermissionDenied
    query = request.GET.copy()
    query["year"], query["span"] = str(year), "year"
    try:
        return send(request, read_order(kind, query, request.user), suffix)
    except OutOfSight as unseen:
        raise Http404(str(unseen)) from unseen
    except OrderError as refusal:
        return refused(request, refusal)
