"""Imports of workbooks: where each stands, what it wrote, the sealed files that go with it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from mofu.accounts.trail import TrailedModel
from mofu.encryption import EncryptedField, SealedField
from mofu.registers.models.job import Job
from mofu.registers.models.own_work import OwnWork


class ImportState(models.TextChoices):
    """Where an import stands; nothing is written before it is done."""

    CHECKING = "checking", "核对中"
    PREVIEW = "preview", "待确认"
    IMPORTING = "importing", "导入中"
    DONE = "done", "已导入"
    CANCELLED = "cancelled", "已放弃"
    UNDONE = "undone", "已撤销"


class ImportBatch(OwnWork, TrailedModel):
    """导入批次: one uploaded workbook, from the preview to what it wrote; only its own user sees it.

    ``answers`` are the user's decisions as JSON, encrypted because corrected cells are personal data
    (:class:`mofu.registers.sheets.answers.Answers`). ``written`` lists the keys of the records by model and kind
    (``{"models_app.laureate": {"new": [1], "changed": [2]}}``); ``trail_mark`` is the newest trail entry when it was
    written: a later one about a record means that somebody has changed it since. ``job`` is the work going on.
    """

    begun_by = "user"
    trail_ignored = ("answers", "written", "sha256", "size", "trail_mark", "job", "standing")

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
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.CHECKING)
    submitted = models.BooleanField("已送审", default=False)
    answers = EncryptedField("处理决定", default="", blank=True)
    counts = models.JSONField("计数", default=dict, blank=True)
    written = models.JSONField("写入的记录", default=dict, blank=True)
    trail_mark = models.PositiveBigIntegerField("日志位置", default=0)
    job = models.ForeignKey(
        Job, models.SET_NULL, verbose_name="后台任务", null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    committed_at = models.DateTimeField("导入时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("slug", "sha256")), models.Index(fields=("user", "slug", "-id"))]

    def __str__(self) -> str:
        return self.file_name

    @property
    def checked_at(self) -> datetime:
        """When what the preview shows was read."""
        return self.job.created_at if self.job is not None else self.created_at

    @property
    def is_working(self) -> bool:
        """Whether it is being checked or written."""
        return self.state in (ImportState.CHECKING, ImportState.IMPORTING)


class FileRole(models.TextChoices):
    """What a sealed file of an import holds."""

    SOURCE = "source", "上传的文件"  # what was read of it: reading.reread
    PREVIEW = "preview", "核对结果"
    REFUSED = "refused", "退回的行"
    UNDO = "undo", "撤销所需的原值"


class ImportFile(models.Model):
    """A sealed (encrypted) file of an import, in the database so that it lives and dies with the import's transaction."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="files")
    role = models.CharField(max_length=10, choices=FileRole)
    content = SealedField()

    class Meta:
        verbose_name = verbose_name_plural = "导入文件"
        constraints = [models.UniqueConstraint(fields=("batch", "role"), name="import_file_once")]

    def __str__(self) -> str:
        return f"{self.batch} {self.get_role_display()}"
