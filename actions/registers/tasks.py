"""The register of the 10 + 10 tasks."""

from actions.models import Task, TaskNote, TaskStep
from mofu.registers.forms import Inline
from mofu.registers.register import Register, Section, register


@register
class TaskRegister(Register):
    """双十任务清单: kept by the city, seen by all units."""

    slug = "tasks"
    model = Task
    group = "双十任务"
    order = 10
    icon = "checklist"
    city_only = True
    takes_files = True
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
        "indicator",
        "target_value",
        "original",
        "note",
    )
    default_columns = ("name", "group", "number", "owner", "deadline", "state", "completed_on")
    ordering = ("-year", "group", "number")
    sections = (
        Section("任务", ("group", "number", "year", "name", "original")),
        Section("责任与时限", ("org", "owner", "deadline", "state", "completed_on")),
        Section("关联指标", ("indicator", "target_value", "note")),
    )
    filter_fields = ("group", "state")
    inlines = (
        Inline(TaskStep, ("title", "due", "done_on"), title="子步骤"),
        Inline(TaskNote, ("date", "text"), title="进展记录"),
    )
