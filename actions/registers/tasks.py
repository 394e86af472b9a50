"""The register of the 10 + 10 tasks."""

from __future__ import annotations

from typing import Any

from django.db import models

from actions.models import Event, Task, TaskNote, TaskStep
from actions.registers.indicator_choice import indicator_select, known_indicator
from mofu.accounts.models import User
from mofu.registers.attachments import counted
from mofu.registers.columns import Column
from mofu.registers.forms import RecordForm
from mofu.registers.inlines import Inline
from mofu.registers.register import Register, Section, register


class TaskForm(RecordForm):
    """The form of a task; its indicator is one that is measured, or none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "indicator" in self.fields:
            self.fields["indicator"].widget = indicator_select()

    def clean_indicator(self) -> str:
        """Refuse codes that nothing measures."""
        code = self.cleaned_data["indicator"]
        return known_indicator(code) if code else ""


@register
class TaskRegister(Register):
    """双十任务清单: kept by the city, seen by all units."""

    slug = "tasks"
    model = Task
    group = "双十任务"
    order = 10
    icon = "checklist"
    form_base = TaskForm
    city_only = True
    takes_files = True
    detail_template = "actions/task.html"
    starts_with_this_year = True
    columns = (
        "year",
        "group",
        "number",
        "name",
        "owner",
        "org",
        "deadline",
        "state",
        "completed_on",
        Column("file_count", label="佐证材料（份）", kind="int"),
        "indicator",
        "target_value",
        "original",
        "note",
    )
    default_columns = (
        "name",
        "year",
        "group",
        "number",
        "owner",
        "deadline",
        "state",
        "completed_on",
        "file_count",
    )
    ordering = ("-year", "group", "number")
    sections = (
        Section("任务", ("group", "number", "year", "name", "original")),
        Section("责任与时限", ("org", "owner", "deadline", "state", "completed_on")),
        Section("关联指标", ("indicator", "target_value", "note")),
    )
    batch_fields = ("org", "owner", "deadline", "state", "year")
    filter_fields = ("group", "state")
    inlines = (
        Inline(TaskStep, ("title", "due", "done_on"), title="子步骤"),
        Inline(TaskNote, ("date", "text"), title="进展记录"),
    )

    def with_extras(self, rows: models.QuerySet) -> models.QuerySet:
        """Count the evidence of each task."""
        return counted(rows)

    def detail_context(self, obj: Task, user: User) -> dict[str, Any]:
        """Add the events that serve the task, as far as the user sees them."""
        events = Event.objects.visible_to(user).serving(task=obj).order_by("-date")
        return {"events": events[:100]}
