"""Choosing a report, its page, its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from actions.progress.frame import Frame
from actions.reports.drafts import draft_of, finished, passages, seen_head
from actions.reports.freezing import frozen_of, seen_paper
from actions.reports.kinds import KINDS, Kind
from actions.reports.making import generated_report
from actions.reports.orders import YEARS, Order, may_take_in_full
from actions.reports.spans import Span
from actions.views.frames import frame_of, page_context
from actions.views.reports.base import KindView, send
from actions.views.reports.forms import DraftForm
from mofu.accounts.models import Organization
from mofu.accounts.policy import Right, may
from mofu.documents.pdf import pdf_available
from mofu.registers.register import REGISTERS


@dataclass(frozen=True)
class Choice:
    """A span to choose: ``begins`` and ``ends`` are its first and last day in any year (``04-01``).

    ``offered``: in the page's year it has begun, and did not end before the programme did begin.
    """

    code: str
    label: str
    begins: str
    ends: str
    offered: bool


@dataclass(frozen=True)
class Offer:
    """One kind on the page of choices."""

    kind: Kind
    spans: list[Choice]
    subjects: list[tuple[str, str]]
    pick_url: str


class PickerView(View):
    """``/reports/``: every kind the user may look at, to be chosen by year, span, unit or record."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the choices."""
        frame = frame_of(request)
        years = [year for year in frame.settings.years(frame.today) if year <= frame.today.year]
        year = min(frame.year, frame.today.year)
        seen = (kind for kind in KINDS.values() if kind.may_see(request.user))
        offers = [_offer(kind, year, frame) for kind in seen]
        units = Organization.objects.visible_to(request.user)
        context = page_context(frame) | {
            "groups": [
                (title, list(found)) for title, found in groupby(offers, lambda offer: offer.kind.group)
            ],
            "report_years": years[::-1],
            "report_year": year,
            "units": units.boards() if request.user.is_city else (),
            "pdf_available": pdf_available(),
            "may_export": may(request.user, Right.EXPORT),
            "may_reveal": may_take_in_full(request.user),
            "may_set": may(request.user, Right.ENTER_CITY),
        }
        return render(request, "actions/reports/index.html", context)


def _offer(kind: Kind, year: int, frame: Frame) -> Offer:
    spans = [_choice(Span(year, code), frame) for code in kind.span_codes]
    pick = REGISTERS[kind.records].url("pick") if kind.records else ""
    return Offer(kind, spans, list(kind.subjects()) if kind.subjects else [], pick)


def _choice(span: Span, frame: Frame) -> Choice:
    first, last = span.period.start, span.period.end
    offered = first <= frame.today and last >= frame.settings.started_on
    return Choice(span.code, span.words_of_year or "全年", f"{first:%m-%d}", f"{last:%m-%d}", offered)


@dataclass(frozen=True)
class Typed:
    """Words for a passage that could not be kept: the user shall not lose them; ``refusal`` says at the field why."""

    key: str = ""
    text: str = ""
    refusal: str = ""


class ReportView(KindView):
    """``/reports/<kind>/``: a report's passages to read and edit, its files, its frozen versions."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Show the report."""
        return show(request, self.order())


def show(
    request: HttpRequest,
    order: Order,
    unsaved: Typed | None = None,
    head: DraftForm | None = None,
    changed: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Show a report's page; ``unsaved`` (key and words of a passage) and ``head`` could not be kept: the user shall not lose them.

    ``changed`` are the keys of passages that read otherwise since the user opened the page.
    """
    kind, generated = order.kind, generated_report(order) if order.kind.issued else None
    may_issue = kind.may_issue(request.user)
    # Read before what is shown, never newer; only who may freeze sends it back.
    paper = seen_paper(finished(order, generated)) if may_issue else ""
    found, draft = passages(order, generated) if generated else [], draft_of(order)
    context = {
        "kind": kind,
        "order": order,
        "passages": found,
        "draft": draft,
        "draft_form": (head or DraftForm(instance=draft, order=order)) if may_issue else None,
        "seen_head": seen_head(draft),
        "seen_paper": paper,
        "changed_keys": changed,
        "stale": [passage for passage in found if passage.is_stale],
        "frozen": list(frozen_of(order)) if kind.issued else [],
        "may_issue": may_issue,
        "may_make": kind.may_make(request.user),
        "pdf_available": pdf_available(),
        "unsaved": unsaved or Typed(),
        "number_place": _number_place(order),
    }
    return render(request, "actions/reports/report.html", context, status=status)


def _number_place(order: Order) -> str:
    """Where the 代字 of the unit's papers is set."""
    return "公文版式设置的“机关代字”" if order.is_city else f"单位台账中{order.org.name}的“发文代字”"


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
        asked = request.GET.copy()
        asked.pop("purpose", None)  # a link gives nobody full numbers: who wants them fills in the form
        asked.update(request.POST)  # what the address names is never left out of sight of the rights
        return send(request, self.order(asked), suffix)


class AnnualView(FileView):
    """``/reports/annual/<year>.<suffix>``: the yearly report of the user's unit (``?org=``: of another in sight)."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, kind: str, year: int, suffix: str) -> HttpResponse:
        """Send the file."""
        if year not in YEARS:
            raise Http404
        query = request.GET.copy()
        query["year"], query["span"] = str(year), "year"
        return send(request, self.order(query), suffix)
