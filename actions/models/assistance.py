"""Assistance to enterprises (助企服务): need → match → service → result."""

from __future__ import annotations

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from actions.models.event import Event
from actions.models.team import Team
from actions.models.titled import Titled
from models_app.models import Laureate
from mofu.accounts.models import Organization, OrganizationKind
from mofu.accounts.models.industry import Dictionary
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import Part, RecordQuerySet, ReviewedRecord

ENTERED = "已登记过同一助企服务（企业、需求、服务日期都相同），请勿重复登记。"
ENTERPRISE_KINDS = (OrganizationKind.ENTERPRISE, OrganizationKind.DIRECT_UNIT)


class ServiceType(Dictionary):
    """服务类型: 技术咨询, 产品开发, 技术攻关 … (programme.txt, action 2)."""

    class Meta(Dictionary.Meta):
        verbose_name = verbose_name_plural = "服务类型"


class NeedKind(models.TextChoices):
    """需求类别: from technical help to management and culture, as the programme widens it."""

    TECHNICAL = "technical", "技术帮扶"
    TRAINING = "training", "技能培训"
    MANAGEMENT = "management", "企业管理"
    CULTURE = "culture", "先进文化"
    OTHER = "other", "其他"


class Stage(models.TextChoices):
    """办理阶段: 企业“点菜” → 劳模“做菜” (facts B.3)."""

    NEED = "need", "需求"
    MATCHED = "matched", "匹配"
    SERVING = "serving", "服务中"
    DONE = "done", "已办结"


class Satisfaction(models.IntegerChoices):
    """满意度."""

    BAD = 1, "不满意"
    FAIR = 2, "基本满意"
    GOOD = 3, "满意"
    EXCELLENT = 4, "非常满意"


class AssistanceQuerySet(RecordQuerySet):
    """Assistance by how far it has come."""

    def served(self) -> Self:
        """Keep what has reached the enterprise: being served or closed, with a date of service."""
        return self.filter(stage__in=(Stage.SERVING, Stage.DONE), served_on__isnull=False)


class Assistance(Titled, ReviewedRecord):
    """助企服务: one enterprise's need and what laureates did about it, with the six customary figures."""

    Stage = Stage
    title_field = "need"
    year_field = "served_on"
    past_dates = ("requested_on", "served_on")
    ordered_dates = (("requested_on", "served_on"),)

    enterprise = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="服务企业", related_name="assistance"
    )
    org = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="所属单位", related_name="run_assistance"
    )
    need = models.CharField("企业需求", max_length=200)
    need_kind = models.CharField("需求类别", max_length=10, choices=NeedKind, default=NeedKind.TECHNICAL)
    laureates = models.ManyToManyField(
        Laureate, verbose_name="参加劳模工匠", through="AssistanceLaureate", related_name="assistance"
    )
    service_types = models.ManyToManyField(
        ServiceType, verbose_name="服务类型", blank=True, related_name="assistance"
    )
    stage = models.CharField("办理阶段", max_length=10, choices=Stage, default=Stage.NEED)
    requested_on = models.DateField("需求提出日期", null=True, blank=True)
    served_on = models.DateField("服务日期", null=True, blank=True)
    team = models.ForeignKey(
        Team, models.PROTECT, verbose_name="服务团队", null=True, blank=True, related_name="assistance"
    )
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        verbose_name="关联活动",
        null=True,
        blank=True,
        related_name="assistance",
        help_text="在某次活动中开展的，选择该活动",
    )
    problems_solved = models.PositiveIntegerField("解决技术问题（个）", null=True, blank=True)
    trained = models.PositiveIntegerField("培训职工（人）", null=True, blank=True)
    skilled = models.PositiveIntegerField("提升技能（人次）", null=True, blank=True)
    benefit_wan = models.DecimalField(
        "经济效益（万元）",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0, "效益不能为负数。")],
    )
    satisfaction = models.PositiveSmallIntegerField("满意度", choices=Satisfaction, null=True, blank=True)
    result = models.TextField("服务成效", max_length=2000, blank=True)

    everything = everything(AssistanceQuerySet)
    objects = guarded(AssistanceQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "助企服务"
        ordering = ("-served_on", "-id")
        indexes = [
            models.Index(fields=("-served_on", "-id")),
            models.Index(fields=("review_state", "-served_on", "-id")),
            models.Index(fields=("stage", "-served_on")),
            models.Index(fields=("org", "-served_on", "-id")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage__in=[Stage.SERVING, Stage.DONE]) | Q(served_on__isnull=False),
                name="assistance_served_with_date",
                violation_error_message="服务中或已办结的须填写服务日期。",
            ),
            models.UniqueConstraint(
                fields=("enterprise", "need", "served_on"),
                name="assistance_once",
                violation_error_message=ENTERED,
            ),
            models.UniqueConstraint(
                fields=("enterprise", "need"),
                condition=Q(served_on__isnull=True),
                name="assistance_open_once",
                violation_error_message=ENTERED,
            ),
        ]

    def __str__(self) -> str:
        return self.need

    def problems(self) -> dict[str, str]:
        found = {}
        if self.enterprise_id and self.enterprise.kind not in ENTERPRISE_KINDS:
            found["enterprise"] = f"“{self.enterprise}”不是企业，请选择企业，或先在单位台账中改正单位类型。"
        if self.stage in (Stage.SERVING, Stage.DONE) and not self.served_on:
            found["served_on"] = "服务中或已办结的须填写服务日期。"
        return found

    def duplicates(self) -> dict[str, str]:
        return {"need": ENTERED} if self._is_entered_already() else {}

    def _is_entered_already(self) -> bool:
        same = Assistance.everything.filter(enterprise=self.enterprise_id, need=self.need)
        same = same.filter(served_on=self.served_on) if self.served_on else same.filter(served_on=None)
        return bool(self.enterprise_id) and same.exclude(pk=self.pk).exists()

    @property
    def laureate_names(self) -> str:
        """The names of the laureates who helped."""
        return "、".join(part.laureate.name for part in self.helpers.all())


class AssistanceLaureate(Part):
    """参加劳模: a laureate who took part in one assistance, once."""

    assistance = models.ForeignKey(Assistance, models.CASCADE, related_name="helpers")
    laureate = models.ForeignKey(
        Laureate, models.PROTECT, verbose_name="劳模工匠", related_name="assistance_parts"
    )
    contribution = models.CharField("承担内容", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "参加劳模"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("assistance", "laureate"),
                name="assistance_laureate_once",
                violation_error_message="同一人在同一次服务中只登记一次。",
            )
        ]

    def __str__(self) -> str:
        return str(self.laureate)
