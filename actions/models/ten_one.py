"""The “ten ones” (十个一): which worker did which of the ten things in which year."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q

from actions.models.worker import Worker
from models_app.models import Laureate
from models_app.models.checked import Checked
from mofu.accounts.models import Organization
from mofu.accounts.models.industry import Dictionary
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import RecordQuerySet, ReviewedRecord


class TenOneItem(Dictionary):
    """十个一项目: numbers 1 to 10, in the programme's words."""

    number = models.PositiveSmallIntegerField(
        "序号",
        unique=True,
        validators=[MinValueValidator(1, "序号为1至10。"), MaxValueValidator(10, "序号为1至10。")],
    )

    class Meta(Dictionary.Meta):
        verbose_name = verbose_name_plural = "十个一项目"
        ordering = ("number",)


class LeadKind(models.TextChoices):
    """引领方式: the four ways in which a laureate leads workers (programme.txt, action 5)."""

    CLASS = "class", "讲授一堂技术课"
    APPRENTICES = "apprentices", "收一批徒弟"
    PROBLEM = "problem", "组织一场技术攻关"
    STORY = "story", "讲一场劳模工匠故事"


class TenOneQuerySet(RecordQuerySet):
    """Participation by item, leader and completeness; searches go through the worker's own index."""

    def of_item(self, number: int) -> Self:
        """Keep one of the ten items by its number."""
        # A subquery, not a join: PostgreSQL then reads one stretch of the year's index.
        return self.filter(item=TenOneItem.objects.filter(number=number).values("pk")[:1])

    def led(self, kind: str = "") -> Self:
        """Keep what a laureate led, in one way or in any."""
        led = self.filter(led_by__isnull=False)
        return led.filter(lead_kind=kind) if kind else led

    def workers_with_all(self, year: int) -> models.QuerySet:
        """Return the workers (as ``{"worker": pk}`` rows) who did all ten items in ``year``."""
        rows = self.filter(year=year).order_by().values("worker")
        return rows.annotate(done=Count("item", distinct=True)).filter(done=10).values("worker")

    def search(self, text: str) -> Self:
        """Keep the rows of workers or units found by ``text``."""
        text = text.strip().lower()
        workers = Worker.everything.filter(search__contains=text).values("pk")
        units = Organization.everything.search(text).values("pk")
        return self.filter(Q(worker__in=workers) | Q(org__in=units))


class TenOne(Checked, ReviewedRecord):
    """十个一参与: worker × item × year. Kept slim: a city's workers make five million rows.

    ``org`` repeats the worker's unit at the time, so that a unit's rows are one index range.
    """

    LeadKind = LeadKind
    year_field = "year"
    years_ahead = {"year": 1}
    past_dates = ("done_on",)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="录入人",
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="送审人",
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="审核人",
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    # The unique constraint begins with the worker, the year index holds the item: no further indexes.
    worker = models.ForeignKey(
        Worker, models.PROTECT, verbose_name="职工", related_name="ten_ones", db_index=False
    )
    item = models.ForeignKey(
        TenOneItem, models.PROTECT, verbose_name="项目", related_name="ten_ones", db_index=False
    )
    year = models.PositiveSmallIntegerField(
        "年度",
        validators=[
            MinValueValidator(2024, "年度不早于2024年。"),
            MaxValueValidator(2099, "年度不正确，请核对。"),
        ],
    )
    done_on = models.DateField("完成日期", null=True, blank=True)
    led_by = models.ForeignKey(
        Laureate,
        models.PROTECT,
        verbose_name="引领劳模",
        null=True,
        blank=True,
        related_name="led_ten_ones",
        db_index=False,
    )
    lead_kind = models.CharField("引领方式", max_length=11, choices=LeadKind, blank=True)
    org = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="所属单位",
        related_name="ten_ones",
        editable=False,
        db_index=False,
    )
    note = models.CharField("备注", max_length=200, blank=True)

    everything = everything(TenOneQuerySet)
    objects = guarded(TenOneQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "十个一参与"
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=("year", "item", "review_state", "org", "worker", "done_on"), name="ten_one_year_item"
            ),
            models.Index(fields=("org", "year", "item"), name="ten_one_org_year"),
            models.Index(
                fields=("review_state", "id"), name="ten_one_review", condition=~Q(review_state="approved")
            ),
            models.Index(
                fields=("year", "lead_kind", "review_state", "led_by"),
                name="ten_one_lead_kind",
                condition=Q(led_by__isnull=False),
            ),
            models.Index(fields=("led_by", "year"), name="ten_one_led", condition=Q(led_by__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("worker", "item", "year"),
                name="ten_one_once_a_year",
                violation_error_message="该职工这一年度的此项已登记，请勿重复录入。",
            ),
            models.CheckConstraint(
                condition=Q(led_by__isnull=True, lead_kind="") | (Q(led_by__isnull=False) & ~Q(lead_kind="")),
                name="ten_one_lead_complete",
                violation_error_message="引领劳模与引领方式须同时填写。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker} {self.year}年 {self.item}"

    def problems(self) -> dict[str, str]:
        if self.led_by_id and not self.lead_kind:
            return {"lead_kind": "选择了引领劳模，请选择引领方式。"}
        if self.lead_kind and not self.led_by_id:
            return {"led_by": "选择了引领方式，请选择引领劳模。"}
        if self.done_on and self.year and self.done_on.year != self.year:
            return {"done_on": f"完成日期不在{self.year}年内。"}
        return {}

    def derive(self) -> None:
        """Take over the worker's unit; a worker who moves later keeps the old rows where they were done."""
        super().derive()
        if self.org_id is None:
            self.org_id = self.worker.org_id
