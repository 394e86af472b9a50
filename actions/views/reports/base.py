"""What all report pages share: the right first, then the order within the user's sight, then the work."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import View

from actions.reports.kinds import KINDS, Kind, is_long
from actions.reports.making import Made, make, start
from actions.reports.orders import Order, OrderError, OutOfSight, may_take_in_full, read_order
from mofu.documents.pdf import PdfUnavailable
from mofu.registers.attachments import MEDIA_TYPES
from mofu.registers.views.lists import download


class KindView(View):
    """Base of the pages of one kind: 404 for an unknown kind and what is out of sight, 403 without the right.

    What cannot be made is told in words: 422 for nonsense, 503 where PDFs cannot be made here.
    """

    kind: Kind

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the kind and check the right before anything is read."""
        if kwargs["kind"] not in KINDS:
            raise Http404("没有这种报告。")
        self.kind = KINDS[kwargs["kind"]]
        if not self.allowed():
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)
        except OutOfSight as unseen:
            raise Http404(str(unseen)) from unseen
        except OrderError as refusal:
            return render(request, "actions/reports/refused.html", {"reason": str(refusal)}, status=422)
        except PdfUnavailable as error:
            return render(request, "actions/pdf_unavailable.html", {"reason": str(error)}, status=503)

    def allowed(self) -> bool:
        """Whether the user may open this page; overridden where more than looking is needed."""
        return self.kind.may_see(self.request.user)

    def order(self, query: QueryDict | None = None) -> Order:
        """Return what the address asks for; OutOfSight for a unit or record out of sight, OrderError for nonsense."""
        return read_order(self.kind, query if query is not None else self.request.GET, self.request.user)


def page_of(order: Order) -> str:
    """Return the address of the report's page."""
    return f"{reverse('actions:report', args=[order.kind.code])}?{order.query}"


def send(request: HttpRequest, order: Order, suffix: str) -> HttpResponse:
    """Send a report as a file, or where that takes long the page of the job that makes it."""
    if suffix not in order.kind.suffixes:
        raise Http404
    if not order.kind.may_make(request.user):
        raise PermissionDenied
    if order.purpose and not may_take_in_full(request.user):
        raise PermissionDenied
    if is_long(order):
        if request.method != "POST":  # an address that is only looked at starts no work
            return redirect(page_of(order))
        return redirect("registers:job", start(order, suffix).pk)
    return as_download(make(order, suffix), suffix)


def as_download(made: Made, suffix: str) -> HttpResponse:
    """Return a finished file as a download."""
    return download([made.content], made.name, MEDIA_TYPES[suffix])
