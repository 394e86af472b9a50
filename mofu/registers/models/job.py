"""Long work that goes on while its owner does something else."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from mofu.encryption import SealedField
from mofu.registers.models.own_work import OwnWork


class JobState(models.TextChoices):
    """Where a job stands; the last four are final, though an interrupted or failed one may be run again."""

    WAITING = "waiting", "等待处理"
    RUNNING = "running", "处理中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"
    INTERRUPTED = "interrupted", "中断"


class Job(OwnWork):
    """后台任务: one piece of long work, seen by its owner alone.

    ``kind`` names the function that does it (:mod:`mofu.registers.jobs`), ``params`` what it is given. A job writes its
    work in one transaction or not at all, so that whatever ends it leaves nothing half done. ``result_name`` names the
    file it has made (:class:`JobResult`), ``url`` the page that shows what came of it.
    """

    begun_by = "owner"

    kind = models.CharField("类型", max_length=30)
    title = models.CharField("内容", max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="发起人", related_name="jobs"
    )
    state = models.CharField("状态", max_length=12, choices=JobState, default=JobState.WAITING)
    params = models.JSONField("参数", default=dict, blank=True)
    message = models.CharField("说明", max_length=500, blank=True)
    url = models.CharField("结果页", max_length=200, blank=True)
    result_name = models.CharField("文件名", max_length=200, blank=True)
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("owner", "-id"))]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether the work is still to be done or going on."""
        return self.state in (JobState.WAITING, JobState.RUNNING)

    @property
    def may_run_again(self) -> bool:
        """Whether the owner may start it once more."""
        return self.state in (JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED)


class JobResult(models.Model):
    """The sealed (encrypted) file that a job has made for its owner."""

    job = models.OneToOneField(Job, models.CASCADE, related_name="result")
    content = SealedField()

    class Meta:
        verbose_name = verbose_name_plural = "任务结果"

    def __str__(self) -> str:
        return self.job.result_name
