"""Honours: which title a laureate was granted, by which document, and whether it still stands."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from models_app.models.checked import Checked
from models_app.models.honour_title import HonourKind, HonourTitle
from models_app.models.laureate import Laureate
from models_app.models.of_laureate import LAUREATE_SCOPE, OfLaureateQuerySet
from mofu.accounts.scope import everything, guarded
from mofu.registers.partial_dates import PartialDateField
from mofu.registers.records import ReviewedRecord

YEARS = (MinValueValidator(1949, "年份不能早于1949年。"), MaxValueValidator(2099, "年份不正确，请核对。"))


class HonourQuerySet(OfLaureateQuerySet):
    """Honours by validity and rank."""

    def in_force(self) -> Self:
        """Keep what has not been revoked."""
        return self.filter(revoked=False)

    def of_level(self, level: str) -> Self:
        """Keep a level (``L1`` national … ``L4`` county)."""
        return self.filter(title__level=level)


class Honour(Checked, ReviewedRecord):
    """荣誉记录: one grant; a revoked one stays on file and leaves every count (facts A.5)."""

    scope_fields = LAUREATE_SCOPE
    year_field = "batch_year"
    years_ahead = {"batch_year": 1}
    search_fields = ("title__name", "document_no")
    past_dates = ("granted_on", "revoked_on")
    ordered_dates = (("granted_on", "revoked_on"),)

    laureate = models.ForeignKey(Laureate, models.PROTECT, verbose_name="获得者", related_name="honours")
    title = models.ForeignKey(HonourTitle, models.PROTECT, verbose_name="荣誉称号", related_name="honours")
    batch_year = models.PositiveSmallIntegerField("表彰年度", validators=YEARS)
    granted_on = PartialDateField("授予时间", blank=True)
    granted_by = models.CharField("授予单位", max_length=80, blank=True)
    document_no = models.CharField("表彰文号", max_length=60, blank=True, help_text="如 盐政发〔2024〕1号")
    document_title = models.CharField("表彰决定名称", max_length=150, blank=True)
    certificate_no = models.CharField("证书编号", max_length=40, blank=True)
    revoked = models.BooleanField("已撤销", default=False)
    revoked_on = PartialDateField("撤销时间", blank=True)
    revoked_reason = models.CharField("撤销原因", max_length=300, blank=True)
    revoked_document = models.CharField("撤销文号", max_length=60, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)

    everything = everything(HonourQuerySet)
    objects = guarded(HonourQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "荣誉记录"
        ordering = ("-batch_year", "-id")
        indexes = [
            models.Index(fields=("-batch_year", "-id")),
            models.Index(fields=("review_state", "-batch_year", "-id")),
            models.Index(fields=("title", "revoked", "laureate")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("laureate", "title", "batch_year"),
                name="honour_once_per_batch",
                violation_error_message="该同志这一年度的此项荣誉已登记，请勿重复录入。",
            ),
            models.CheckConstraint(
                condition=Q(revoked=False) | ~Q(revoked_reason=""),
                name="honour_revoked_with_reason",
                violation_error_message="撤销荣誉须写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.laureate} {self.title}（{self.batch_year}年）"

    def problems(self) -> dict[str, str]:
        found = {}
        if self.title_id and self.title.kind == HonourKind.GROUP:
            found["title"] = "这是集体荣誉，请登记到“集体荣誉”台账。"
        if self.revoked and not self.revoked_reason:
            found["revoked_reason"] = "撤销荣誉须写明原因。"
        if self.revoked and not self.revoked_on:
            found["revoked_on"] = "撤销荣誉须填写撤销时间。"
        return found
