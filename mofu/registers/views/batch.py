"""Setting one field for many records: choose, look at what would change, confirm."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from mofu.accounts import trail_versions
from mofu.registers import batch_edits
from mofu.registers.batch_edits import Edit, Refusals
from mofu.registers.review import Overtaken
from mofu.registers.selections import Selection, Unclear
from mofu.registers.views.base import EnterView
from mofu.registers.views.review import back, overtaken

RIVALS = "其中的记录刚被他人修改，没有写入任何数据，请重试。"


class BatchEditView(EnterView):
    """``POST /<slug>/batch/`` with what :class:`Selection` takes.

    ``step`` ``preview`` and ``apply`` come with ``field``, the field's own box, ``reason`` and ``skip``.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        """Records are chosen on the list."""
        return redirect(self.register.url("list"))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the next step."""
        self.selection = Selection.posted(self.register, request.user, request.POST)
        self.form = batch_edits.fields_of(self.register, request.user)
        try:
            if not self.selection.keys:
                raise Unclear("请先选择要修改的记录。")
            if "step" not in request.POST:
                return self._page("registers/batch_choose.html")
            return self._next(request.POST["step"])
        except (Unclear, IntegrityError) as answer:
            messages.error(request, str(answer) if isinstance(answer, Unclear) else RIVALS)
            return back(request, self.register.url("list"))

    def _next(self, step: str) -> HttpResponse:
        try:
            edit = self._edit()
        except ValidationError as error:
            return self._page(
                "registers/batch_choose.html", status=422, faults=error.messages, chosen=self._named()
            )
        if step != "apply":
            return self._preview(edit)
        if self._is_large:
            return redirect("registers:job", batch_edits.start_edit(self.selection, edit).pk)
        try:
            outcome = batch_edits.apply(self.selection, edit)
        except Refusals:
            return self._preview(edit, status=409)
        except Overtaken as answer:
            return overtaken(self.request, self.register, answer)
        messages.success(self.request, batch_edits.done_words(outcome))
        return back(self.request, self.register.url("list"))

    @property
    def _is_large(self) -> bool:
        return len(self.selection.keys) > batch_edits.AT_ONCE

    def _named(self) -> str:
        return self.request.POST.get("field", "")

    def _edit(self) -> Edit:
        """Return what is to be done; raises ValidationError with every fault."""
        data, name = self.request.POST, self._named()
        reason, faults = data.get("reason", "").strip()[:200], []
        if not reason:
            faults.append("请填写修改原因，它会写入每条记录的操作留痕。")
        if name not in self.form.fields:
            raise ValidationError([*faults, "请选择要修改的一项。"])
        value = self._typed(name)
        try:
            self.form.fields[name].clean(value)
        except ValidationError as error:
            faults += [f"{self.form.fields[name].label}：{message}" for message in error.messages]
        if faults:
            raise ValidationError(faults)
        return Edit(name, value, reason, "skip" in data)

    def _typed(self, name: str) -> Any:
        field = self.form.fields[name]
        return field.widget.value_from_datadict(self.request.POST, self.request.FILES, name)

    def _preview(self, edit: Edit, status: int = 200) -> HttpResponse:
        """Show what would change; of very many records only how many there are. It is this that the user then confirms."""
        seen = trail_versions.page_version()
        outcome = None if self._is_large else batch_edits.check(self.selection, edit)
        field = self.form.fields[edit.field]
        context = {
            "outcome": outcome,
            "edit": edit,
            "seen": seen,
            "label": field.label,
            "shown": (outcome.shown if outcome else "") or _shown(field, edit.value),
            "raw": edit.value if edit.value is not None else "",
        }
        return self._page("registers/batch_preview.html", status=status, **context)

    def _page(self, template: str, status: int = 200, **extra: Any) -> HttpResponse:
        data = self.request.POST
        bound = self.register.form(
            data if "field" in data else None, user=self.request.user, use_required_attribute=False
        )
        fields = [(bound[name], name == self._named()) for name in self.form.fields]
        context = self.context(
            selection=self.selection,
            total=len(self.selection.keys),
            fields=fields,
            reason=data.get("reason", ""),
            next=data.get("next", ""),
            **extra,
        )
        return render(self.request, template, context, status=status)


def _shown(field: forms.Field, value: Any) -> str:
    """Return a typed value as a person reads it."""
    found = field.clean(value)
    if isinstance(field, forms.ModelChoiceField):
        return str(found) if found else "（空）"
    choices = {str(key): str(label) for key, label in getattr(field, "choices", None) or ()}
    if isinstance(found, bool):
        return "是" if found else "否"
    return choices.get(str(found), str(found)) if found not in field.empty_values else "（空）"
