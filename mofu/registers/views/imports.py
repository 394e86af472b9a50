"""Import of a workbook: template, upload, preview with questions, commit, refused rows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from mofu.accounts.policy import Right, may
from mofu.registers.models import ImportBatch, ImportState
from mofu.registers.sheets import batches, refusing, template, units
from mofu.registers.sheets.committing import Outcome
from mofu.registers.sheets.reading import LARGEST, SheetRefused
from mofu.registers.sheets.results import CHANGED, ERROR, NEW, QUESTION
from mofu.registers.sheets.texts import squeezed
from mofu.registers.views.base import EnterView
from mofu.registers.views.lists import download

SHOWN = 200  # rows of one kind on the preview page
RECENT = 10


class TemplateView(EnterView):
    """``/<slug>/import/template.xlsx``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send the template, its lists made for this user."""
        content = template.workbook(self.register, request.user)
        return download([content], f"{self.register.title}导入模板.xlsx")


class ImportView(EnterView):
    """``/<slug>/import/``: choose a workbook; POST takes it as ``file``."""

    def get(self, request: HttpRequest, refusal: str = "") -> HttpResponse:
        """Show the upload form and the user's last imports."""
        context = self.context(
            refusal=refusal,
            recent=batches.own(self.register, request.user)[:RECENT],
            largest=LARGEST // 2**20,
        )
        return render(request, "registers/import.html", context, status=422 if refusal else 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the workbook for preview, or say why it cannot be read."""
        upload = request.FILES.get("file")
        if upload is None:
            return self.get(request, "请先选择要导入的 .xlsx 文件。")
        if upload.size > LARGEST:
            return self.get(request, f"文件超过 {LARGEST // 2**20} MB。请拆分后分批导入。")
        try:
            batch = batches.open_batch(self.register, request.user, upload.name, upload.read())
        except SheetRefused as refusal:
            return self.get(request, f"“{upload.name}”没有导入：{refusal}")
        return redirect(self.register.url("batch", batch.pk))


class OwnBatchView(EnterView):
    """Base of the pages of one import: its own user's alone, others get 404."""

    def batch(self, pk: int) -> ImportBatch:
        """Return the import."""
        return get_object_or_404(batches.own(self.register, self.request.user), pk=pk)


class BatchView(OwnBatchView):
    """``/<slug>/import/<pk>/``: the preview, later the result.

    POST ``action``: ``check`` keeps the answers and checks again, ``draft`` and ``submit`` import, ``cancel`` gives up.
    Answers come as ``unit-<n>`` (name), ``answer-<n>`` (create, skip, map) and ``map-<n>`` (key of a unit).
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what would be written, or what was."""
        batch = self.batch(pk)
        if batch.state != ImportState.PREVIEW:
            return render(request, "registers/import_done.html", self.context(batch=batch))
        try:
            outcome = batches.preview(batch, self.register, request.user)
        except SheetRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.register.url("import"))
        return render(request, "registers/import_batch.html", self._preview_context(batch, outcome))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the answers, then check again, import or give up."""
        batch = self.batch(pk)
        if batch.state != ImportState.PREVIEW:
            messages.warning(request, "这个文件已经导入或放弃，没有重复处理。")
            return redirect(self.register.url("batch", pk))
        action = request.POST.get("action", "check")
        if action == "cancel":
            batches.cancel(batch)
            messages.success(request, f"已放弃导入“{batch.file_name}”，没有写入任何记录。")
            return redirect(self.register.url("import"))
        batch.answers = batch.answers | _answers(request)
        batch.save()
        if action in ("draft", "submit"):
            self._commit(batch, submit=action == "submit")
        return redirect(self.register.url("batch", pk))

    def _commit(self, batch: ImportBatch, *, submit: bool) -> None:
        user = self.request.user
        if submit and (not self.register.reviewed or may(user, Right.REVIEW)):
            raise PermissionDenied
        try:
            outcome = batches.commit(batch, self.register, user, submit=submit)
        except SheetRefused as refusal:
            messages.error(self.request, str(refusal))
        except ImportBatch.DoesNotExist:
            messages.warning(self.request, "这个文件已经导入，没有重复写入。")
        else:
            counts = outcome.counts
            words = f"新增 {counts['new']} 行、更新 {counts['changed']} 行"
            messages.success(self.request, f"导入完成：{words}。")

    def _preview_context(self, batch: ImportBatch, outcome: Outcome) -> dict[str, Any]:
        counts, user = outcome.counts, self.request.user
        return self.context(
            batch=batch,
            outcome=outcome,
            counts=counts,
            earlier=batches.earlier(batch),
            writes=counts["new"] + counts["changed"],
            problems=[problem for row in outcome.having(ERROR) for problem in row.problems][: SHOWN * 2],
            new_rows=outcome.having(NEW)[:SHOWN],
            changed_rows=outcome.having(CHANGED)[:SHOWN],
            question_rows=outcome.having(QUESTION)[:SHOWN],
            noted_rows=[row for row in outcome.rows if row.notes][:SHOWN],
            shown=SHOWN,
            needs_review=self.register.reviewed and not may(user, Right.REVIEW),
        )


class RefusedView(OwnBatchView):
    """``/<slug>/import/<pk>/refused.xlsx``: the rows that were not taken, with reasons, for the importer alone."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the workbook: from the preview as it stands, or as kept at the import."""
        batch = self.batch(pk)
        if batch.state == ImportState.PREVIEW:
            outcome = batches.preview(batch, self.register, request.user)
            content = refusing.workbook(outcome) if outcome.refused else b""
        else:
            content = batches.unsealed(batch.refused) if batch.refused else b""
        if not content:
            raise Http404("没有需要修改的行，或已超过保留时间。")
        return download([content], f"需要修改的行{timezone.localdate():%Y%m%d}.xlsx")


def _answers(request: HttpRequest) -> dict[str, str]:
    """Return the answers in a submitted preview by the name of the unit."""
    found = {}
    for name, text in request.POST.items():
        head, _, number = name.partition("-")
        if head != "unit" or not number.isdecimal():
            continue
        answer, mapped = request.POST.get(f"answer-{number}", ""), request.POST.get(f"map-{number}", "")
        if answer == "map":
            answer = f"{units.MAP}{mapped}" if mapped.isdecimal() else ""
        if answer in ("", units.CREATE, units.SKIP) or answer.startswith(units.MAP):
            found[squeezed(text)[:200]] = answer
    return found
