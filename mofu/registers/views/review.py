"""Review of one record or of many chosen ones."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from mofu.registers import batch_edits, review
from mofu.registers.forms import ReturnForm
from mofu.registers.register import Register
from mofu.registers.selections import Selection, Unclear
from mofu.registers.views.base import EnterView, RegisterView

SHOWN = 50  # changed records that are named


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Return to the page the form names in ``next``, when that is a page of ours."""
    return HttpResponseRedirect(
        page_named(request, otherwise)
    )  # redirect() takes a word for the name of a view


def page_named(request: HttpRequest, otherwise: str) -> str:
    """Return the address the form names in ``next``, when that is a page of ours."""
    target = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed and target.startswith("/") else otherwise


def overtaken(request: HttpRequest, register: Register, answer: review.Overtaken) -> HttpResponse:
    """Answer 409: which of the chosen records were changed since the list was shown, by whom; nothing was done."""
    context = {
        "register": register,
        "entries": answer.entries[:SHOWN],
        "count": len(answer.entries),
        "list_url": register.url("list"),
        "next": page_named(request, register.url("list")),
    }
    return render(request, "registers/overtaken_many.html", context, status=409)


class SubmitView(EnterView):
    """``POST /<slug>/<pk>/submit/``: the unit hands a record in."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand in, or say why that is not possible."""
        with transaction.atomic():
            obj = self.record(pk, lock=True)
            if answer := self.overtaken(obj, "送审"):
                return answer
            done = review.submit(self.register, [pk], request.user)
        if done:
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
        with transaction.atomic():
            obj = self.record(pk, lock=True)
            if answer := self.overtaken(obj, "审核通过"):
                return answer
            done = review.approve(self.register, [pk], request.user)
        if done:
            messages.success(request, f"审核通过：{obj}")
        else:
            messages.warning(request, f"“{obj}”不在待审状态，没有改动。")
        return back(request, self.register.url("detail", pk))


class ReturnView(ReviewView):
    """``POST /<slug>/<pk>/return/`` with ``reason``."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a record back to its unit."""
        form = ReturnForm(request.POST)
        with transaction.atomic():
            obj = self.record(pk, lock=True)
            if answer := self.overtaken(obj, "退回"):
                return answer
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            done = bool(reason) and review.send_back(self.register, [pk], request.user, reason)
        if not reason:
            messages.error(request, "请填写退回原因（300 字以内），填报单位据此补正。")
        elif done:
            messages.success(request, f"已退回：{obj}")
        else:
            messages.warning(request, f"“{obj}”是草稿或已退回，没有改动。")
        return back(request, self.register.url("detail", pk))


class BulkView(RegisterView):
    """``POST /<slug>/bulk/`` with ``action`` submit, approve or return, and what :class:`Selection` takes."""

    http_method_names = ("post",)

    def allowed(self) -> bool:
        """Deciding needs the right to review, handing in the right to enter."""
        user = self.request.user
        if self.request.POST.get("action") == "submit":
            return self.register.may_see(user) and self.register.may_enter(user)
        return self.register.may_review(user)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Apply one step to all chosen records, in one transaction; to very many in the background."""
        action, reason = request.POST.get("action", ""), request.POST.get("reason", "").strip()[:300]
        selection = Selection.posted(self.register, request.user, request.POST)
        try:
            if action == "return":
                self._return(selection, reason)
            elif action in batch_edits.REVIEWS:
                if len(selection.keys) > batch_edits.AT_ONCE:
                    return redirect("registers:job", batch_edits.start_review(selection, action).pk)
                done = batch_edits.step_of_review(selection, action)
                total = max(len(selection.pks), len(selection.keys))
                messages.success(request, batch_edits.review_words(action, done, total))
        except Unclear as answer:
            messages.error(request, str(answer))
        except review.Overtaken as answer:
            return overtaken(request, self.register, answer)
        return back(request, self.register.url("list"))

    def _return(self, selection: Selection, reason: str) -> None:
        """Send the ticked records back; all that match are never returned for one and the same reason."""
        if not reason:
            messages.error(self.request, "请填写退回原因，填报单位据此补正。")
            return
        done = review.send_back(self.register, selection.pks, self.request.user, reason, seen=selection.seen)
        rest = len(selection.pks) - done
        messages.success(
            self.request,
            f"已退回 {done} 条，其余 {rest} 条状态不符，没有改动。" if rest else f"已退回 {done} 条。",
        )
