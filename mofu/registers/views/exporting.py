"""The export dialog of a list."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from mofu.accounts.policy import Right, may
from mofu.documents.ledger import stream_ledger
from mofu.registers import exports, revealing
from mofu.registers.export_form import ExportForm
from mofu.registers.listing import Listing
from mofu.registers.views.base import RegisterView
from mofu.registers.views.lists import download, refused


class ExportView(RegisterView):
    """``/<slug>/export/?…``: choose what to export of the list that the rest of the address means.

    POST sends the workbook, of a large list the page of the job that makes it.
    """

    def allowed(self) -> bool:
        """Whether the user may take records out."""
        return super().allowed() and may(self.request.user, Right.EXPORT)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the choices."""
        found = Listing(self.register, request.GET, request.user)
        return refused(request, found) if found.has_number else self._page(found, ExportForm(found))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Export."""
        found = Listing(self.register, QueryDict(request.POST.get("query", "")), request.user)
        if found.is_misasked:
            return refused(request, found)
        form = ExportForm(found, request.POST)
        if not form.is_valid():
            return self._page(found, form, status=422)
        if not exports.may_export(request.user, self.register, form.choice):
            raise PermissionDenied
        try:
            return self._export(found, form.choice)
        except revealing.TooManyRows as refusal:
            form.add_error("full", str(refusal))
            return self._page(found, form, status=429)

    def _export(self, found: Listing, choice: exports.Choice) -> HttpResponse:
        count = found.filtered.count()
        if choice.tells:
            revealing.require_rows(self.request.user, count)
        if count > exports.AT_ONCE:
            return redirect("registers:job", exports.start(found, choice).pk)
        ledger = exports.sheet_of(found, choice, timezone.localtime())
        exports.note(found, choice, ledger, count)
        return download(stream_ledger(ledger), exports.file_name(ledger))

    def _page(self, found: Listing, form: ExportForm, status: int = 200) -> HttpResponse:
        count = found.filtered.count()
        context = self.context(found=found, form=form, count=count, in_background=count > exports.AT_ONCE)
        return render(self.request, "registers/export.html", context, status=status)
