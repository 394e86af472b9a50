"""Craftsmen in the making: from trainee to named craftsman, by grade and year."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from actions.models.titled import Titled
from actions.models.worker import Worker
from models_app.models import Laureate
from models_app.models.honour import YEARS
from mofu.accounts.models import Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import RecordQuerySet, ReviewedRecord


class CraftsmanGrade(models.TextChoices):
    """称号系列: 江苏工匠 (provincial government) and 江苏五一工匠 (provincial union) are not one (facts A.3)."""

    YANCHENG = "yancheng", "盐城工匠"
    JIANGSU_MAY51 = "js51", "江苏五一工匠"
    JIANGSU = "jiangsu", "江苏工匠"
    JIANGSU_GREAT = "jiangsu_great", "江苏大工匠"
    NATIONAL = "national", "大国工匠"


class CraftsmanStage(models.TextChoices):
    """培育阶段: trainees and named craftsmen are kept apart (facts B.6)."""

    TRAINEE = "trainee", "培育对象"
    RECOMMENDED = "recommended", "推荐"
    PUBLICISED = "publicised", "公示"
    NAMED = "named", "命名"


class CraftsmanQuerySet(RecordQuerySet):
    """Craftsmen by grade and stage."""

    def of_grade(self, grade: str) -> Self:
        """Keep one series of titles (:class:`CraftsmanGrade`)."""
        return self.filter(grade=grade)

    def nominated(self) -> Self:
        """Keep those handed up to the next level: recommended or further."""
        return self.exclude(stage=CraftsmanStage.TRAINEE)

    def named(self, grade: str = "") -> Self:
        """Keep those who received the title, of one series or of any."""
        found = self.filter(stage=CraftsmanStage.NAMED)
        return found.filter(grade=grade) if grade else found


class Craftsman(Titled, ReviewedRecord):
    """工匠培育: one person on the way to one title in one year's batch."""

    Grade = CraftsmanGrade
    Stage = CraftsmanStage
    year_field = "year"
    years_ahead = {"year": 1}
    past_dates = ("nominated_on", "named_on")
    ordered_dates = (("nominated_on", "named_on"),)

    name = models.CharField("姓名", max_length=40)
    laureate = models.ForeignKey(
        Laureate,
        models.PROTECT,
        verbose_name="对应劳模工匠",
        null=True,
        blank=True,
        related_name="craftsman_records",
    )
    worker = models.ForeignKey(
        Worker,
        models.PROTECT,
        verbose_name="对应职工",
        null=True,
        blank=True,
        related_name="craftsman_records",
    )
    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="所属单位", related_name="craftsmen")
    grade = models.CharField("称号系列", max_length=15, choices=CraftsmanGrade)
    stage = models.CharField(
        "培育阶段", max_length=12, choices=CraftsmanStage, default=CraftsmanStage.TRAINEE
    )
    year = models.PositiveSmallIntegerField("年度", validators=YEARS)
    trade = models.CharField("工种（专业）", max_length=60, blank=True)
    nominated_on = models.DateField("推荐日期", null=True, blank=True)
    named_on = models.DateField("命名日期", null=True, blank=True)
    document_no = models.CharField("命名文号", max_length=60, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)

    everything = everything(CraftsmanQuerySet)
    objects = guarded(CraftsmanQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "工匠培育"
        ordering = ("-year", "name_key", "id")
        indexes = [
            models.Index(fields=("-year", "name_key", "id")),
            models.Index(fields=("review_state", "-year")),
            models.Index(fields=("grade", "stage", "year")),
            models.Index(fields=("org", "-year")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("org", "name", "grade", "year"),
                name="craftsman_once_a_year",
                violation_error_message="该同志这一年度的此项培育已登记，请勿重复录入。",
            ),
            models.UniqueConstraint(
                fields=("laureate", "grade", "year"),
                condition=Q(laureate__isnull=False),
                name="craftsman_laureate_once_a_year",
                violation_error_message="该劳模工匠这一年度的此项培育已登记，请勿重复录入。",
            ),
        ]

    def problems(self) -> dict[str, str]:
        return self._wrong_naming() | self._wrong_nomination() | self._other_names()

    def _wrong_naming(self) -> dict[str, str]:
        if self.stage == CraftsmanStage.NAMED and not self.named_on:
            return {"named_on": "已命名的须填写命名日期。"}
        if self.named_on and self.stage != CraftsmanStage.NAMED:
            return {"stage": "填写了命名日期，阶段应为“命名”。"}
        if self.named_on and self.year and self.named_on.year != self.year:
            return {"named_on": f"命名日期不在{self.year}年内，请核对日期或年度。"}
        return {}

    def _wrong_nomination(self) -> dict[str, str]:
        """Who is handed up has a day of it: 江苏五一工匠 are counted by that day."""
        trainee = self.stage == CraftsmanStage.TRAINEE
        if trainee and self.nominated_on and not self.named_on:
            return {"stage": "填写了推荐日期，阶段应为“推荐”或之后的阶段。"}
        if self.grade == CraftsmanGrade.JIANGSU_MAY51 and not trainee and not self.nominated_on:
            return {"nominated_on": "推荐江苏五一工匠须填写推荐日期，否则不计入推荐人数。"}
        return {}

    def _other_names(self) -> dict[str, str]:
        if self.laureate_id and self.laureate.name != self.name:
            return {"laureate": f"所选劳模工匠姓名为“{self.laureate.name}”，与姓名不符，请核对。"}
        if self.worker_id and self.worker.name != self.name:
            return {"worker": f"所选职工姓名为“{self.worker.name}”，与姓名不符，请核对。"}
        return {}
