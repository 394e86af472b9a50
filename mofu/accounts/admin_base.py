"""The Django admin for trailed models: the same trail as anywhere, related records by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from mofu.accounts import trail, trail_versions

STALE = "没有保存：您打开本页后，这条记录已被修改。您填写的内容还在；请核对后再次保存，以您填的为准，或重新打开本页看最新内容。"


def _told(obj: models.Model, form: ModelForm) -> list[str]:
    """Say of every field that others changed since the form was shown what it was, what it is now, and what was typed."""
    found = [STALE]
    for entry in trail_versions.changes_after(obj, form.data.get(trail_versions.FIELD, "")):
        for name, (was, now) in entry.changes.items():
            hidden = name in getattr(obj, "trail_hidden", ())
            mine = f"，您填的：{form[name].value() or '（空）'}" if name in form.fields and not hidden else ""
            label = form.fields[name].label if name in form.fields else name
            found.append(
                f"{label}：原来 {was or '（空）'}，现在 {now or '（空）'}（{entry.actor_name} {entry.at:%m-%d %H:%M}）{mine}"
            )
    return found


class RelatedByTyping:
    """Offers every related record by type-ahead, as far as the related model is in the admin."""

    def get_autocomplete_fields(self, request: HttpRequest) -> Sequence[str]:
        """Return all foreign keys and plain many-to-many fields to models that can be searched."""
        fields = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return [field.name for field in fields if self._can_be_searched(field)]

    def _can_be_searched(self, field: models.Field) -> bool:
        related = self.admin_site._registry.get(field.related_model) if field.is_relation else None
        return related is not None and bool(related.search_fields) and field.editable


class LookedUp:
    """Mixin for what comes about elsewhere: neither added nor altered here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """It is made by the pages of the system."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What happened is never altered."""
        return False


class TrailedInline(RelatedByTyping, admin.TabularInline):
    """Parts of a record; each saved or deleted row leaves its own trail entry."""

    extra = 0


class TrailedAdmin(RelatedByTyping, admin.ModelAdmin):
    """Admin of a trailed model.

    The models themselves leave a trail for saving and deleting; this class sees to the paths that would
    go past it: deletion in bulk and many-to-many changes.
    """

    list_per_page = 50
    show_full_result_count = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer the form, a stale one with 409 and everything that was typed.

        Where somebody else saved the same a moment ago, check again so that the form says so.
        """
        with transaction.atomic():
            self._hold(request, object_id)
            seen = trail_versions.version(self.model, object_id)
            given = (request, object_id, form_url, {**(extra_context or {}), "seen": seen})
            answer = self._answer(given)
        if getattr(request, "is_stale", False):
            answer.status_code = 409
        return answer

    def _hold(self, request: HttpRequest, object_id: str | None) -> None:
        """Let nobody else save the record before this form is answered."""
        if request.method == "POST" and object_id and object_id.isdecimal():
            self.model._base_manager.select_for_update(of=("self",)).filter(pk=object_id).first()

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        """Return the form; it accepts nothing that was typed beside another version of the record than is stored."""
        made = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or request.method != "POST" or not trail_versions.is_stale(obj, request.POST):
            return made

        class Stale(made):
            def clean(self) -> None:
                super().clean()
                request.is_stale = True
                raise ValidationError(_told(obj, self))

        return Stale

    def _answer(self, given: tuple[Any, ...]) -> HttpResponse:
        request = given[0]
        try:
            with transaction.atomic():
                return super().changeform_view(*given)
        except IntegrityError:
            for upload in request.FILES.values():
                upload.seek(0)
        try:
            with transaction.atomic():
                return super().changeform_view(*given)
        except IntegrityError:
            messages.error(request, "与已有记录冲突，没有保存。请核对后再保存。")
            return HttpResponseRedirect(request.get_full_path())

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        """Save parts and many-to-many fields; record what changed in the latter."""
        before = self._many_to_many(form.instance)
        super().save_related(request, form, formsets, change)
        after = self._many_to_many(form.instance)
        changes = {name: [before[name], now] for name, now in after.items() if before[name] != now}
        if changes:
            trail.record(trail.Action.CHANGED, form.instance, changes=changes)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Delete one by one, so that every record leaves its entry."""
        for obj in queryset:
            obj.delete()

    def _many_to_many(self, obj: models.Model) -> dict[str, str]:
        plain = [
            field.name for field in obj._meta.many_to_many if field.remote_field.through._meta.auto_created
        ]
        return {name: "、".join(str(item) for item in getattr(obj, name).all()) for name in plain}


class DictionaryAdmin(TrailedAdmin):
    """Admin of an editable list of terms."""

    list_display: Sequence[Any] = ("name", "sort", "active")
    list_filter: Sequence[Any] = ("active",)
    search_fields: Sequence[str] = ("name",)
