"""Craftsmen's academies (工匠学院)."""

from __future__ import annotations

from typing import Self

from django.db import models

from actions.models.titled import Titled
from models_app.models.honour import YEARS
from mofu.accounts.models import Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.records import RecordQuerySet, ReviewedRecord


class AcademyLevel(models.TextChoices):
    """学院级别: the programme also wants academies of counties, city enterprises and trades."""

    CITY = "city", "市级"
    COUNTY = "county", "县（区）级"
    INDUSTRY = "industry", "行业"
    ENTERPRISE = "enterprise", "企业"


class AcademyStatus(models.TextChoices):
    """状态."""

    PREPARING = "preparing", "筹建"
    NAMED = "named", "已命名"
    REVOKED = "revoked", "已撤销"


class AcademyQuerySet(RecordQuerySet):
    """Academies by status."""

    def named(self) -> Self:
        """Keep academies that were named and still are."""
        return self.filter(status=AcademyStatus.NAMED)


class Academy(Titled, ReviewedRecord):
    """工匠学院: 20 are to be named each year (programme.txt, action 4)."""

    Level = AcademyLevel
    Status = AcademyStatus
    year_field = "named_year"
    years_ahead = {"named_year": 1}
    search_extra = ("host",)
    past_dates = ("named_on",)

    name = models.CharField("学院名称", max_length=100)
    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="所属单位", related_name="academies")
    host = models.CharField("依托单位", max_length=100, blank=True)
    level = models.CharField("级别", max_length=10, choices=AcademyLevel)
    status = models.CharField("状态", max_length=10, choices=AcademyStatus, default=AcademyStatus.NAMED)
    named_year = models.PositiveSmallIntegerField("命名年度", null=True, blank=True, validators=YEARS)
    named_on = PartialDateField("命名时间", blank=True)
    document_no = models.CharField("命名文号", max_length=60, blank=True)
    trained_count = models.PositiveIntegerField("累计培训（人次）", null=True, blank=True)
    note = models.TextField("备注", max_length=500, blank=True)

    everything = everything(AcademyQuerySet)
    objects = guarded(AcademyQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "工匠学院"
        ordering = ("-named_year", "name_key", "id")
        indexes = [
            models.Index(fields=("-named_year", "name_key", "id")),
            models.Index(fields=("review_state", "-named_year")),
            models.Index(fields=("name_key", "id")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("org", "name"),
                name="academy_once_per_unit",
                violation_error_message="该单位已有同名工匠学院，请勿重复登记。",
            )
        ]

    def problems(self) -> dict[str, str]:
        if self.status == AcademyStatus.NAMED:
            labels = {"named_year": "命名年度", "named_on": "命名时间（可只填年）"}
            missing = [name for name in labels if not getattr(self, name)]
            if missing:
                return {name: f"已命名的须填写{labels[name]}。" for name in missing}
        if self.named_on and self.named_year and self.named_on.year != self.named_year:
            return {"named_on": "命名时间与命名年度不一致。"}
        return {}
