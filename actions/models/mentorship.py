"""Mentorships (师徒): agreement, notes, appraisal, skill level before and after."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from actions.models.studio import Studio
from actions.models.worker import Worker
from models_app.models import Laureate, SkillLevel
from models_app.models.checked import Checked
from mofu.accounts.pinyin import search_key
from mofu.accounts.scope import everything, guarded
from mofu.registers.periods import Period
from mofu.registers.records import Part, RecordQuerySet, ReviewedRecord
from mofu.registers.spans import Spanned

OPEN = Q(ended_on__isnull=True, ends_on__isnull=True)
OVERLAPPING = "已登记过同一师徒结对（时间重叠），请勿重复登记；续签请先填写原结对的结束日期。"


class AppraisalGrade(models.TextChoices):
    """考核等次."""

    EXCELLENT = "excellent", "优秀"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class MentorshipQuerySet(RecordQuerySet):
    """Mentorships by time and result."""

    def running(self, on: date) -> Self:
        """Keep pairs that run on a day: begun, and neither ended nor past the agreed end."""
        return self.running_in(Period(on, on))

    def running_in(self, period: Period) -> Self:
        """Keep pairs that run on at least one day of ``period``."""
        open_end = Q(ended_on__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=period.start))
        return self.filter(Q(ended_on__gte=period.start) | open_end, started_on__lte=period.end)

    def promoted(self) -> Self:
        """Keep pairs whose apprentice's skill level rose."""
        return self.filter(level_after__gt=F("level_before"))


class Mentorship(Spanned, Checked, ReviewedRecord):
    """师徒: a laureate teaches a worker under an agreement (facts B.6)."""

    scope_fields = ("master__org", "master__industry_union")
    year_field = "started_on"
    search_fields = ("search", "master__search", "apprentice__search")
    past_dates = ("started_on", "ended_on", "appraised_on")
    ordered_dates = (("started_on", "ends_on"), ("started_on", "ended_on"), ("started_on", "appraised_on"))
    span_owner, span_reads, span_words = "master", ("apprentice",), OVERLAPPING

    master = models.ForeignKey(Laureate, models.PROTECT, verbose_name="师傅", related_name="mentorships")
    apprentice = models.ForeignKey(
        Worker, models.PROTECT, verbose_name="徒弟", null=True, blank=True, related_name="mentorships"
    )
    apprentice_name = models.CharField(
        "徒弟姓名", max_length=40, blank=True, help_text="徒弟未登记为职工时填写；以后可补选"
    )
    studio = models.ForeignKey(
        Studio, models.PROTECT, verbose_name="所在工作室", null=True, blank=True, related_name="mentorships"
    )
    agreement_no = models.CharField("协议编号", max_length=40, blank=True)
    started_on = models.DateField("开始日期")
    ends_on = models.DateField("协议到期日", null=True, blank=True)
    ended_on = models.DateField("实际结束日期", null=True, blank=True)
    goal = models.TextField("目标任务", max_length=1000, blank=True)
    level_before = models.PositiveSmallIntegerField(
        "徒弟原技能等级", choices=SkillLevel, null=True, blank=True
    )
    level_after = models.PositiveSmallIntegerField(
        "徒弟现技能等级", choices=SkillLevel, null=True, blank=True
    )
    appraised_on = models.DateField("考核日期", null=True, blank=True)
    appraisal_grade = models.CharField("考核等次", max_length=10, choices=AppraisalGrade, blank=True)
    appraisal_comment = models.TextField("考核意见", max_length=500, blank=True)
    result = models.CharField("出师结果", max_length=200, blank=True, help_text="晋级、获奖等")
    search = models.CharField(max_length=300, editable=False, default="")

    everything = everything(MentorshipQuerySet)
    objects = guarded(MentorshipQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "师徒结对"
        ordering = ("-started_on", "-id")
        indexes = [
            models.Index(fields=("-started_on", "-id")),
            models.Index(fields=("review_state", "-started_on", "-id")),
            models.Index(fields=("master", "-started_on")),
            models.Index(fields=("ended_on",)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("master", "apprentice", "started_on"),
                name="mentorship_once",
                violation_error_message="这对师徒在同一天开始的结对已登记，请勿重复录入。",
            ),
            models.UniqueConstraint(
                fields=("master", "apprentice_name", "started_on"),
                condition=Q(apprentice__isnull=True),
                name="mentorship_by_name_once",
                violation_error_message="这对师徒在同一天开始的结对已登记，请勿重复录入。",
            ),
            models.UniqueConstraint(
                fields=("master", "apprentice"),
                condition=OPEN,
                name="mentorship_open_once",
                violation_error_message=OVERLAPPING,
            ),
            models.UniqueConstraint(
                fields=("master", "apprentice_name"),
                condition=OPEN & Q(apprentice__isnull=True),
                name="mentorship_by_name_open_once",
                violation_error_message=OVERLAPPING,
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="mentorship_ends_after_start",
                violation_error_message="实际结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                condition=Q(apprentice__isnull=False) | ~Q(apprentice_name=""),
                name="mentorship_has_apprentice",
                violation_error_message="请选择徒弟。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.master}—{self.apprentice_shown}"

    @property
    def apprentice_shown(self) -> str:
        """The apprentice's name, from the register where there is an entry."""
        return str(self.apprentice) if self.apprentice_id else self.apprentice_name

    def problems(self) -> dict[str, str]:
        if not self.apprentice_id and not self.apprentice_name.strip():
            return {"apprentice": "请选择徒弟；未登记为职工的填写徒弟姓名。"}
        if not self.master_id:
            return {}
        if self.apprentice_id and self.apprentice.is_laureate(self.master):
            return {"apprentice": "师傅和徒弟不能是同一个人。"}
        if not self.apprentice_id and self.apprentice_name.strip() == self.master.name:
            return {"apprentice_name": "徒弟与师傅同名；如确为两人，请先把徒弟登记为职工再选择。"}
        return {}

    def duplicates(self) -> dict[str, str]:
        return self.span_problem()

    @property
    def span_at(self) -> str:
        """The field of the apprentice that was used."""
        return "apprentice" if self.apprentice_id else "apprentice_name"

    @property
    def has_span(self) -> bool:
        """Whether master, apprentice and beginning are known."""
        return bool(
            self.started_on and self.master_id and (self.apprentice_id or self.apprentice_name.strip())
        )

    def excludes(self, other: Mentorship) -> bool:
        """Whether both mean the same pair and share time; one that begins as the other ends does not.

        A name alone means whoever bears it.
        """
        if self.apprentice_id and other.apprentice_id:
            same = self.apprentice_id == other.apprentice_id
        else:
            same = self._name_of_apprentice == other._name_of_apprentice
        begins = other.end is None or other.end > self.started_on
        return same and begins and (self.end is None or other.started_on < self.end)

    @property
    def _name_of_apprentice(self) -> str:
        return self.apprentice.name if self.apprentice_id else self.apprentice_name.strip()

    @property
    def end(self) -> date | None:
        """The day the pair ended or is to end; None while open."""
        return self.ended_on or self.ends_on

    def derive(self) -> None:
        """Write the text a search looks into; the level before is taken from the worker when not given."""
        super().derive()
        self.search = search_key(self.apprentice_name, extra=self.agreement_no)
        if self.level_before is None and self.apprentice_id and self._state.adding:
            self.level_before = self.apprentice.skill_level


class MentorshipNote(Checked, Part):
    """带徒记录: a dated note on what was taught and learned."""

    past_dates = ("date",)

    mentorship = models.ForeignKey(Mentorship, models.CASCADE, related_name="notes")
    date = models.DateField("日期")
    text = models.TextField("内容", max_length=1000)

    class Meta:
        verbose_name = verbose_name_plural = "带徒记录"
        ordering = ("-date", "-pk")

    def __str__(self) -> str:
        return f"{self.date} {self.text[:30]}"
