"""Counts of the approved ten ones, kept by triggers (``actions/summaries/``): what five million rows come to."""

from __future__ import annotations

from typing import Self

from django.db import models

from actions.models.ten_one import TenOneItem
from actions.models.worker import Worker
from mofu.accounts.models import Organization
from mofu.accounts.scope import ScopedQuerySet, everything, guarded
from mofu.registers.periods import Period
from mofu.registers.summaries import Summary, key_to


class YearlyQuerySet(ScopedQuerySet):
    """Counts by year."""

    def dated(self, period: Period) -> Self:
        """Keep the counts of the years of ``period``."""
        return self.filter(year__in=range(period.start.year, period.end.year + 1))


class Yearly(Summary):
    """A count of one year. Numbers are plain integers: a trigger may add a negative difference, never to below zero."""

    year = models.PositiveSmallIntegerField("年度")

    everything = everything(YearlyQuerySet)
    objects = guarded(YearlyQuerySet)

    class Meta:
        abstract = True


class MonthlyQuerySet(YearlyQuerySet):
    """Counts by year and month."""

    def dated(self, period: Period) -> Self:
        """Keep the counts of the years of ``period``, of the last one up to its month; what has no month stays."""
        return super().dated(period).exclude(year=period.end.year, month__gt=period.end.month)


class TenOneMonth(Yearly):
    """People by board (the unit right below the city), year, month (0: not known) and item."""

    scope_fields = ("board",)

    pk = models.CompositePrimaryKey("year", "item", "month", "board")
    board = key_to(Organization, "板块")
    month = models.PositiveSmallIntegerField("月份")
    item = key_to(TenOneItem, "项目")
    people = models.IntegerField("人数")

    everything = everything(MonthlyQuerySet)
    objects = guarded(MonthlyQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "十个一分月汇总"


class TenOneYear(Yearly):
    """People by unit, year and item."""

    pk = models.CompositePrimaryKey("year", "item", "org")
    org = key_to(Organization, "单位")
    item = key_to(TenOneItem, "项目")
    people = models.IntegerField("人数")

    class Meta:
        verbose_name = verbose_name_plural = "十个一年度汇总"


class WorkerYear(Yearly):
    """How many of the ten a worker did in a year; distinct people cannot be had from sums."""

    pk = models.CompositePrimaryKey("worker", "year")
    scope_fields = ("worker__org",)

    worker = key_to(Worker, "职工")
    items = models.SmallIntegerField("完成项数")

    class Meta:
        verbose_name = verbose_name_plural = "职工年度十个一"


class UnitYear(Yearly):
    """Workers of a unit (where they belong now) who took part in a year, and who did all ten."""

    pk = models.CompositePrimaryKey("year", "org")
    org = key_to(Organization, "单位")
    participants = models.IntegerField("参加人数")
    complete = models.IntegerField("十项全部完成人数")

    class Meta:
        verbose_name = verbose_name_plural = "单位年度十个一"
