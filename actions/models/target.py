"""Targets: what an indicator has to reach, for whom and when."""

from __future__ import annotations

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from models_app.models.checked import Checked
from mofu.accounts.models import Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.columns import shown
from mofu.registers.records import Record, RecordQuerySet


class Comparator(models.TextChoices):
    """How progress is held against the value; ≈ does not turn red just below it (facts §0.4)."""

    AT_LEAST = "≥", "至少（≥）"
    ABOUT = "≈", "约（≈）"
    EXACTLY = "=", "等于（=）"


class TargetPeriod(models.TextChoices):
    """In which span the value has to be reached."""

    MONTH = "month", "每月"
    YEAR = "year", "每年"
    PROGRAMME = "programme", "整个计划期"


class TargetQuerySet(RecordQuerySet):
    """Targets by year and unit."""

    def for_year(self, year: int) -> Self:
        """Keep the targets that bind in a year: its own and those of the whole programme."""
        return self.filter(Q(year=year) | Q(year__isnull=True))

    def in_year(self, year: int) -> Self:
        """Keep the targets that bind in a year, as the list's year switch means it."""
        return self.for_year(year)

    def binding(self, *, indicator: str, org: Organization, year: int) -> Target | None:
        """Return the target of a unit for an indicator in a year; the year's own row goes before the general one."""
        rows = self.filter(indicator=indicator, org=org).for_year(year)
        return rows.order_by(models.F("year").desc(nulls_last=True)).first()


class Target(Checked, Record):
    """目标: indicator × year × unit; the source sentence says where the value comes from.

    ``year`` NULL binds in every year of the programme (each month or year anew, or once for the whole, as ``period``
    says). ``assigned`` is the share the city broke down to the unit (分解值): the unit may go above it, not below.
    """

    Comparator = Comparator
    Period = TargetPeriod
    year_field = "year"
    years_ahead = {"year": 10}
    search_fields = ("search",)

    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="所属单位", related_name="targets")
    indicator = models.CharField("指标代码", max_length=40)
    year = models.PositiveSmallIntegerField(
        "年度", null=True, blank=True, help_text="留空表示整个计划期都适用"
    )
    comparator = models.CharField("比较方式", max_length=1, choices=Comparator, default=Comparator.AT_LEAST)
    value = models.DecimalField(
        "目标值", max_digits=12, decimal_places=2, validators=[MinValueValidator(0, "目标值不能为负数。")]
    )
    assigned = models.DecimalField(
        "市级分解值",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="由市级填写；本单位目标不得低于此值",
    )
    unit = models.CharField("计量单位", max_length=10, blank=True, help_text="人、场、家、万元……")
    period = models.CharField("周期", max_length=10, choices=TargetPeriod, default=TargetPeriod.YEAR)
    source = models.CharField("依据（原文）", max_length=300, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    search = models.CharField(max_length=400, editable=False, default="")

    everything = everything(TargetQuerySet)
    objects = guarded(TargetQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "目标"
        ordering = ("indicator", "org__path", "year")
        indexes = [models.Index(fields=("indicator", "year")), models.Index(fields=("year", "org"))]
        constraints = [
            models.UniqueConstraint(
                fields=("org", "indicator", "year"),
                name="target_once_per_year",
                violation_error_message="该单位这一年度的此项目标已设置，请直接修改。",
            ),
            models.UniqueConstraint(
                fields=("org", "indicator"),
                condition=Q(year__isnull=True),
                name="target_once_for_programme",
                violation_error_message="该单位已设置此项的计划期目标，请直接修改。",
            ),
        ]

    def __str__(self) -> str:
        span = f"{self.year}年" if self.year else "计划期"
        return f"{self.org} {self.indicator} {span}{self.comparator}{shown(self.value)}{self.unit}"

    @property
    def goal(self) -> str:
        """The target in words: ``≥ 2 场（每月）``."""
        return f"{self.comparator} {shown(self.value)} {self.unit}（{self.get_period_display()}）"

    def problems(self) -> dict[str, str]:
        if self.assigned is not None and self.value is not None and self.value < self.assigned:
            return {"value": f"目标值不能低于市级分解值 {shown(self.assigned)}{self.unit}。"}
        return {}

    def derive(self) -> None:
        """Write the text a search looks into."""
        super().derive()
        self.search = f"{self.indicator}|{self.source}"[:400].lower()
