"""Social activities of one laureate outside the campaign's own events."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models

from models_app.models.checked import Checked
from models_app.models.laureate import Laureate
from models_app.models.of_laureate import LAUREATE_SCOPE, OfLaureateQuerySet
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import ReviewedRecord


class ActivityKind(models.TextChoices):
    """活动类别."""

    LECTURE = "lecture", "宣讲"
    VOLUNTEER = "volunteer", "志愿服务"
    TRAINING = "training", "学习培训"
    EXCHANGE = "exchange", "技术交流"
    CHARITY = "charity", "公益帮扶"
    MEETING = "meeting", "会议座谈"
    RETREAT = "retreat", "疗休养"
    CULTURE = "culture", "文体活动"
    MEDIA = "media", "媒体采访"
    OTHER = "other", "其他"


class ActivityRecord(Checked, ReviewedRecord):
    """社会活动记录: what one laureate did; campaign events join the person's timeline by themselves (task 1)."""

    scope_fields = LAUREATE_SCOPE
    year_field = "date"
    search_fields = ("title", "organiser")
    past_dates = ("date",)

    laureate = models.ForeignKey(
        Laureate, models.PROTECT, verbose_name="劳模工匠", related_name="activity_records"
    )
    date = models.DateField("日期")
    kind = models.CharField("活动类别", max_length=10, choices=ActivityKind)
    title = models.CharField("活动名称", max_length=120)
    place = models.CharField("地点", max_length=100, blank=True)
    organiser = models.CharField("组织单位", max_length=80, blank=True)
    hours = models.DecimalField("时长（小时）", max_digits=6, decimal_places=1, null=True, blank=True,
                                validators=[MinValueValidator(0, "时长不能为负数。")])  # fmt: skip
    note = models.TextField("备注", max_length=500, blank=True)

    everything = everything(OfLaureateQuerySet)
    objects = guarded(OfLaureateQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "社会活动记录"
        ordering = ("-date", "-id")
        indexes = [
            models.Index(fields=("-date", "-id")),
            models.Index(fields=("review_state", "-date", "-id")),
            models.Index(fields=("laureate", "-date")),
        ]

    def __str__(self) -> str:
        return f"{self.laureate} {self.title}"
