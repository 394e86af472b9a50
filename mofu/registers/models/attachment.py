"""Evidence files of records."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

from mofu.accounts.trail import TrailedModel
from mofu.registers import own_files


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
        done = super().delete(*args, **kwargs)
        own_files.discard(self.file)
        return done
