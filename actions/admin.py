"""The actions floor in the administration: dictionaries and targets are kept here, everything else is repaired."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import Field
from django.http import HttpRequest

from actions.models import (
    Academy,
    Assistance,
    AssistanceLaureate,
    Campaign,
    Craftsman,
    Event,
    FrozenReport,
    HeadcountReturn,
    Measure,
    Membership,
    Mentorship,
    MentorshipNote,
    PaperSettings,
    Participation,
    ProgrammeSettings,
    ReportDraft,
    ReportEdit,
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
from actions.registers.indicator_choice import indicator_name, indicator_select
from models_app.masked_numbers import MaskedNumbersForm
from mofu.accounts.admin_base import LookedUp
from mofu.registers.admin_base import DictionaryAdmin, RecordAdmin, TrailedAdmin, TrailedInline


def parts(part: type[models.Model]) -> type[TrailedInline]:
    """Return the inline of a kind of parts."""
    return type(f"{part.__name__}Inline", (TrailedInline,), {"model": part})


admin.site.register(ServiceType, DictionaryAdmin)


@admin.register(TenOneItem)
class TenOneItemAdmin(DictionaryAdmin):
    """十个一项目."""

    list_display = ("number", "name", "active")


class OneRowAdmin(TrailedAdmin):
    """Settings: one row."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only one row."""
        return super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """The row stays."""
        return False


admin.site.register((ProgrammeSettings, PaperSettings), OneRowAdmin)


@admin.register(ReportDraft)
class ReportDraftAdmin(TrailedAdmin):
    """报告稿, with the passages staff wrote."""

    list_display = ("title", "org", "year", "span", "number")
    list_filter = ("kind", "year")
    list_select_related = ("org",)
    search_fields = ("title",)
    inlines = (parts(ReportEdit),)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Return all drafts."""
        return ReportDraft.objects.unscoped("the administrator repairs everything, on the trail")


@admin.register(FrozenReport)
class FrozenReportAdmin(LookedUp, TrailedAdmin):
    """定稿报告: looked up; nobody alters or removes what was issued."""

    list_display = ("title", "org", "year", "span", "frozen_by", "frozen_at")
    list_filter = ("kind", "year")
    list_select_related = ("org", "frozen_by")
    search_fields = ("title",)
    exclude = ("content",)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """What was issued stays."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Return all frozen reports, without their contents."""
        return FrozenReport.objects.unscoped("looked up by the administrator").defer("content")


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


class ByIndicator(admin.SimpleListFilter):
    """Targets by the Chinese name of their indicator."""

    title = "指标"
    parameter_name = "indicator"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """Offer the indicators that have targets."""
        rows = model_admin.get_queryset(request)
        codes = rows.order_by("indicator").values_list("indicator", flat=True).distinct()
        return [(code, indicator_name(code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        """Keep the targets of the chosen indicator."""
        return queryset.filter(indicator=self.value()) if self.value() else queryset


class IndicatorAdmin(RecordAdmin):
    """Admin of records that name an indicator: chosen and shown by its Chinese name."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Field | None:
        """Offer the indicators by name."""
        if db_field.name == "indicator":
            kwargs["widget"] = indicator_select()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="指标", ordering="indicator")
    def indicator_shown(self, obj: models.Model) -> str:
        """The indicator's Chinese name."""
        return indicator_name(obj.indicator)


@admin.register(Target)
class TargetAdmin(IndicatorAdmin):
    """目标."""

    list_display = ("indicator_shown", "org", "year", "comparator", "value", "unit", "period", "assigned")
    list_filter = ("year", "period", ByIndicator)
    search_fields = ("search", "org__search")


@admin.register(Event)
class EventAdmin(RecordAdmin):
    """活动."""

    list_display = ("title", "kind", "destination", "date", "org", "audience", "review_state")
    list_filter = ("review_state", "kind", "destination", "measures__campaign", "date")
    search_fields = ("search",)
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

    list_display = ("master", "apprentice_name_shown", "studio", "started_on", "ended_on", "review_state")
    list_filter = ("review_state", "appraisal_grade")
    search_fields = ("master__search", "apprentice__search", "search")
    inlines = (parts(MentorshipNote),)

    @admin.display(description="徒弟")
    def apprentice_name_shown(self, obj: Mentorship) -> str:
        """The apprentice, registered or known by name only."""
        return obj.apprentice_shown


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


@admin.register(HeadcountReturn)
class HeadcountAdmin(RecordAdmin):
    """十个一人数报送."""

    list_display = ("org", "item", "year", "month", "people", "review_state")
    list_filter = ("review_state", "year", "month", "item")
    search_fields = ("org__search",)


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
class TaskAdmin(IndicatorAdmin):
    """双十任务."""

    list_display = ("name", "year", "group", "number", "owner", "deadline", "state")
    list_filter = ("year", "group", "state")
    search_fields = ("search",)
    inlines = (parts(TaskStep), parts(TaskNote))
