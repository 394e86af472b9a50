"""The register of assistance to enterprises."""

from __future__ import annotations

from typing import Any

from django import forms

from actions.matching import propose
from actions.models import Assistance, AssistanceLaureate, Stage
from mofu.accounts.models import User
from mofu.registers.columns import Column
from mofu.registers.forms import RecordForm
from mofu.registers.inlines import Inline
from mofu.registers.register import Register, Section, register


class AssistanceForm(RecordForm):
    """The form of one assistance."""

    class Meta:
        widgets = {"service_types": forms.CheckboxSelectMultiple}


@register
class AssistanceRegister(Register):
    """助企服务台账."""

    slug = "assistance"
    model = Assistance
    group = "五大行动"
    order = 40
    icon = "building-factory"
    form_base = AssistanceForm
    takes_files = True
    key_fields = (("org", "enterprise", "need"),)
    columns = (
        "enterprise", "org", "need", "need_kind", "stage", "requested_on", "served_on", "team", "event",
        Column("problems_solved", total=True), Column("trained", total=True), Column("skilled", total=True),
        Column("benefit_wan", total=True), "satisfaction", "result",
    )  # fmt: skip
    default_columns = (
        "enterprise",
        "org",
        "need",
        "stage",
        "served_on",
        "problems_solved",
        "trained",
        "benefit_wan",
    )
    ordering = ("-served_on", "-id")
    sections = (
        Section("需求", ("enterprise", "org", "need", "need_kind", "requested_on")),
        Section("服务", ("stage", "served_on", "team", "event", "service_types")),
        Section("成效", ("problems_solved", "trained", "skilled", "benefit_wan", "satisfaction", "result")),
    )
    detail_template = "actions/assistance.html"
    batch_fields = ("stage", "need_kind", "team", "satisfaction")
    filter_fields = ("stage", "need_kind", "service_types", "team", "satisfaction")
    inlines = (Inline(AssistanceLaureate, ("laureate", "contribution"), title="参加服务的劳模工匠"),)

    def detail_context(self, obj: Assistance, user: User) -> dict[str, Any]:
        """Add laureates who could help while nobody is matched with the need."""
        return {"proposals": propose([obj], user)[obj.pk] if obj.stage == Stage.NEED else []}
