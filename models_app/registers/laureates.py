"""The register of laureates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from models_app.masked_numbers import DATA_OF
from models_app.models import CareFile, Consent, HonourTitle, Laureate
from models_app.models.honour_title import HonourKind
from models_app.models.laureate import Category
from models_app.registers.person_form import PersonForm
from models_app.registers.person_sheet import PersonSheet, tidy_person
from models_app.timeline import current_memberships, timeline
from mofu.accounts.models import User
from mofu.accounts.policy import DataClass, Use, may_use
from mofu.registers.columns import Column
from mofu.registers.duplicate_rules import same, same_name_and_date, same_number
from mofu.registers.register import Register, Section, Tidier, register
from mofu.registers.sheets.side import Side

CATEGORY_OF = {
    HonourKind.MODEL: Category.MODEL_WORKER,
    HonourKind.MAY_51: Category.MAY_51,
    HonourKind.CRAFT: Category.CRAFTSMAN,
    HonourKind.TREATMENT: Category.TREATMENT,
}


def consents_of(person: Laureate, user: User) -> QuerySet[Consent] | None:
    """Return a person's consents with what ends them (``overruled_on``), None for who may not see them."""
    if not may_use(user, Use.SEE, DataClass.CONSENT):
        return None
    return person.consents.marked().order_by("purpose", "-agreed_on")


def care_of(person: Laureate, user: User) -> QuerySet[CareFile] | None:
    """Return a person's care file with whether it is open (``is_open``), None for who does not handle care."""
    return person.care_files.marked() if may_use(user, Use.SEE, DataClass.HARDSHIP) else None


def complete_honour(values: dict[str, Any]) -> None:
    """Take the batch year from the date of granting where a roster has no column for it."""
    if values.get("granted_on") and "batch_year" not in values:
        values["batch_year"] = str(values["granted_on"].year)


HONOURS = Side(
    slug="honours",
    link="laureate",
    fields=("title", "granted_on", "batch_year", "document_no", "granted_by", "certificate_no"),
    key=("title", "batch_year"),
    synonyms={
        "title": ("荣誉称号", "荣誉", "所获荣誉", "荣誉名称", "获得荣誉", "劳模称号", "何种荣誉"),
        "granted_on": ("获得荣誉时间", "荣誉时间", "何时授予"),
    },
    complete=complete_honour,
)


class LaureateForm(PersonForm):
    """The form of a laureate; the photo box links nowhere, photos are served by the app alone."""

    class Meta(PersonForm.Meta):
        widgets = PersonForm.Meta.widgets | {
            "photo": forms.FileInput(attrs={"accept": "image/jpeg,image/png"})
        }


@register
class LaureateRegister(PersonSheet, Register):
    """劳模工匠台账 (task 1: one system of basic facts, honours and social activities)."""

    slug = "laureates"
    model = Laureate
    group = "劳模工匠"
    order = 10
    icon = "medal"
    form_base = LaureateForm
    secret_fields = DATA_OF
    sheet_synonyms = {
        "title": ("专业技术职称", "技术职称"), "category": ("劳模类别", "类别", "人员类型"),
        "position": ("职务岗位", "岗位", "职务（岗位）"), "specialties": ("专业特长", "技能特长", "特长", "专长"),
    }  # fmt: skip
    sheet_known_units = ("industry_union",)
    sheet_sides = (HONOURS,)
    batch_fields = (
        "org", "category", "status", "skill_level", "industry", "chain", "industry_union", "is_frontline",
    )  # fmt: skip
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
    duplicate_rules = (
        same_number("id_number_hash"),
        same_name_and_date("birth", "姓名相同、出生日期相符", "name", "birth_date", number="id_number_hash"),
        same("honour", "姓名、单位和荣誉相同", "name", "org", "honours__title", number="id_number_hash"),
    )
    duplicate_columns = ("org", "birth_date", Column("masked_id_number", label="身份证号"))
    distinct_words = "不是同一人"
    detail_template = "models_app/laureate.html"
    filter_fields = ("category", "status", "skill_level", "industry", "chain", "sex", "is_frontline")

    def detail_context(self, obj: Laureate, user: User) -> dict[str, Any]:
        """Add the person's photo, honours, current memberships and the timeline."""
        return {
            "shows_photo": bool(obj.photo) and may_use(user, Use.SEE, DataClass.PORTRAIT),
            "honours": obj.honours.select_related("title").order_by("-batch_year", "-pk"),
            "memberships": current_memberships(obj, timezone.localdate()),
            "consents": consents_of(obj, user),
            "care": care_of(obj, user),
            "lines": timeline(obj, user),
        }

    def tidier(self) -> Tidier:
        """Besides what holds for every person: a roster without 人员类别 tells it by the honour."""
        titles = HonourTitle.objects.in_bulk()

        def tidy(values: dict[str, Any], sides: dict[str, dict[str, Any]]) -> list[str]:
            title = titles.get(sides.get("honours", {}).get("title"))
            if "category" not in values and title is not None and title.kind in CATEGORY_OF:
                advanced = "先进工作者" in title.name and "劳动模范" not in title.name
                values["category"] = Category.ADVANCED_WORKER if advanced else CATEGORY_OF[title.kind]
            return tidy_person(values)

        return tidy
