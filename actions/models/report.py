"""Reports on their way out: how the association's papers look, what staff wrote into one, what was issued."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from mofu.accounts.models import Organization
from mofu.accounts.scope import ScopedModel
from mofu.accounts.trail import TrailedModel
from mofu.encryption import SealedField, seal, unseal
from mofu.registers.records import Part


class PaperSettings(TrailedModel):
    """公文版式设置: one row; the association “follows” GB/T 9704 and decides what stands around its texts."""

    issuer = models.CharField("署名", max_length=40, default="盐城市劳模协会", help_text="落款处的单位名称")
    shows_red_head = models.BooleanField("印红头", default=False, help_text="只用于市协会印发的文稿")
    red_head = models.CharField("发文机关标志", max_length=30, blank=True, default="盐城市劳模协会文件")
    code = models.CharField(
        "机关代字", max_length=20, blank=True, help_text="文号“×××〔2026〕1号”中年份前面的字"
    )
    addressee = models.CharField(
        "主送", max_length=300, blank=True, help_text="通报等文稿默认的主送单位，不写末尾冒号"
    )
    copies_to = models.CharField("抄送", max_length=300, blank=True, help_text="不写末尾句号")
    printed_by = models.CharField("印发机关", max_length=60, blank=True, help_text="填写后文末印版记")
    contact = models.CharField("附注", max_length=150, blank=True, help_text="如 联系人：×××，电话：×××")

    class Meta:
        verbose_name = verbose_name_plural = "公文版式设置"

    def __str__(self) -> str:
        return "公文版式设置"

    @classmethod
    def current(cls, *, lock: bool = False) -> PaperSettings:
        """Return the settings in force, defaults when none were saved; ``lock`` holds them until the transaction ends."""
        rows = cls.objects.order_by("pk")
        return (rows.select_for_update() if lock else rows).first() or cls(pk=1)


class ReportOfUnit(ScopedModel, TrailedModel):
    """What names a report: whose, which kind, what about, which year and span (``year``, ``h1``, ``q3``, ``m06``)."""

    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="单位", related_name="+")
    kind = models.CharField("种类", max_length=30)
    subject = models.CharField("对象", max_length=30, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    span = models.CharField("期间", max_length=4)
    title = models.CharField("标题", max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class ReportDraft(ReportOfUnit):
    """报告稿: what staff decided about a report that is being prepared."""

    number = models.PositiveSmallIntegerField(
        "文号序号", null=True, blank=True, validators=[MinValueValidator(1, "序号从1开始。")]
    )
    addressee = models.CharField("主送", max_length=300, blank=True, help_text="留空时用版式设置中的主送单位")
    dated = models.DateField("成文日期", null=True, blank=True, help_text="留空时为当天")

    class Meta:
        verbose_name = verbose_name_plural = "报告稿"
        ordering = ("-year", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("org", "kind", "subject", "year", "span"),
                name="report_draft_once",
                violation_error_message="这份报告的文稿已经建立。",
            )
        ]


class ReportEdit(Part):
    """改写段落: staff's own words for a paragraph, beside the generated ones as they were then."""

    draft = models.ForeignKey(ReportDraft, models.CASCADE, related_name="edits")
    key = models.CharField("段落", max_length=60)
    text = models.TextField("改写文字", max_length=5000)
    generated = models.TextField("改写时的生成文字")
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="改写人", related_name="+"
    )
    edited_at = models.DateTimeField("改写时间", auto_now=True)

    trail_ignored = ("id", "edited_at")

    class Meta:
        verbose_name = verbose_name_plural = "改写段落"
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("draft", "key"), name="report_edit_once")]

    def __str__(self) -> str:
        return self.key


class FrozenReport(ReportOfUnit):
    """定稿: a report as it was issued; never altered. ``content`` is the report itself without its charts, as JSON."""

    trail_ignored = ("content", "frozen_at")

    content = models.JSONField("内容")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="定稿人", related_name="+"
    )
    frozen_at = models.DateTimeField("定稿时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "定稿报告"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("kind", "year", "span"))]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save once; what was issued stays as it was, only its unit may change where two units become one."""
        if not self._state.adding and self._is_altered():
            raise ValueError("a frozen report is never altered")
        super().save(*args, **kwargs)

    def _is_altered(self) -> bool:
        stored = FrozenReport.everything.get(pk=self.pk)
        fixed = [field.attname for field in self._meta.concrete_fields if field.name != "org"]
        return any(getattr(self, name) != getattr(stored, name) for name in fixed)


class FrozenFile(models.Model):
    """A file of a frozen report, sealed (encrypted), with the SHA-256 of what is downloaded."""

    frozen = models.ForeignKey(FrozenReport, models.CASCADE, related_name="files")
    suffix = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sealed = SealedField()

    class Meta:
        verbose_name = verbose_name_plural = "定稿文件"
        ordering = ("suffix",)
        constraints = [models.UniqueConstraint(fields=("frozen", "suffix"), name="frozen_file_once")]

    def __str__(self) -> str:
        return f"{self.frozen}.{self.suffix}"

    @property
    def content(self) -> bytes:
        """The file as it was made."""
        return unseal(bytes(self.sealed))

    @content.setter
    def content(self, content: bytes) -> None:
        self.sealed = seal(content)
