"""Erasing the data of one person on request: shown first, then done for good."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from mofu.accounts import trail_versions
from mofu.accounts.policy import Right, may
from mofu.registers.views.base import EnterView

_CLASHES = (
    "本单位另有同名同年出生且没有身份证号的记录，删除后两条无法区分。请先核对是否重复并合并；"
    "那一条的个人信息如已删除，请先清空其出生日期，再删除本条，然后合并。"
)


class EraseForm(forms.Form):
    """Why, and the name typed once more: nothing brings the data back."""

    reason = forms.CharField(
        label="删除依据",
        min_length=5,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text="如：本人 2026年3月1日书面申请（协会收文〔2026〕12号）。写入操作留痕，请勿填写号码。",
        error_messages={"required": "请写明删除依据。", "min_length": "请写明申请时间和文号等依据。"},
    )
    name = forms.CharField(
        label="再输入一次姓名，确认删除",
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": "请输入姓名确认。"},
    )

    def __init__(self, *args: object, expected: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._expected = expected

    def clean_name(self) -> str:
        """Return the name when it is the person's."""
        if self.cleaned_data["name"].strip() != self._expected:
            raise forms.ValidationError("与本记录的姓名不一致，没有删除。")
        return self._expected


class EraseView(EnterView):
    """``/<slug>/<pk>/erase/``: what goes, what stays and why; POST erases. For the city's staff.

    ``seen`` is the version of the record that the page shows.
    """

    seen = trail_versions.NONE

    def allowed(self) -> bool:
        """Whether the user decides for the association."""
        return super().allowed() and may(self.request.user, Right.ENTER_CITY)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what would be done."""
        self.seen = self.version(pk)
        obj = self.record(pk)
        return self._page(obj, EraseForm(expected=str(obj)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Erase."""
        try:
            with transaction.atomic():
                obj = self.record(pk, lock=True)
                if answer := self.overtaken(obj, "删除个人信息"):
                    return answer
                self.seen = self.version(pk)
                form = EraseForm(request.POST, expected=str(obj))
                found = self.register.erasure(obj)
                if not form.is_valid() or found.done:
                    return self._page(obj, form, status=422)
                self.register.erase(obj, reason=form.cleaned_data["reason"], on=timezone.localdate())
        except IntegrityError:
            form.add_error(None, _CLASHES)
            return self._page(self.record(pk), form, status=409)
        again = (
            f"此后登记的个人信息：{'、'.join(what for what, _ in found.goes)}"
            if found.done_on
            else "个人信息"
        )
        messages.success(request, f"已删除{obj}的{again}，操作已留痕。")
        return redirect(self.register.url("detail", pk))

    def _page(self, obj: models.Model, form: EraseForm, status: int = 200) -> HttpResponse:
        context = self.context(object=obj, form=form, erasure=self.register.erasure(obj), seen=self.seen)
        return render(self.request, "registers/erase.html", context, status=status)
