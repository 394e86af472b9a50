"""The table of the trail."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models

from mofu.accounts.trail import Action


class TrailEntry(models.Model):
    """操作留痕: one thing somebody did; never changed, never deleted."""

    at = models.DateTimeField("时间", auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="操作人", null=True, related_name="+"
    )
    actor_name = models.CharField("操作人姓名", max_length=80)
    action = models.CharField("操作", max_length=20, choices=Action)
    model = models.CharField("记录类型", max_length=80, blank=True)
    object_id = models.CharField("记录编号", max_length=40, blank=True)
    object_label = models.CharField("记录名称", max_length=200, blank=True)
    changes = models.JSONField("变更内容", default=dict)
    reason = models.CharField("说明", max_length=500, blank=True)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=32, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "操作留痕"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("model", "object_id", "-id")), models.Index(fields=("actor", "-id"))]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.get_action_display()}{self.object_label}"

    @property
    def model_title(self) -> str:
        """The Chinese name of the record type."""
        return str(apps.get_model(self.model)._meta.verbose_name) if self.model else ""
