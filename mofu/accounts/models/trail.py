"""The tables of the trail: entries, and the blocks that close them."""

from __future__ import annotations

import json

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from mofu.accounts.trail_actions import Action


class TrailEntry(models.Model):
    """操作留痕: one thing somebody did; never changed, deleted by ``trim_trail`` alone.

    ``changes_json`` is kept as text, byte by byte as it was sealed; ``seal`` is the entry's own (``trail_seal``).
    """

    at = models.DateTimeField("时间", default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="操作人",
        null=True,
        related_name="+",
        db_index=False,
    )
    actor_name = models.CharField("操作人姓名", max_length=80)
    action = models.CharField("操作", max_length=20, choices=Action)
    model = models.CharField("记录类型", max_length=80, blank=True)
    object_id = models.CharField("记录编号", max_length=40, blank=True)
    object_label = models.CharField("记录名称", max_length=200, blank=True)
    changes_json = models.TextField("变更内容", default="{}")
    reason = models.CharField("说明", max_length=500, blank=True)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=32, blank=True)
    seal = models.CharField("校验值", max_length=100, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "操作留痕"
        ordering = ("-pk",)
        # Each search of the auditors' page walks one of these from its newest end. SQLite adds the key by itself.
        indexes = [
            models.Index(fields=("model", "object_id", "-id"), name="trail_of_record"),
            models.Index(fields=("object_label", "-id"), name="trail_of_name"),
            models.Index(fields=("at", "id"), name="trail_by_time"),
            models.Index(fields=("actor", "at", "id"), name="trail_by_actor"),
            models.Index(fields=("action", "at", "id"), name="trail_by_action"),
            models.Index(fields=("ip", "at", "id"), name="trail_by_ip"),
            models.Index(fields=("request_id",), name="trail_by_request"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.get_action_display()}{self.object_label}"

    @property
    def changes(self) -> dict[str, list[str]]:
        """Before and after by field name."""
        return json.loads(self.changes_json)

    @property
    def model_title(self) -> str:
        """The Chinese name of the record type."""
        return str(apps.get_model(self.model)._meta.verbose_name) if self.model else ""


class TrailBlock(models.Model):
    """封存块: a run of entries closed together; ``digest`` covers them, their order and the block before."""

    first = models.PositiveBigIntegerField("起始编号", unique=True)
    last = models.PositiveBigIntegerField("截止编号", unique=True)
    count = models.PositiveIntegerField("条数")
    digest = models.CharField("校验值", max_length=100)
    sealed_at = models.DateTimeField("封存时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "留痕封存块"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"封存块 {self.pk}（第 {self.first}—{self.last} 条，共 {self.count} 条）"
