"""Import of a workbook: template, upload, preview with questions, commit, refused rows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from mofu.accounts import moves
from mofu.accounts.policy import Right, may
from mofu.registers.models import FileRole, ImportBatch, ImportState, JobState
from mofu.registers.sheets import batches, previews, template
from mofu.registers.sheets.earlier import earlier
from mofu.registers.sheets.previews import Preview
from mofu.registers.sheets.reading import LARGEST, SheetRefused
from mofu.registers.sheets.results import CHANGED, ERROR, NEW, QUESTION, SAME, SKIPPED
from mofu.registers.views import import_answers
from mofu.registers.views.base import EnterView
from mofu.registers.views.jobs import progress_context
from mofu.registers.views.lists import download

RECENT = 10
TITLES = {
    ERROR: "有误", QUESTION: "待定", CHANGED: "更新", NEW: "新增", previews.NOTED: "提示", SAME: "相同", SKIPPED: "跳过",
}  # fmt: skip
COUNTED = {ERROR: "errors", QUESTION: "questions"}  # counts that go by another name

NOT_TAKEN = ("errors", "questions", "skipped")  # counts of rows that come back as a workbook


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
        """Return the import; a preview that may show records of units moved since is not shown any longer."""
        own = batches.own(self.register, self.request.user).select_related("job")
        batch = batches.settled(get_object_or_404(own, pk=pk))
        if batch.state == ImportState.PREVIEW and moves.took_units_from(self.request.user, batch.checked_at):
            raise Http404("核对后有单位调整了隶属关系，请重新上传文件。")
        return batch


class BatchView(OwnBatchView):
    """``/<slug>/import/<pk>/``: progress, preview (``?tab=``, ``?page=``, ``?units=`` for its questions), later the result.

    POST ``action``: ``check`` keeps the decisions and checks again, ``draft`` and ``submit`` import, ``cancel`` gives up,
    ``undo`` takes an import back. Decisions: :func:`mofu.registers.views.import_answers.posted`.
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far the work is, what would be written, or what was."""
        batch = self.batch(pk)
        if batch.is_working:
            return render(request, "registers/import_working.html", self._working_context(batch))
        preview = batches.preview_of(batch) if batch.state == ImportState.PREVIEW else None
        if preview is None:
            return render(request, "registers/import_done.html", self._done_context(batch))
        return render(request, "registers/import_batch.html", self._preview_context(batch, preview))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the decisions, then check again, import, give up or undo."""
        batch = self.batch(pk)
        action = request.POST.get("action", "check")
        try:
            self._act(batch, action)
        except batches.NotNow as answer:
            messages.warning(request, str(answer))
        if action == "cancel" and batch.state == ImportState.CANCELLED:
            return redirect(self.register.url("import"))
        tab = request.POST.get("tab", "")
        return redirect(self.register.url("batch", pk) + (f"?tab={tab}" if tab in previews.KINDS else ""))

    def _act(self, batch: ImportBatch, action: str) -> None:
        if action == "cancel":
            batches.cancel(batch)
            batch.refresh_from_db()
            messages.success(self.request, f"已放弃导入“{batch.file_name}”，没有写入任何记录。")
        elif action == "undo":
            batches.undo(batch)
            self._tell(batch, "已撤销这次导入，所有数据恢复到导入之前。")
        elif action in ("draft", "submit"):
            self._commit(batch, submit=action == "submit")
        else:
            answers = import_answers.posted(self.request.POST, batches.answers_of(batch))
            batches.keep_answers(batch, answers)
            batches.check(batch)
            self._tell(batch, "已按您的处理重新核对。")

    def _commit(self, batch: ImportBatch, *, submit: bool) -> None:
        if submit and (not self.register.reviewed or may(self.request.user, Right.REVIEW)):
            raise PermissionDenied
        given = import_answers.posted(self.request.POST, batches.answers_of(batch))
        if given != batches.answers_of(batch):
            batches.keep_answers(batch, given)
            batches.check(batch)
            self._tell(batch, "您的处理有改动，已重新核对。请看过结果后再导入。")
            return
        batches.commit(batch, submit=submit)
        counts = batch.counts
        self._tell(batch, f"导入完成：新增 {counts.get('new', 0)} 行、更新 {counts.get('changed', 0)} 行。")

    def _tell(self, batch: ImportBatch, words: str) -> None:
        """Say how a step ended, unless it still goes on."""
        batch.refresh_from_db()
        if batch.job is not None and batch.job.state == JobState.DONE:
            messages.success(self.request, words)
        elif batch.job is not None and not batch.job.is_open:
            messages.error(self.request, batch.job.message)

    def _working_context(self, batch: ImportBatch) -> dict[str, Any]:
        return self.context(batch=batch, **(progress_context(batch.job) if batch.job else {}))

    def _done_context(self, batch: ImportBatch) -> dict[str, Any]:
        may_undo = batch.state == ImportState.DONE and batch.files.filter(role=FileRole.UNDO).exists()
        undoing = batch.job if batch.job is not None and batch.job.is_open else None
        context = progress_context(undoing) if undoing else {}
        refused = batch.files.filter(role=FileRole.REFUSED).exists()
        not_taken = sum(batch.counts.get(kind, 0) for kind in NOT_TAKEN)
        context |= {"may_undo": may_undo and not undoing, "has_refused": refused, "not_taken": not_taken}
        return self.context(batch=batch, **context)

    def _preview_context(self, batch: ImportBatch, preview: Preview) -> dict[str, Any]:
        counts = preview.counts
        tab = self._tab(counts)
        paginator = Paginator(range(preview.summary["kept"][tab]), previews.PAGE)
        page = paginator.get_page(self.request.GET.get("page"))
        asked = Paginator(range(preview.summary["questions"]), previews.PAGE)
        units_page = asked.get_page(self.request.GET.get("units"))
        return self.context(
            batch=batch,
            summary=preview.summary,
            counts=counts,
            tabs=[(kind, TITLES[kind], counts.get(COUNTED.get(kind, kind), 0)) for kind in TITLES],
            tab=tab,
            tab_title=TITLES[tab],
            rows=preview.rows(tab, page.number),
            page_obj=page,
            questions=preview.questions(units_page.number),
            units_page=units_page,
            answers=batches.answers_of(batch),
            earlier=earlier(batch),
            writes=counts["new"] + counts["changed"],
            most=previews.MOST,
            fields=preview.summary["fields"],
            has_refused=bool(counts["errors"] or counts["questions"] or counts["skipped"]),
            needs_review=self.register.reviewed and not may(self.request.user, Right.REVIEW),
            stopped=batch.job if batch.job is not None and batch.job.may_run_again else None,
        )

    def _tab(self, counts: dict[str, int]) -> str:
        """Return the kind of rows to show: the one asked for, else the first that needs the user."""
        asked = self.request.GET.get("tab", "")
        if asked in TITLES:
            return asked
        return next((kind for kind in TITLES if counts.get(COUNTED.get(kind, kind))), NEW)


class RefusedView(OwnBatchView):
    """``/<slug>/import/<pk>/refused.xlsx``: the rows that were not taken, with reasons, for the importer alone."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the workbook as kept at the last check or at the import."""
        content = batches.content_of(self.batch(pk), FileRole.REFUSED)
        if content is None:
            raise Http404("没有需要修改的行，或已超过保留时间。")
        return download([content], f"需要修改的行{timezone.localdate():%Y%m%d}.xlsx")
