"""The five actions (五大行动) and their measures, as the programme names them."""

from __future__ import annotations

from django.db import models

from mofu.accounts.trail import TrailedModel


class Campaign(TrailedModel):
    """行动: one of the five; ``code`` is the address of its page (programme.txt)."""

    code = models.SlugField("代码", max_length=30, unique=True)
    title = models.CharField("名称", max_length=40, unique=True)
    alt_title = models.CharField("原文标题", max_length=40, blank=True)
    slogan = models.CharField("口号", max_length=100, blank=True)
    summary = models.TextField("内容", blank=True)
    sort = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "行动"
        ordering = ("sort", "pk")

    def __str__(self) -> str:
        return self.title


class Measure(TrailedModel):
    """措施: one way in which an action is carried out; an event may serve several."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, verbose_name="行动", related_name="measures")
    code = models.SlugField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=40)
    verb = models.CharField("方式", max_length=10, blank=True, help_text="宣讲、指导、互动……")
    description = models.TextField("说明", blank=True)
    sort = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "措施"
        ordering = ("campaign__sort", "sort", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("campaign", "name"),
                name="measure_once_per_campaign",
                violation_error_message="该行动下已有同名措施。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign}·{self.name}{self.verb}"
