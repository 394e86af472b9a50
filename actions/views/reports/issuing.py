"""Editing a report's passages, numbering it, freezing it; frozen versions; the association's paper settings."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from actions.models import FrozenReport, PaperSettings
from actions.reports import drafts
from actions.reports.freezing import NotAsSeen, changed_since, freeze
from actions.reports.kinds import KINDS
from actions.reports.making import generated_report
from actions.views.reports.base import KindView, page_of
from actions.views.reports.forms import DraftForm, PaperSettingsForm
from actions.views.reports.pages import Typed, show
from mofu.accounts import trail, trail_versions
from mofu.accounts.policy import Right, may
from mofu.registers import conflicts
from mofu.registers.attachments import MEDIA_TYPES
from mofu.registers.views.lists import download


class IssueView(KindView):
    """Base of what changes a report that is being prepared."""

    http_method_names = ("post",)

    def allowed(self) -> bool:
        """Whether the user may edit and freeze this kind."""
        return self.kind.may_issue(self.request.user)

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show what cannot be kept again with the reason (422): nobody's words are lost."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except drafts.Unkept as refusal:
            messages.error(request, f"没有保存：{refusal}您写的内容仍在下面。")
            typed = Typed(request.POST.get("key", ""), request.POST.get("text", ""), str(refusal))
            return show(request, self.order(), typed, status=422)


def _seen(request: HttpRequest) -> str:
    """Return what the user's page showed; a form without it says nothing and so is stale."""
    return request.POST.get(trail_versions.FIELD, "")


class PassageView(IssueView):
    """``POST /reports/<kind>/passage/``: ``key`` and ``text`` keep staff's words, ``revert`` takes them back.

    ``seen`` says which words stood on the user's page: what changed since is never overwritten unseen.
    """

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Keep or take back, then show the report again."""
        order = self.order()
        key, typed = request.POST.get("key", ""), request.POST.get("text", "")
        text = "" if "revert" in request.POST else typed
        try:
            drafts.write(order, generated_report(order), key, text, request.user, seen=_seen(request))
        except drafts.Overtaken as overtaken:
            messages.error(request, str(overtaken))
            return show(request, order, Typed(key, typed), status=409)
        messages.success(request, "已保存改写的段落。" if text else "已恢复为系统生成的文字。")
        return redirect(page_of(order))


class DraftView(IssueView):
    """``POST /reports/<kind>/draft/``: number, addressee, date; ``seen`` says which stood on the user's page."""

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Keep them, unless others changed them since the page was shown (409)."""
        order = self.order()
        form, seen = DraftForm(request.POST, order=order), _seen(request)
        if not form.is_valid():
            texts = (text for texts in form.errors.values() for text in texts)
            messages.error(request, "没有保存：" + "；".join(texts))
            return show(request, order, head=form, status=422)
        try:
            drafts.write_head(order, generated_report(order), form.cleaned_data, request.user, seen=seen)
        except drafts.Overtaken as overtaken:
            messages.error(request, str(overtaken))
            return show(request, order, head=form, status=409)
        except drafts.Unkept as refusal:
            messages.error(request, f"没有保存：{refusal}")
            form.add_error("number", str(refusal))
            return show(request, order, head=form, status=422)
        messages.success(request, "已保存文号、主送和成文日期。")
        return redirect(page_of(order))


class FreezeView(IssueView):
    """``POST /reports/<kind>/freeze/``: keep the report as it is issued; ``seen`` says what stood on the user's page."""

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Freeze and show what was kept, or show the report anew where it is not what the user saw (409)."""
        order = self.order()
        try:
            frozen = freeze(order, request.user, seen=_seen(request))
        except NotAsSeen as overtaken:
            messages.error(request, str(overtaken))
            return show(request, order, changed=overtaken.passages, status=409)
        messages.success(request, "已定稿。数据和文件已留存，以后的变化会在本页列出。")
        return redirect("actions:frozen", frozen.pk)


class FrozenBase(View):
    """Base of the pages of a frozen report: found within the user's sight, else 404."""

    def found(self, pk: int) -> FrozenReport:
        """Return the frozen report."""
        rows = FrozenReport.objects.visible_to(self.request.user).select_related("org", "frozen_by")
        frozen = get_object_or_404(rows, pk=pk)
        if frozen.kind not in KINDS or not KINDS[frozen.kind].may_see(self.request.user):
            raise PermissionDenied
        return frozen


class FrozenView(FrozenBase):
    """``/reports/frozen/<pk>/``: who froze it and when, its files, what reads otherwise today."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        frozen = self.found(pk)
        kind = KINDS[frozen.kind]
        context = {
            "frozen": frozen,
            "kind": kind,
            "files": frozen.files.defer("sealed"),
            "changes": changed_since(frozen, request.user),
            "may_make": kind.may_make(request.user),
        }
        return render(request, "actions/reports/frozen.html", context)


class FrozenFileView(FrozenBase):
    """``/reports/frozen/<pk>/file.<suffix>``: a file exactly as it was frozen."""

    def get(self, request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
        """Send it; fetching it stands on the trail."""
        frozen = self.found(pk)
        if not KINDS[frozen.kind].may_make(request.user):
            raise PermissionDenied
        kept = frozen.files.filter(suffix=suffix).first()
        if kept is None:
            raise Http404
        trail.record(trail.Action.DOWNLOADED, frozen, reason=f"{frozen.title}.{suffix}")
        return download([kept.content], f"{frozen.title}.{suffix}", MEDIA_TYPES[suffix])


class SettingsView(View):
    """``/reports/settings/``: issuer, red head, number, addressee and imprint of the association's papers."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Only the city's staff decide."""
        if not may(request.user, Right.ENTER_CITY):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        seen = trail_versions.version(PaperSettings, PaperSettings.current().pk)
        return self._page(PaperSettingsForm(instance=PaperSettings.current()), seen)

    @transaction.atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the settings, unless others changed them since the page was shown (409)."""
        form = PaperSettingsForm(request.POST, instance=PaperSettings.current(lock=True))
        seen = trail_versions.version(PaperSettings, form.instance.pk)
        if trail_versions.is_stale(form.instance, request.POST):
            conflict = conflicts.of_form(form, PaperSettings.current(), request)
            return self._page(form, seen, status=409, conflict=conflict)
        if not form.is_valid():
            return self._page(form, seen, status=422)
        form.save()
        messages.success(request, "已保存公文版式设置。")
        return redirect("actions:report-settings")

    def _page(
        self,
        form: PaperSettingsForm,
        seen: str,
        status: int = 200,
        conflict: conflicts.Conflict | None = None,
    ) -> HttpResponse:
        context = {"form": form, "seen": seen, "conflict": conflict}
        return render(self.request, "actions/reports/settings.html", context, status=status)
