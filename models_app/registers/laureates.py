"""The register of laureates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from models_app.models import Laureate
from models_app.registers.person_form import PersonForm
from models_app.timeline import current_memberships, timeline
from mofu.accounts.models import User
from mofu.registers.columns import Column
from mofu.registers.register import Register, Section, register


class LaureateForm(PersonForm):
    """The form of a laureate; the photo box links nowhere, photos are served by the app alone."""

    class Meta(PersonForm.Meta):
        widgets = PersonForm.Meta.widgets | {
            "photo": forms.FileInput(attrs={"accept": "image/jpeg,image/png"})
        }


@register
class LaureateRegister(Register):
    """劳模工匠台账 (task 1: one system of basic facts, honours and social activities)."""

    slug = "laureates"
    model = Laureate
    group = "劳模工匠"
    order = 10
    icon = "medal"
    form_base = LaureateForm
    secret_fields = ("id_number", "phone")
    columns = (
        "name", "sex", "category", "org", "industry_union", "position", "title", "skill_level", "industry", "chain",
        "status", "birth_date", Column("masked_id_number", label="身份证号", width=20),
        Column("masked_phone", label="联系电话", width=14), "ethnicity", "political_status", "education", "native_place",
        "joined_work", "is_frontline", "specialties", "note", "updated_at",
    )  # fmt: skip
    default_columns = ("name", "sex", "category", "org", "position", "skill_level", "status")
    ordering = ("name_key", "id")
    sections = (
        Section(
            "基本信息",
            (
                "name",
                "id_number",
                "sex",
                "birth_date",
                "ethnicity",
                "native_place",
                "political_status",
                "education",
                "phone",
                "photo",
            ),
        ),
        Section(
            "工作情况",
            (
                "category",
                "org",
                "industry_union",
                "position",
                "title",
                "skill_level",
                "industry",
                "chain",
                "joined_work",
                "is_frontline",
                "status",
            ),
        ),
        Section("专长与事迹", ("specialties", "deeds", "note")),
    )
    detail_template = "models_app/laureate.html"
    filter_fields = ("category", "status", "skill_level", "industry", "chain", "sex", "is_frontline")

    def detail_context(self, obj: Laureate, user: User) -> dict[str, Any]:
        """Add the person's honours, current memberships and the timeline."""
        return {
            "honours": obj.honours.select_related("title").order_by("-batch_year", "-pk"),
            "memberships": current_memberships(obj, timezone.localdate()),
            "lines": timeline(obj, user),
        }
