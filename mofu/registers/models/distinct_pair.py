"""Pairs of records that look alike and are two all the same."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mofu.accounts.trail import TrailedModel


class DistinctPair(TrailedModel):
    """不是同一条: somebody looked at two records of one model and said that they are not one; ``first`` < ``second``."""

    model = models.CharField("记录类型", max_length=80)
    first = models.PositiveBigIntegerField("记录一编号")
    second = models.PositiveBigIntegerField("记录二编号")
    reason = models.CharField("理由", max_length=300, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="标记人", null=True, related_name="+"
    )
    at = models.DateTimeField("标记时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "不是同一条的记录"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("model", "second"))]
        constraints = [
            models.UniqueConstraint(fields=("model", "first", "second"), name="distinct_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_pair_in_order"),
        ]

    def __str__(self) -> str:
        title = apps.get_model(self.model)._meta.verbose_name
        return f"{title} {self.first} 与 {self.second}"
