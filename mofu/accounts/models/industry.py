"""Dictionaries that describe what a unit does: industries and the 23 key industry chains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from mofu.accounts.trail import TrailedModel


class TermSet(models.QuerySet):
    """Rows of a dictionary: a few dozen, read whole."""

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Return all rows at once: choice boxes ask for a stream, and PostgreSQL's cursor for it takes four trips."""
        return iter(self)


class Dictionary(TrailedModel):
    """An editable list of terms; entries in use are switched off, not deleted."""

    name = models.CharField("名称", max_length=60, unique=True)
    sort = models.PositiveSmallIntegerField("排序", default=0)
    active = models.BooleanField("启用", default=True)

    objects = TermSet.as_manager()

    class Meta:
        abstract = True
        ordering = ("sort", "pk")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def written_out(cls, text: str) -> str:
        """Return in full what people shorten when they write one of the terms."""
        return text


class Industry(Dictionary):
    """行业: the trade a person or unit belongs to (教科文卫体, 财贸, 建设交通 …)."""

    class Meta(Dictionary.Meta):
        verbose_name = verbose_name_plural = "行业"


class IndustryChain(Dictionary):
    """产业链: one of the city's 23 key chains (5 + 8 + 10); 11 could not be sourced and stay to be entered."""

    class Tier(models.TextChoices):
        LANDMARK = "landmark", "地标性产业链"
        STRONG = "strong", "优势产业链"
        POTENTIAL = "potential", "潜力产业链"

    tier = models.CharField("层级", max_length=10, choices=Tier)
    version_year = models.PositiveSmallIntegerField("版本年度", default=2022)

    class Meta(Dictionary.Meta):
        verbose_name = verbose_name_plural = "产业链"
