"""Review of one record or of many chosen ones."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from mofu.registers import review
from mofu.registers.forms import ReturnForm
from mofu.registers.views.base import EnterView, RegisterView


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Return to the page the form names in ``next``, when that is a page of ours."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = otherwise
    return redirect(target)


class SubmitView(EnterView):
    """``POST /<slug>/<pk>/submit/``: the unit hands a record in."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand in, or say why that is not possible."""
        obj = self.record(pk)
        if review.submit(self.register, [pk], request.user):
            messages.success(request, f"已送审：{obj}")
        else:
            messages.warning(request, f"“{obj}”已送审或已通过，无需重复送审。")
        return back(request, self.register.url("detail", pk))


class ReviewView(RegisterView):
    """Base of the city's decisions."""

    http_method_names = ("post",)

    def allowed(self) -> bool:
        """Whether the user decides about this register."""
        return self.register.may_review(self.request.user)


class ApproveView(ReviewView):
    """``POST /<slug>/<pk>/approve/``."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Approve a pending record."""
        obj = self.record(pk)
        if review.approve(self.register, [pk], request.user):
            messages.success(request, f"审核通过：{obj}")
        else:
            messages.warning(request, f"“{obj}”不在待审状态，没有改动。")
        return back(request, self.register.url("detail", pk))


class ReturnView(ReviewView):
    """``POST /<slug>/<pk>/return/`` with ``reason``."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a record back to its unit."""
        obj = self.record(pk)
        form = ReturnForm(request.POST)
        if not form.is_valid():
            messages.error(request, "请填写退回原因（300 字以内），填报单位据此补正。")
        elif review.send_back(self.register, [pk], request.user, form.cleaned_data["reason"]):
            messages.success(request, f"已退回：{obj}")
        else:
            messages.warning(request, f"“{obj}”是草稿或已退回，没有改动。")
        return back(request, self.register.url("detail", pk))


class BulkView(RegisterView):
    """``POST /<slug>/bulk/`` with ``pk`` (many) and ``action`` submit, approve or return."""

    http_method_names = ("post",)

    def allowed(self) -> bool:
        """Deciding needs the right to review, handing in the right to enter."""
        user = self.request.user
        if self.request.POST.get("action") == "submit":
            return self.register.may_see(user) and self.register.may_enter(user)
        return self.register.may_review(user)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Apply one step to all chosen records, in one transaction."""
        pks = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal() and len(pk) < 19]
        action = request.POST.get("action")
        reason = request.POST.get("reason", "").strip()[:300]
        if action == "return" and not reason:
            messages.error(request, "请填写退回原因，填报单位据此补正。")
            return back(request, self.register.url("list"))
        done = self._apply(action, pks, reason)
        words = {"submit": "送审", "approve": "审核通过", "return": "退回"}.get(action, "处理")
        messages.success(
            request,
            f"已{words} {done} 条，其余 {len(pks) - done} 条状态不符，没有改动。"
            if done < len(pks)
            else f"已{words} {done} 条。",
        )
        return back(request, self.register.url("list"))

    def _apply(self, action: str | None, pks: list[int], reason: str) -> int:
        user = self.request.user
        if action == "submit":
            return review.submit(self.register, pks, user)
        if action == "return":
            return review.send_back(self.register, pks, user, reason)
        return review.approve(self.register, pks, user) if action == "approve" else 0
