"""The people floor in the administration."""

from __future__ import annotations

from django.contrib import admin
from django.forms import FileInput

from models_app.masked_numbers import MaskedNumbersForm
from models_app.models import ActivityRecord, GroupHonour, Honour, HonourTitle, Laureate, StatusChange
from models_app.models.photo import PhotoField
from mofu.registers.admin_base import DictionaryAdmin, RecordAdmin, TrailedInline


class HonourInline(TrailedInline):
    """Honours on the page of their laureate."""

    model = Honour
    fields = ("title", "batch_year", "granted_on", "document_no", "revoked", "revoked_on", "revoked_reason")


@admin.register(Laureate)
class LaureateAdmin(RecordAdmin):
    """劳模工匠; personal numbers are masked here as everywhere."""

    form = MaskedNumbersForm
    list_display = ("name", "sex", "category", "org", "position", "skill_level", "status", "review_state")
    list_filter = (
        "review_state",
        "category",
        "status",
        "skill_level",
        "industry",
        "chain",
        "sex",
        "is_frontline",
    )
    search_fields = ("search",)
    formfield_overrides = {PhotoField: {"widget": FileInput}}
    inlines = (HonourInline,)


@admin.register(HonourTitle)
class HonourTitleAdmin(DictionaryAdmin):
    """荣誉称号字典."""

    list_display = ("code", "name", "level", "kind", "granting_body", "active")
    list_filter = ("level", "kind", "active")
    search_fields = ("code", "name")


@admin.register(Honour)
class HonourAdmin(RecordAdmin):
    """荣誉记录."""

    list_display = ("laureate", "title", "batch_year", "document_no", "revoked", "review_state")
    list_filter = ("review_state", "revoked", "title__level", "batch_year")
    search_fields = ("laureate__search", "title__name", "document_no")


@admin.register(GroupHonour)
class GroupHonourAdmin(RecordAdmin):
    """集体荣誉."""

    list_display = ("org", "section", "title", "year", "document_no", "review_state")
    list_filter = ("review_state", "title__level", "year")
    search_fields = ("org__search", "section", "title__name")


@admin.register(ActivityRecord)
class ActivityRecordAdmin(RecordAdmin):
    """社会活动记录."""

    list_display = ("laureate", "date", "kind", "title", "organiser", "review_state")
    list_filter = ("review_state", "kind")
    search_fields = ("laureate__search", "title")


@admin.register(StatusChange)
class StatusChangeAdmin(RecordAdmin):
    """变动记录."""

    list_display = ("laureate", "kind", "happened_on", "document", "review_state")
    list_filter = ("review_state", "kind")
    search_fields = ("laureate__search", "document")
