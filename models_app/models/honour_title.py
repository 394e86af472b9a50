"""Honour titles: the dictionary of what can be granted, from the national to the county level."""

from __future__ import annotations

from django.db import models

from mofu.accounts.models.industry import Dictionary


class HonourLevel(models.TextChoices):
    """荣誉级别, codes of ``reference.json`` → ``honour_levels``."""

    NATIONAL = "L1", "国家级"
    PROVINCIAL = "L2", "省部级"
    CITY = "L3", "市级"
    COUNTY = "L4", "县（区）级"


class HonourKind(models.TextChoices):
    """荣誉类型; “荣誉” and “享受待遇” are different things and are counted apart (facts A.2)."""

    MODEL = "model", "劳模/先进工作者"
    MAY_51 = "may51", "五一劳动奖章"
    CRAFT = "craft", "工匠"
    TREATMENT = "treatment", "享受待遇"
    GROUP = "group", "集体荣誉"


class HonourTitle(Dictionary):
    """荣誉称号: one title, who grants it and for whom it is."""

    code = models.CharField("代码", max_length=10, unique=True)
    level = models.CharField("级别", max_length=2, choices=HonourLevel)
    kind = models.CharField("类型", max_length=10, choices=HonourKind)
    granting_body = models.CharField("授予机关", max_length=80, blank=True)
    for_whom = models.CharField("授予对象", max_length=80, blank=True)

    class Meta(Dictionary.Meta):
        verbose_name = verbose_name_plural = "荣誉称号"
        ordering = ("sort", "code")

    @classmethod
    def written_out(cls, text: str) -> str:
        """Return 省劳模 as 江苏省劳动模范; 市劳模 stays, for it may be the city's or that of a county-level city."""
        full = text.replace("劳模", "劳动模范").replace("五一奖章", "五一劳动奖章")
        return f"江苏{full}" if full.startswith("省") else full
