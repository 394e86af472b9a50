"""Headcount-only returns (十个一人数报送): how many took part, from units that do not report names."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from actions.models.ten_one import TenOne, TenOneItem
from models_app.models.checked import Checked
from mofu.accounts.models import Organization, OrganizationKind
from mofu.accounts.scope import everything, guarded
from mofu.registers.periods import today
from mofu.registers.records import RecordQuerySet, ReviewedRecord

LARGEST = {
    OrganizationKind.ENTERPRISE: 20_000,
    OrganizationKind.INSTITUTION: 10_000,
    OrganizationKind.SCHOOL: 5_000,
    OrganizationKind.VILLAGE: 3_000,
}  # people of one unit that take part in one month; more is asked about, never refused


class HeadcountQuerySet(RecordQuerySet):
    """Returns by item, and those that stand beside named records."""

    def of_item(self, number: int) -> Self:
        """Keep one of the ten items by its number."""
        return self.filter(item__number=number)

    def overlapping(self) -> Self:
        """Keep the returns of a unit, item and month for which there are named records too."""
        return self.filter(Exists(_named().filter(done_on__month=OuterRef("month"))))


def _named() -> models.QuerySet:
    """Return the approved named records of the return's unit, item and year."""
    rows = TenOne.objects.unscoped("the named records of the very unit that a return in scope is about")
    return rows.approved().filter(org=OuterRef("org"), item=OuterRef("item"), year=OuterRef("year"))


def beside_named(rows: models.QuerySet) -> models.QuerySet:
    """Annotate ``named``, the number of approved named records of the same unit, item and month.

    ``undated`` says whether there are such records of the year whose day is not known.
    """
    same = _named().filter(done_on__month=OuterRef("month"))
    count = same.order_by().values("org").annotate(n=Count("*")).values("n")
    return rows.annotate(
        named=Coalesce(Subquery(count, output_field=IntegerField()), 0),
        undated=Exists(_named().filter(done_on=None)),
    )


class HeadcountReturn(Checked, ReviewedRecord):
    """十个一人数报送: unit × item × year × month × people, without names.

    Kept apart from the named records (:class:`TenOne`) and never added to them: the same people may be in both.
    """

    year_field = "year"
    search_fields = ()
    years_ahead = {"year": 0}

    org = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="单位", related_name="headcount_returns", db_index=False
    )
    item = models.ForeignKey(
        TenOneItem, models.PROTECT, verbose_name="项目", related_name="headcount_returns"
    )
    year = models.PositiveSmallIntegerField(
        "年度",
        validators=[
            MinValueValidator(2024, "年度不早于2024年。"),
            MaxValueValidator(2099, "年度不正确，请核对。"),
        ],
    )
    month = models.PositiveSmallIntegerField(
        "月份", validators=[MinValueValidator(1, "月份为1至12。"), MaxValueValidator(12, "月份为1至12。")]
    )
    people = models.PositiveIntegerField(
        "参加人数",
        validators=[MaxValueValidator(1_000_000, "人数不能超过100万，请核对。")],
        help_text="只报人数、不报名单的单位填写；已逐人登记的职工不要计入",
    )
    note = models.CharField("备注", max_length=200, blank=True)

    everything = everything(HeadcountQuerySet)
    objects = guarded(HeadcountQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "十个一人数报送"
        ordering = ("-year", "-month", "org__path", "item__number")
        indexes = [
            models.Index(fields=("year", "review_state", "item", "org"), name="headcount_year"),
            models.Index(
                fields=("review_state", "id"), name="headcount_review", condition=~Q(review_state="approved")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("org", "item", "year", "month"),
                name="headcount_once_a_month",
                violation_error_message="该单位这个月的此项人数已报送，请修改原记录。",
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="headcount_month",
                violation_error_message="月份为1至12。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.year}年{self.month}月 {self.item}"

    def problems(self) -> dict[str, str]:
        now = today()
        if self.year and self.month and (self.year, self.month) > (now.year, now.month) and self.month <= 12:
            return {"month": f"{self.year}年{self.month}月还没有到，不能报送。"}
        return {}

    @property
    def doubt(self) -> str:
        """What is odd about the number, empty for nothing; a reason to ask, never to refuse."""
        largest = LARGEST.get(self.org.kind)
        if largest is not None and self.people is not None and self.people > largest:
            return f"人数超过{largest}，对{self.org.get_kind_display()}来说偏大，请核对。"
        return ""
