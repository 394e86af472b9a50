"""The Django admin for kept records: bookkeeping and review state are shown, never typed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from mofu.accounts.admin_base import DictionaryAdmin, LookedUp, TrailedAdmin, TrailedInline
from mofu.registers.records import Record

__all__ = ["DictionaryAdmin", "LookedUp", "RecordAdmin", "TrailedAdmin", "TrailedInline"]

REVIEW_FIELDS = (
    "review_state",
    "submitted_at",
    "submitted_by",
    "reviewed_at",
    "reviewed_by",
    "return_reason",
)
RECORD_FIELDS = ("created_at", "created_by", "updated_at")


class RecordAdmin(TrailedAdmin):
    """Admin of a record: for repair; what is approved stays approved, what is new waits as a draft."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Return all rows: the administrator repairs whatever there is, each change leaves its trail."""
        ordering = self.get_ordering(request)
        rows = self.model.everything.all()
        return rows.order_by(*ordering) if ordering else rows

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Sequence[str]:
        """Show bookkeeping and review state."""
        names = {field.name for field in self.model._meta.fields}
        kept = [name for name in (*REVIEW_FIELDS, *RECORD_FIELDS) if name in names]
        return [*super().get_readonly_fields(request, obj), *kept]

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        """Save; a new record notes who entered it."""
        if isinstance(obj, Record) and not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)
