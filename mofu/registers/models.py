"""What the registers keep for themselves: a user's choice of columns, evidence files of records, imports."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from mofu.accounts.trail import TrailedModel


class ListPreference(models.Model):
    """How one user wants one register's list: columns in order, rows per page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="list_preferences")
    slug = models.CharField(max_length=40)
    columns = models.JSONField(default=list)
    page_size = models.PositiveSmallIntegerField(default=50)

    class Meta:
        verbose_name = verbose_name_plural = "列表设置"
        constraints = [models.UniqueConstraint(fields=("user", "slug"), name="one_preference_per_list")]

    def __str__(self) -> str:
        return f"{self.user} {self.slug}"


def _stored_name(_instance: Attachment, filename: str) -> str:
    """Return a name that tells nothing: files are found through their record, never by guessing."""
    return f"attachments/{uuid.uuid4().hex}{Path(filename).suffix.lower()}"


class Attachment(TrailedModel):
    """佐证材料: a file that proves a record; seen by whoever sees the record."""

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    file = models.FileField("文件", upload_to=_stored_name, max_length=200)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("content_type", "object_id", "sha256"),
                name="attachment_once_per_record",
                violation_error_message="这份材料已经上传过，无需重复上传。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, and the stored file once the transaction holds."""
        file = self.file
        done = super().delete(*args, **kwargs)
        transaction.on_commit(lambda: file.storage.delete(file.name), robust=True)
        return done


def _sealed_name(_instance: ImportBatch, _filename: str) -> str:
    return f"imports/{uuid.uuid4().hex}.sealed"


class ImportState(models.TextChoices):
    """Where an import stands; nothing is written before it is done."""

    PREVIEW = "preview", "待确认"
    DONE = "done", "已导入"
    CANCELLED = "cancelled", "已放弃"


class ImportBatch(TrailedModel):
    """导入批次: one uploaded workbook, from the preview to what it wrote; only its own user sees it.

    ``source`` and ``refused`` are sealed (encrypted) workbooks: the upload until it is imported or given up, then
    the rows that were refused. ``answers`` maps a unit's name to what is to be done with it; ``written`` lists
    the keys of the records by model and kind (``{"models_app.laureate": {"new": [1], "changed": [2]}}``).
    """

    trail_ignored = ("source", "refused", "answers", "written", "sha256", "size")

    slug = models.CharField("台账", max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="导入人",
        null=True,
        related_name="import_batches",
    )  # NULL: a command
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("文件校验值", max_length=64)
    size = models.PositiveIntegerField("大小（字节）")
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.PREVIEW)
    submitted = models.BooleanField("已送审", default=False)
    answers = models.JSONField("单位处理", default=dict, blank=True)
    counts = models.JSONField("计数", default=dict, blank=True)
    written = models.JSONField("写入的记录", default=dict, blank=True)
    source = models.FileField("上传的文件", upload_to=_sealed_name, blank=True)
    refused = models.FileField("退回的行", upload_to=_sealed_name, blank=True)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    committed_at = models.DateTimeField("导入时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("slug", "sha256")), models.Index(fields=("user", "slug", "-id"))]

    def __str__(self) -> str:
        return self.file_name
