"""Teams of laureates: the 50-person lecture corps, technical service team, three volunteer corps."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from actions.models.city_wide import CityWideRecord
from actions.models.titled import Titled
from models_app.models import Laureate
from models_app.models.checked import Checked
from models_app.models.of_laureate import LAUREATE_SCOPE, OfLaureateQuerySet
from mofu.accounts.models import Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import Record, RecordQuerySet
from mofu.registers.spans import Spanned

OVERLAPPING = "该同志在同一时间已是此团队成员，不能重复加入；请先填写原成员记录的退出日期。"


class TeamKind(models.TextChoices):
    """团队类型 (programme.txt, actions 1 and 2)."""

    LECTURE = "lecture", "宣讲服务团"
    TECHNICAL = "technical", "技术服务队"
    CRAFT = "craft", "匠心志愿服务团"
    WARMTH = "warmth", "暖心志愿服务团"
    UNITY = "unity", "凝心志愿服务团"


class TeamQuerySet(RecordQuerySet):
    """Teams by kind."""

    def lecture_corps(self) -> Self:
        """Keep the 宣讲服务团."""
        return self.filter(kind=TeamKind.LECTURE)


class Team(Titled, CityWideRecord):
    """团队: a body of laureates that the city sets up."""

    Kind = TeamKind
    past_dates = ("founded_on",)

    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="所属单位", related_name="teams")
    kind = models.CharField("团队类型", max_length=10, choices=TeamKind)
    name = models.CharField(
        "团队名称", max_length=60, unique=True, error_messages={"unique": "已有同名团队。"}
    )
    founded_on = models.DateField("成立日期", null=True, blank=True)
    description = models.TextField("职责说明", max_length=1000, blank=True)
    active = models.BooleanField("在运行", default=True)

    everything = everything(TeamQuerySet)
    objects = guarded(TeamQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "团队"
        ordering = ("kind", "name_key", "id")


class MembershipQuerySet(OfLaureateQuerySet):
    """Memberships by time."""

    def current(self, on: date) -> Self:
        """Keep memberships that hold on a day."""
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gte=on), joined_on__lte=on)

    def of_kind(self, kind: str) -> Self:
        """Keep memberships of teams of one kind (:class:`TeamKind`)."""
        return self.filter(team__kind=kind)


CRITERIA = ("is_upright", "is_exemplary", "is_skilled", "is_eloquent")


class Membership(Spanned, Checked, Record):
    """团队成员: a laureate in a team for a time; for the lecture corps with the four criteria of the programme."""

    scope_fields = (*LAUREATE_SCOPE, "team__org")
    search_fields = ("team__search",)
    past_dates = ("joined_on", "left_on")
    ordered_dates = (("joined_on", "left_on"),)
    span_owner, span_words = "laureate", OVERLAPPING

    team = models.ForeignKey(Team, models.PROTECT, verbose_name="团队", related_name="memberships")
    laureate = models.ForeignKey(
        Laureate, models.PROTECT, verbose_name="劳模工匠", related_name="memberships"
    )
    position = models.CharField("团内职务", max_length=30, blank=True)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("退出日期", null=True, blank=True)
    is_upright = models.BooleanField("思想政治素质优", default=False)
    is_exemplary = models.BooleanField("示范引领影响大", default=False)
    is_skilled = models.BooleanField("技术本领作用强", default=False)
    is_eloquent = models.BooleanField("语言表达能力好", default=False)
    note = models.CharField("备注", max_length=300, blank=True)

    everything = everything(MembershipQuerySet)
    objects = guarded(MembershipQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "团队成员"
        ordering = ("-joined_on", "-id")
        indexes = [
            models.Index(fields=("-joined_on", "-id")),
            models.Index(fields=("laureate", "-joined_on")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                name="membership_ends_after_start",
                violation_error_message="退出日期不能早于加入日期。",
            ),
            models.UniqueConstraint(
                fields=("team", "laureate"),
                condition=Q(left_on__isnull=True),
                name="membership_open_once",
                violation_error_message="该同志已是此团队的现任成员，不能重复加入。",
            ),
            models.UniqueConstraint(
                fields=("team", "laureate", "joined_on"),
                name="membership_once_a_day",
                violation_error_message="该同志在这一天加入此团队的记录已登记，请勿重复录入。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.laureate}·{self.team}"

    def duplicates(self) -> dict[str, str]:
        return self.span_problem()

    @property
    def has_span(self) -> bool:
        """Whether team, person and beginning are known."""
        return bool(self.team_id and self.laureate_id and self.joined_on)

    def excludes(self, other: Membership) -> bool:
        """Whether both are of one team and share a day; leaving and joining again on one day is no sharing."""
        lasting = other.left_on is None or other.left_on > self.joined_on
        shared = lasting and (self.left_on is None or other.joined_on < self.left_on)
        return self.team_id == other.team_id and (self.joined_on == other.joined_on or shared)

    @property
    def meets_all_criteria(self) -> bool:
        """Whether all four selection criteria of the lecture corps are ticked."""
        return all(getattr(self, name) for name in CRITERIA)
