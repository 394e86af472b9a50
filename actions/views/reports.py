"""``/reports/``: the yearly report as PDF, Word and Excel, from one source."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from actions.reports.annual import annual_report
from actions.reports.renderings import WRITERS
from actions.views.frames import frame_of, page_context
from mofu.accounts import trail
from mofu.accounts.policy import Right, may
from mofu.documents.pdf import PdfUnavailable, pdf_available
from mofu.registers.attachments import MEDIA_TYPES
from mofu.registers.views.lists import download


def index(request: HttpRequest) -> HttpResponse:
    """List the reports of each year."""
    frame = frame_of(request)
    years = [year for year in frame.settings.years(frame.today) if year <= frame.today.year]
    context = page_context(frame) | {
        "report_years": years[::-1],
        "pdf_available": pdf_available(),
        "may_export": may(request.user, Right.EXPORT),
    }
    return render(request, "actions/reports.html", context)


def annual(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """Send the yearly report in one of three renderings."""
    if kind not in WRITERS or not 1949 <= year <= 2100:
        raise Http404
    frame = frame_of(request, year)
    if not may(request.user, Right.EXPORT):
        raise PermissionDenied
    report = annual_report(frame)
    try:
        body = WRITERS[kind](report)
    except PdfUnavailable as error:
        return render(request, "actions/pdf_unavailable.html", {"reason": str(error)}, status=503)
    trail.record(trail.Action.EXPORTED, reason=f"{report.title}.{kind}")
    return download([body], f"{report.title}.{kind}", MEDIA_TYPES[kind])
