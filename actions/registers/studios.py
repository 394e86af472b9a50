"""The register of innovation studios."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from actions.dashboards.mentoring import studio_network
from actions.models import Mentorship, Studio, StudioMember, StudioOutcome, StudioStatus
from mofu.accounts.models import User
from mofu.registers.columns import Column
from mofu.registers.forms import EndingForm
from mofu.registers.inlines import Inline
from mofu.registers.register import Register, Section, register


class StudioForm(EndingForm):
    """The form of a studio; why one is revoked has to be said."""

    ending = ("status", StudioStatus.REVOKED)
    ending_word = "撤销"


@register
class StudioRegister(Register):
    """创新工作室台账."""

    slug = "studios"
    model = Studio
    group = "五大行动"
    order = 50
    icon = "bulb"
    form_base = StudioForm
    takes_files = True
    columns = (
        "name", "org", "leader", "category", "level", "founder", "created_on", "document_no", "is_new_quality",
        "new_quality_reason", "is_demonstration", "chain", "address", "area", Column("funds_wan", total=True), "status",
        "reconfirmed_on",
    )  # fmt: skip
    default_columns = (
        "name",
        "org",
        "leader",
        "category",
        "level",
        "founder",
        "created_on",
        "is_new_quality",
    )
    ordering = ("name_key", "id")
    sections = (
        Section(
            "基本信息",
            ("name", "org", "leader", "category", "level", "founder", "created_on", "document_no", "chain"),
        ),
        Section(
            "类型与状态",
            ("is_new_quality", "new_quality_reason", "is_demonstration", "status", "reconfirmed_on"),
        ),
        Section("条件", ("address", "area", "funds_wan", "summary")),
    )
    detail_template = "actions/studio.html"
    batch_fields = ("org", "category", "level", "chain", "status", "founder", "reconfirmed_on")
    filter_fields = ("category", "level", "founder", "is_new_quality", "is_demonstration", "status", "chain")
    inlines = (
        Inline(StudioMember, ("laureate", "worker", "name", "role", "joined_on"), title="工作室成员"),
        Inline(StudioOutcome, ("kind", "title", "year", "benefit_wan", "trained"), title="工作室成果"),
    )

    def detail_context(self, obj: Studio, user: User) -> dict[str, Any]:
        """Add 一师一室一众弟子: who teaches whom in the studio, as far as the user sees the pairs."""
        pairs = Mentorship.objects.visible_to(user).approved().running(timezone.localdate())
        pairs = pairs.filter(Q(studio=obj) | Q(master=obj.leader_id)).select_related("master", "apprentice")
        return {"network": studio_network(obj, list(pairs.order_by("master__name_key", "pk")))}
