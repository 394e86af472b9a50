"""The “double ten” list: ten tasks and ten assists of the association, anew each year."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from actions.models.city_wide import CityWideRecord
from actions.models.titled import Titled
from models_app.models.checked import Checked
from mofu.accounts.models import Organization
from mofu.accounts.scope import everything, guarded
from mofu.registers.records import Part, RecordQuerySet


class TaskGroup(models.TextChoices):
    """Which of the two lists; the values sort the ten tasks before the ten assists."""

    MAIN = "main", "“十项”任务"
    SUPPORT = "support", "助力十项"


class TaskState(models.TextChoices):
    """任务状态."""

    NOT_STARTED = "not_started", "未开始"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    POSTPONED = "postponed", "延期"


class TaskQuerySet(RecordQuerySet):
    """Tasks by state and deadline."""

    def done(self) -> Self:
        """Keep completed tasks."""
        return self.filter(state=TaskState.DONE)

    def unfinished(self) -> Self:
        """Keep tasks that are not completed."""
        return self.exclude(state=TaskState.DONE)

    def overdue(self, on: date) -> Self:
        """Keep tasks whose deadline lies before ``on`` and which are not completed."""
        return self.unfinished().filter(deadline__lt=on)

    def due(self, start: date, end: date) -> Self:
        """Keep uncompleted tasks whose deadline lies between two days, both included."""
        return self.unfinished().filter(deadline__gte=start, deadline__lte=end)


class Task(Titled, CityWideRecord):
    """双十任务: one line of the list in one year; ``original`` keeps the programme's own words."""

    Group = TaskGroup
    State = TaskState
    year_field = "year"
    years_ahead = {"year": 10}
    search_extra = ("owner",)
    past_dates = ("completed_on",)

    group = models.CharField("清单", max_length=10, choices=TaskGroup)
    number = models.PositiveSmallIntegerField(
        "序号", validators=[MinValueValidator(1, "序号为1至10。"), MaxValueValidator(10, "序号为1至10。")]
    )
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("任务名称", max_length=80)
    original = models.TextField("任务内容（原文）", blank=True)
    org = models.ForeignKey(Organization, models.PROTECT, verbose_name="牵头单位", related_name="tasks")
    owner = models.CharField("责任单位（责任人）", max_length=80, blank=True)
    deadline = models.DateField("完成时限", null=True, blank=True)
    state = models.CharField("状态", max_length=12, choices=TaskState, default=TaskState.NOT_STARTED)
    completed_on = models.DateField("完成日期", null=True, blank=True)
    indicator = models.CharField("关联指标", max_length=40, blank=True)
    target_value = models.DecimalField("指标目标值", max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.TextField("备注", max_length=1000, blank=True)

    everything = everything(TaskQuerySet)
    objects = guarded(TaskQuerySet)

    class Meta:
        verbose_name = verbose_name_plural = "双十任务"
        ordering = ("-year", "group", "number")
        indexes = [models.Index(fields=("year", "state")), models.Index(fields=("deadline", "state"))]
        constraints = [
            models.UniqueConstraint(
                fields=("group", "number", "year"),
                name="task_once_per_year",
                violation_error_message="该年度清单中已有这一序号的任务。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_group_display()}{self.number}：{self.name}"

    def problems(self) -> dict[str, str]:
        if self.state == TaskState.DONE and not self.completed_on:
            return {"completed_on": "已完成的任务须填写完成日期。"}
        if self.completed_on and self.state != TaskState.DONE:
            return {"state": "填写了完成日期，状态应为“已完成”。"}
        return {}

    def complete(self, on: date) -> None:
        """Mark as completed on a day (in memory; the caller saves)."""
        self.state, self.completed_on = TaskState.DONE, on

    def state_on(self, day: date) -> TaskState:
        """Return the state as it was on a day: what was completed later was still 进行中."""
        late = self.state == TaskState.DONE and self.completed_on is not None and self.completed_on > day
        return TaskState.RUNNING if late else TaskState(self.state)

    def is_overdue(self, on: date) -> bool:
        """Whether the deadline lies before ``on`` and the task was not completed by then."""
        return bool(self.deadline and self.deadline < on and self.state_on(on) != TaskState.DONE)

    def told_on(self, day: date) -> str:
        """Return the state of a day in words: 已超时限 where the deadline went by."""
        return "已超时限" if self.is_overdue(day) else self.state_on(day).label


class TaskStep(Checked, Part):
    """子步骤: a step of a task with its own deadline."""

    past_dates = ("done_on",)

    task = models.ForeignKey(Task, models.CASCADE, related_name="steps")
    title = models.CharField("步骤", max_length=120)
    due = models.DateField("时限", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任务步骤"
        ordering = ("due", "pk")

    def __str__(self) -> str:
        return self.title


class TaskNote(Checked, Part):
    """进展记录: a dated note on how a task goes."""

    past_dates = ("date",)

    task = models.ForeignKey(Task, models.CASCADE, related_name="notes")
    date = models.DateField("日期")
    text = models.TextField("进展情况", max_length=1000)

    class Meta:
        verbose_name = verbose_name_plural = "进展记录"
        ordering = ("-date", "-pk")

    def __str__(self) -> str:
        return f"{self.date} {self.text[:30]}"
