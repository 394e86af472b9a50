"""The register of events: one entry serves every measure, task and person it belongs to."""

from __future__ import annotations

from typing import Any

from django import forms

from actions.models import Event, EventKind, Measure, Participation
from mofu.registers.columns import Column
from mofu.registers.forms import GroupedChecks, RecordForm
from mofu.registers.inlines import Inline
from mofu.registers.register import Register, Section, register


class EventForm(RecordForm):
    """The form of an event; a “六进” session serves the measure of its destination without being told."""

    class Meta:
        widgets = {
            "measures": GroupedChecks(lambda measure: str(measure.campaign)),
            "tasks": GroupedChecks(lambda task: f"{task.year} 年{task.get_group_display()}"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._meant: dict[str, list[Measure]] = {}
        if "measures" in self.fields:
            self.fields["measures"].queryset = Measure.objects.select_related("campaign")

    def clean_tasks(self) -> Any:
        """Refuse tasks of another year than the event's."""
        tasks, day = self.cleaned_data["tasks"], self.cleaned_data.get("date")
        foreign = [task for task in tasks if day and task.year != day.year]
        if foreign:
            raise forms.ValidationError(f"“{foreign[0]}”不是{day.year}年的任务，请选择活动当年的任务。")
        return tasks

    def clean(self) -> dict[str, Any]:
        """Add the measure that the destination of a session means."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") == EventKind.SESSION and data.get("destination") and "measures" in data:
            chosen = list(data["measures"])
            meant = [measure for measure in self._measures_of(data["destination"]) if measure not in chosen]
            data["measures"] = chosen + meant
        return data

    def _measures_of(self, destination: str) -> list[Measure]:
        """Return the measure that a destination means; an import asks once for all its rows."""
        if destination not in self._meant:
            self._meant[destination] = list(Measure.objects.filter(code=destination))
        return self._meant[destination]


@register
class EventRegister(Register):
    """活动台账."""

    slug = "events"
    model = Event
    group = "五大行动"
    order = 10
    icon = "calendar-event"
    intro = "一次活动只登记一次：勾选它服务的全部行动措施和双十任务，列出参加的劳模工匠，各台账和个人档案自动计入。"
    form_base = EventForm
    takes_files = True
    key_fields = (("org", "title", "date"),)
    columns = (
        "title", "kind", "destination", "date", "end_date", "place", "org", "host_org", "visited_org",
        Column("audience", total=True), Column("donated_yuan", total=True), "summary", "updated_at",
    )  # fmt: skip
    default_columns = ("title", "kind", "destination", "date", "place", "org", "audience")
    ordering = ("-date", "-id")
    sections = (
        Section("活动", ("title", "kind", "destination", "date", "end_date", "place")),
        Section("单位与规模", ("org", "host_org", "visited_org", "audience", "donated_yuan")),
        Section("服务的行动与任务", ("measures", "tasks")),
        Section("活动情况", ("summary",)),
    )
    batch_fields = ("org", "host_org", "place")
    filter_fields = ("kind", "destination", "measures", "tasks")
    inlines = (Inline(Participation, ("laureate", "part", "note"), title="参加的劳模工匠"),)
