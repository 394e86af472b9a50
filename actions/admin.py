"""The actions floor in the administration: dictionaries and targets are kept here, everything else is repaired."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from actions.models import (
    Academy,
    Assistance,
    AssistanceLaureate,
    Campaign,
    Craftsman,
    Event,
    Measure,
    Membership,
    Mentorship,
    MentorshipNote,
    Participation,
    ProgrammeSettings,
    ServiceType,
    Studio,
    StudioMember,
    StudioOutcome,
    Target,
    Task,
    TaskNote,
    TaskStep,
    Team,
    TenOne,
    TenOneItem,
    Worker,
)
from models_app.masked_numbers import MaskedNumbersForm
from mofu.registers.admin_base import DictionaryAdmin, RecordAdmin, TrailedAdmin, TrailedInline


def parts(part: type[models.Model]) -> type[TrailedInline]:
    """Return the inline of a kind of parts."""
    return type(f"{part.__name__}Inline", (TrailedInline,), {"model": part})


admin.site.register(ServiceType, DictionaryAdmin)


@admin.register(TenOneItem)
class TenOneItemAdmin(DictionaryAdmin):
    """十个一项目."""

    list_display = ("number", "name", "active")


@admin.register(ProgrammeSettings)
class ProgrammeSettingsAdmin(TrailedAdmin):
    """方案设置: one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only one row."""
        return super().has_add_permission(request) and not ProgrammeSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """The row stays."""
        return False


@admin.register(Campaign)
class CampaignAdmin(TrailedAdmin):
    """行动, with its measures."""

    list_display = ("title", "code", "alt_title", "sort")
    search_fields = ("title", "alt_title")
    inlines = (parts(Measure),)


@admin.register(Measure)
class MeasureAdmin(TrailedAdmin):
    """措施."""

    list_display = ("name", "campaign", "code", "verb", "sort")
    list_filter = ("campaign",)
    list_select_related = ("campaign",)
    search_fields = ("name", "code")


@admin.register(Target)
class TargetAdmin(RecordAdmin):
    """目标."""

    list_display = ("indicator", "org", "year", "comparator", "value", "unit", "period", "assigned")
    list_filter = ("year", "period", "indicator")
    search_fields = ("search", "org__search")


@admin.register(Event)
class EventAdmin(RecordAdmin):
    """活动."""

    list_display = ("title", "kind", "destination", "date", "org", "audience", "review_state")
    list_filter = ("review_state", "kind", "destination", "measures__campaign")
    search_fields = ("search",)
    date_hierarchy = "date"
    inlines = (parts(Participation),)


@admin.register(Team)
class TeamAdmin(RecordAdmin):
    """团队."""

    list_display = ("name", "kind", "org", "founded_on", "active")
    list_filter = ("kind", "active")
    search_fields = ("search",)
    inlines = (parts(Membership),)


@admin.register(Membership)
class MembershipAdmin(RecordAdmin):
    """团队成员."""

    list_display = ("laureate", "team", "position", "joined_on", "left_on")
    list_filter = ("team",)
    search_fields = ("laureate__search", "team__search")


@admin.register(Assistance)
class AssistanceAdmin(RecordAdmin):
    """助企服务."""

    list_display = ("enterprise", "need", "stage", "served_on", "org", "review_state")
    list_filter = ("review_state", "stage", "need_kind", "service_types")
    search_fields = ("search", "enterprise__search")
    inlines = (parts(AssistanceLaureate),)


@admin.register(Studio)
class StudioAdmin(RecordAdmin):
    """创新工作室."""

    list_display = ("name", "org", "leader", "category", "level", "founder", "is_new_quality", "review_state")
    list_filter = ("review_state", "category", "level", "founder", "is_new_quality", "status")
    search_fields = ("search", "leader__search")
    inlines = (parts(StudioMember), parts(StudioOutcome))


@admin.register(Mentorship)
class MentorshipAdmin(RecordAdmin):
    """师徒结对."""

    list_display = ("master", "apprentice_shown", "studio", "started_on", "ended_on", "review_state")
    list_filter = ("review_state", "appraisal_grade")
    search_fields = ("master__search", "apprentice__search", "search")
    inlines = (parts(MentorshipNote),)


@admin.register(Worker)
class WorkerAdmin(RecordAdmin):
    """职工; personal numbers are masked here as everywhere."""

    form = MaskedNumbersForm
    list_display = ("name", "org", "trade", "skill_level")
    list_filter = ("skill_level",)
    search_fields = ("search",)


@admin.register(TenOne)
class TenOneAdmin(RecordAdmin):
    """十个一参与."""

    list_display = ("worker", "item", "year", "done_on", "org", "led_by", "review_state")
    list_filter = ("year", "item", "lead_kind")
    search_fields = ("worker__search",)


@admin.register(Craftsman)
class CraftsmanAdmin(RecordAdmin):
    """工匠培育."""

    list_display = ("name", "org", "grade", "stage", "year", "named_on", "review_state")
    list_filter = ("review_state", "grade", "stage", "year")
    search_fields = ("search",)


@admin.register(Academy)
class AcademyAdmin(RecordAdmin):
    """工匠学院."""

    list_display = ("name", "org", "host", "level", "status", "named_year", "review_state")
    list_filter = ("review_state", "level", "status", "named_year")
    search_fields = ("search",)


@admin.register(Task)
class TaskAdmin(RecordAdmin):
    """双十任务."""

    list_display = ("name", "year", "group", "number", "owner", "deadline", "state")
    list_filter = ("year", "group", "state")
    search_fields = ("search",)
    inlines = (parts(TaskStep), parts(TaskNote))
