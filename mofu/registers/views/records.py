"""One record: its page, the form that makes or changes it, its deletion and its history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse

from mofu.accounts import trail_versions
from mofu.accounts.models import TrailEntry
from mofu.accounts.policy import Right, Use, may
from mofu.accounts.trail_actions import Action
from mofu.registers import attachments, conflicts, pages, revealing, saving
from mofu.registers.deletion import Dependents, dependents_of
from mofu.registers.forms import RecordForm, ReturnForm
from mofu.registers.saving import save_form
from mofu.registers.views.base import EnterView, RegisterView

OVERTAKEN = "与别处刚保存的记录冲突，没有保存。请核对后再保存一次。"


class DetailView(RegisterView):
    """``/<slug>/<pk>/``: the record's own page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the record."""
        return self.page(pk)

    def page(self, pk: int, revealed: str = "") -> HttpResponse:
        """Render the record's page; ``revealed`` names the one personal number shown in full."""
        register, user = self.register, self.request.user
        seen, obj = self.version(pk), self.record(pk)
        sections = pages.sections(register, obj, user, revealed)
        context = self.context(
            object=obj,
            seen=seen,
            sections=sections,
            revealed=next(
                (line for _, lines in sections for line in lines if revealed and line.name == revealed), None
            ),
            parts=pages.parts(register, obj),
            files=attachments.of(obj) if register.takes_files else None,
            accepted_files=attachments.ACCEPTED,
            return_form=ReturnForm(),
            may_erase=register.erasable and register.may_enter(user) and may(user, Right.ENTER_CITY),
            **register.detail_context(obj, user),
        )
        return render(self.request, register.detail_template, context)


class RevealView(DetailView):
    """``POST /<slug>/<pk>/reveal/``: ask what for, then show one personal number in full, once, and leave a trail.

    The number is part of the answer to a POST alone: it is in no address, and no-store keeps it out of caches.
    """

    http_method_names = ("post",)

    def allowed(self) -> bool:
        """Whether the user may see full personal numbers."""
        return super().allowed() and may(self.request.user, Right.REVEAL)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record who looks and what for, then show the number."""
        name = request.POST.get("field", "")
        if name not in self.register.secret_fields:
            raise Http404
        obj = self.record(pk)
        if not self.register.may_use(request.user, Use.REVEAL, name):
            raise PermissionDenied
        asked = "ask" in request.POST
        form = revealing.RevealForm(request.POST if asked else None)
        if not form.is_valid():
            return self._question(obj, name, form, status=422 if asked else 200)
        try:
            revealing.note(request.user, obj, name, form.told)
        except revealing.TooManyToday as refusal:
            return self._question(obj, name, form, status=429, refusal=str(refusal))
        return self.page(pk, revealed=name)

    def _question(
        self, obj: models.Model, name: str, form: revealing.RevealForm, *, status: int, refusal: str = ""
    ) -> HttpResponse:
        context = self.context(
            object=obj,
            name=name,
            label=obj._meta.get_field(name).verbose_name,
            masked=pages.secret_text(self.register, obj, name, self.request.user),
            form=form,
            left=revealing.left_today(self.request.user),
            refusal=refusal,
        )
        return render(self.request, "registers/reveal.html", context, status=status)


class FormView(EnterView):
    """The form of a record and of its parts, for making and for changing; ``seen`` is the version that GET shows."""

    seen = trail_versions.NONE

    def form_page(self, obj: models.Model | None) -> HttpResponse:
        """Answer GET and POST of the form for ``obj`` (None: a new record, else on POST locked)."""
        form, formsets = self._forms(obj)
        if (
            obj is not None
            and self.request.method == "POST"
            and trail_versions.is_stale(obj, self.request.POST)
        ):
            return self._conflict(obj, form, formsets)
        if self.request.method == "POST" and _all_valid(form, formsets):
            try:
                return self._save(form, formsets, new=obj is None)
            except IntegrityError:
                return self._overtaken(obj)
        return self._page(obj, form, formsets)

    def _overtaken(self, obj: models.Model | None) -> HttpResponse:
        """Check again what could not be saved: what somebody else saved a moment ago is now told at its field."""
        for upload in self.request.FILES.values():
            upload.seek(0)
        obj = self.record(obj.pk) if obj is not None else None
        form, formsets = self._forms(obj)
        if _all_valid(form, formsets):
            form.add_error(None, OVERTAKEN)
        return self._page(obj, form, formsets)

    def _conflict(
        self, obj: models.Model, form: RecordForm, formsets: list[forms.BaseInlineFormSet]
    ) -> HttpResponse:
        """Save nothing: show what others changed beside what was typed, to be saved again or given up."""
        parts = [inline.model for inline in self.register.inlines]
        found = conflicts.of_form(form, self.record(obj.pk), self.request, parts)
        return self._page(obj, form, formsets, found)

    def _forms(self, obj: models.Model | None) -> tuple[RecordForm, list[forms.BaseInlineFormSet]]:
        instance = obj if obj is not None else self.register.model()
        return self._form(instance), [self._formset(inline, instance) for inline in self.register.inlines]

    def _page(
        self,
        obj: models.Model | None,
        form: RecordForm,
        formsets: list[forms.BaseInlineFormSet],
        conflict: conflicts.Conflict | None = None,
    ) -> HttpResponse:
        posted = self.request.method == "POST"
        status = 409 if conflict else 422 if posted else 200
        context = self.context(
            object=obj,
            seen=self.version(obj.pk) if posted and obj is not None else self.seen,
            conflict=conflict,
            again="submit" if "submit" in self.request.POST else "save",
            form=form,
            formsets=list(zip(self.register.inlines, formsets, strict=True)),
            faults=_faults(form, formsets),
            may_submit=self.register.reviewed and not may(self.request.user, Right.REVIEW),
        )
        # Rendered when the transaction is over: SQLite's only write lock is not held for a page.
        return TemplateResponse(self.request, "registers/form.html", context, status=status)

    def _form(self, instance: models.Model) -> RecordForm:
        request = self.request
        initial = self._initial() if instance._state.adding else None
        data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        return self.register.form(*data, instance=instance, initial=initial, user=request.user)

    def _initial(self) -> dict[str, Any]:
        """Start from the register's defaults and what the address suggests (``?laureate=5``)."""
        names = self.register.form._meta.fields
        suggested = {name: value for name, value in self.request.GET.items() if name in names}
        return self.register.initial(self.request.user) | suggested

    def _formset(self, inline: Any, instance: models.Model) -> forms.BaseInlineFormSet:
        request = self.request
        made = inline.formset_for(self.register.model)
        data = (None, None)
        if request.method == "POST":
            data = (saving.with_rows_again(request.POST, inline.prefix, made, instance), request.FILES)
        return made(*data, instance=instance, prefix=inline.prefix, form_kwargs={"user": request.user})

    def _save(self, form: RecordForm, formsets: list[forms.BaseInlineFormSet], *, new: bool) -> HttpResponse:
        submit = "submit" in self.request.POST
        obj = save_form(form, formsets, self.request.user, submit=submit)
        done = "已保存并送审" if submit else ("已新增" if new else "已保存")
        messages.success(self.request, f"{done}：{obj}")
        if "another" in self.request.POST:
            return redirect(self.register.url("new"))
        return redirect(self.register.url("detail", obj.pk))


def _all_valid(form: RecordForm, formsets: list[forms.BaseInlineFormSet]) -> bool:
    """Validate everything, so that all faults show at once."""
    return all([form.is_valid(), *(formset.is_valid() for formset in formsets)])


def _faults(form: RecordForm, formsets: list[forms.BaseInlineFormSet]) -> int:
    """Return how many faults a sent form shows, those in its rows included."""
    if not form.is_bound:
        return 0
    return len(form.errors) + sum(formset.total_error_count() for formset in formsets)


class CreateView(FormView):
    """``/<slug>/new/``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show an empty form."""
        return self.form_page(None)

    post = get


class EditView(FormView):
    """``/<slug>/<pk>/edit/``."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form of a record."""
        self.seen = self.version(pk)
        return self.form_page(self.record(pk))

    @transaction.atomic
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save the form of a record."""
        return self.form_page(self.record(pk, lock=True))


class DeleteView(EnterView):
    """``/<slug>/<pk>/delete/``: ask, name what depends on the record, delete; ``seen`` is the version shown."""

    seen = trail_versions.NONE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for confirmation, or list what has to be dealt with first."""
        self.seen = self.version(pk)
        obj = self.record(pk)
        return self._page(obj, dependents_of(obj, request.user))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete unless something depends on the record."""
        with transaction.atomic():
            obj = self.record(pk, lock=True)
            if answer := self.overtaken(obj, "删除"):
                return answer
            self.seen = self.version(pk)
            found = dependents_of(obj, request.user)
            if found.any or self.register.refusal(obj, request.user):
                return self._page(obj, found, status=409)
            label = str(obj)
            for attachment in attachments.of(obj):
                attachment.delete()
            obj.delete()
        messages.success(request, f"已删除：{label}")
        return redirect(self.register.url("list"))

    def _page(self, obj: models.Model, found: Dependents, status: int = 200) -> HttpResponse:
        refusal = self.register.refusal(obj, self.request.user)
        context = self.context(object=obj, dependents=found, refusal=refusal, seen=self.seen)
        return render(self.request, "registers/delete.html", context, status=status)


class HistoryView(RegisterView):
    """``/<slug>/<pk>/history/``: who changed what, when."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the trail of one record, newest first."""
        obj = self.record(pk)
        entries = _since_erased(
            obj, TrailEntry.objects.filter(model=obj._meta.label_lower, object_id=str(obj.pk))
        )[:200]
        models_shown = [*(part.model for part in self.register.inlines), type(obj)]
        labels = {name: label for model in models_shown for name, label in _labels(model).items()}
        lines = [(entry, _differences(entry, labels)) for entry in entries]
        return render(request, "registers/history.html", self.context(object=obj, lines=lines))


def _since_erased(obj: models.Model, entries: models.QuerySet[TrailEntry]) -> models.QuerySet[TrailEntry]:
    """Leave out what the trail keeps of a person from before their data were last erased; auditors find it there."""
    if getattr(obj, "erased_on", None) is None:
        return entries
    erased = entries.filter(action=Action.ERASED)
    last = erased.order_by().aggregate(at=models.Max("pk"))["at"]
    return erased | entries.filter(pk__gte=last) if last else entries


def _differences(entry: TrailEntry, labels: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(labels.get(name, name), before, after) for name, (before, after) in entry.changes.items()]


def _labels(model: type[models.Model]) -> dict[str, str]:
    return {field.name: str(getattr(field, "verbose_name", field.name)) for field in model._meta.get_fields()}
