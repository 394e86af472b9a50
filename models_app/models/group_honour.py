"""Honours of groups: 五一劳动奖状 for units, 工人先锋号 for their teams and departments."""

from __future__ import annotations

from django.db import models

from models_app.models.checked import Checked
from models_app.models.honour import YEARS
from models_app.models.honour_title import HonourKind, HonourTitle
from mofu.accounts.models import Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.records import RecordQuerySet, ReviewedRecord


class GroupHonour(Checked, ReviewedRecord):
    """集体荣誉: a title of kind “group” granted to a unit or one of its teams (facts A.3)."""

    year_field = "year"
    years_ahead = {"year": 1}
    search_fields = ("title__name", "section", "document_no")
    past_dates = ("granted_on",)

    org = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="获奖单位", related_name="group_honours"
    )
    section = models.CharField("部门（班组）", max_length=80, blank=True, help_text="授予班组、部门时填写")
    title = models.ForeignKey(
        HonourTitle, models.PROTECT, verbose_name="荣誉称号", related_name="group_honours"
    )
    year = models.PositiveSmallIntegerField("表彰年度", validators=YEARS)
    granted_on = PartialDateField("授予时间", blank=True)
    document_no = models.CharField("表彰文号", max_length=60, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)

    everything = everything(RecordQuerySet)
    objects = guarded(RecordQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "集体荣誉"
        ordering = ("-year", "-id")
        indexes = [
            models.Index(fields=("-year", "-id")),
            models.Index(fields=("review_state", "-year", "-id")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("org", "section", "title", "year"),
                name="group_honour_once_per_year",
                violation_error_message="该单位（班组）这一年度的此项荣誉已登记，请勿重复录入。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org}{self.section} {self.title}（{self.year}年）"

    def problems(self) -> dict[str, str]:
        if self.title_id and self.title.kind != HonourKind.GROUP:
            return {"title": "这是个人荣誉，请登记到“荣誉记录”台账。"}
        return {}
