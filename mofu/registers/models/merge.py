"""Merges: two records that were one, and how to part them again."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mofu.encryption import SealedField


class Merge(models.Model):
    """合并: the record ``loser_key`` went into ``winner_key``; ``payload`` says what every touched row was before.

    ``payload`` is sealed (encrypted): it holds personal data, the loser's among them. The trail entries after
    ``trail_start`` up to ``trail_mark`` are the merge's own, those after ``undo_start`` up to ``undo_mark`` its undoing's;
    a merge that was taken back has changed nothing. Nothing here is ever altered but by the undoing.
    """

    slug = models.CharField("台账", max_length=40)
    winner_key = models.PositiveBigIntegerField("保留的记录")
    winner_label = models.CharField("保留的记录名称", max_length=200)
    loser_key = models.PositiveBigIntegerField("并入的记录")
    loser_label = models.CharField("并入的记录名称", max_length=200)
    reason = models.CharField("理由", max_length=300)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="合并人", null=True, related_name="+"
    )  # NULL: a command
    at = models.DateTimeField("合并时间", auto_now_add=True)
    moved = models.PositiveIntegerField("转移的记录数", default=0)
    folded = models.PositiveIntegerField("合并的相同记录数", default=0)
    payload = SealedField("合并前的内容")
    trail_start = models.PositiveBigIntegerField("留痕起点", default=0)
    trail_mark = models.PositiveBigIntegerField("留痕终点", default=0)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="撤销人", null=True, related_name="+"
    )
    undo_start = models.PositiveBigIntegerField("撤销留痕起点", default=0)
    undo_mark = models.PositiveBigIntegerField("撤销留痕终点", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "合并"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("slug", "winner_key"))]

    def __str__(self) -> str:
        return f"{self.loser_label} → {self.winner_label}"
