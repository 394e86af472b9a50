"""Settings of the programme: what its text leaves open is decided here, not in code (facts.md §0.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from mofu.accounts.trail import TrailedModel
from mofu.registers.periods import Period

STARTED_ON = date(2024, 6, 22)  # the day the programme was adopted (programme.txt)
_SHARE = (MinValueValidator(Decimal("0")), MaxValueValidator(Decimal("1")))


class ProgrammeSettings(TrailedModel):
    """方案设置: one row, edited in the administration."""

    class SessionsBound(models.TextChoices):
        """Which count the “每月至少2场” binds: the text stands under 进网络 but speaks of all sessions."""

        ALL = "six_ins.sessions", "全部“六进”场次"
        ONLINE = "six_ins.sessions_online", "仅“进网络”场次"

    first_year = models.PositiveSmallIntegerField("首年", default=2024)
    last_year = models.PositiveSmallIntegerField("末年", default=2028)
    started_on = models.DateField(
        "行动启动日期",
        default=STARTED_ON,
        help_text="方案印发之日。时间进度从这一天算起；此前的月份显示为“未启动”，不计未达标",
    )
    monthly_sessions = models.CharField(
        "每月2场的口径", max_length=40, choices=SessionsBound, default=SessionsBound.ALL
    )
    on_track = models.DecimalField(
        "序时下限",
        max_digits=3,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=_SHARE,
        help_text="实际进度与时间进度之比达到此数为“序时”",
    )
    behind = models.DecimalField(
        "滞后下限",
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.70"),
        validators=_SHARE,
        help_text="低于此数为“严重滞后”",
    )
    about = models.DecimalField(
        "“左右”允许低于目标的比例", max_digits=3, decimal_places=2, default=Decimal("0.05"), validators=_SHARE
    )

    class Meta:
        verbose_name = verbose_name_plural = "方案设置"

    def __str__(self) -> str:
        return f"{self.first_year}—{self.last_year} 年方案"

    def clean(self) -> None:
        if self.last_year < self.first_year:
            raise ValidationError({"last_year": "末年不能早于首年。"})
        if self.started_on and not self.first_year <= self.started_on.year <= self.last_year:
            raise ValidationError({"started_on": "行动启动日期应在首年至末年之间。"})
        if self.behind > self.on_track:
            raise ValidationError({"behind": "滞后下限不能高于序时下限。"})

    @classmethod
    def current(cls) -> ProgrammeSettings:
        """Return the settings in force, defaults when none were saved."""
        return cls.objects.order_by("pk").first() or cls()

    @property
    def period(self) -> Period:
        """The years of the programme."""
        return Period.of_years(self.first_year, self.last_year)

    @property
    def all_years(self) -> list[int]:
        """The years of the programme, first to last."""
        return list(range(self.first_year, self.last_year + 1))

    def period_until(self, year: int) -> Period:
        """The years of the programme up to the end of ``year``; no day at all for a year before the first."""
        return Period.of_years(self.first_year, max(min(year, self.last_year), self.first_year - 1))

    def years(self, today: date) -> list[int]:
        """Return the years offered for choice: the programme's, and on to the present."""
        return list(range(self.first_year, max(self.last_year, today.year) + 1))
