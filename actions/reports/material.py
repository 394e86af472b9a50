"""What a report of figures is made from, read once: progress rows, targets, standings, tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from actions.models import Campaign, Task, TaskState
from actions.progress.breakdown import board_table
from actions.progress.frame import Frame
from actions.progress.reading import Reading
from actions.progress.standings import Standing, standings
from actions.progress.targets import Progress, progress_of
from actions.reports.telling import Voice


@dataclass(frozen=True)
class Material:
    """The figures of one frame; everything is read when first asked for, and once."""

    frame: Frame

    @property
    def voice(self) -> Voice:
        """When its words speak: of a running year or of one that is over."""
        return Voice.of(self.frame)

    @cached_property
    def reading(self) -> Reading:
        """The indicators' figures by unit and month, as the pages show them, with the targets of the frame's unit."""
        return Reading(self.frame)

    @cached_property
    def rows(self) -> Sequence[Progress]:
        """The progress of every indicator shown."""
        return progress_of(self.reading)

    @property
    def aimed(self) -> list[Progress]:
        """What has a target."""
        return [row for row in self.rows if row.target]

    def of(self, campaign: str) -> list[Progress]:
        """The rows of one action, or of the double ten."""
        return [row for row in self.rows if row.indicator.campaign == campaign]

    @cached_property
    def standings(self) -> Sequence[Standing]:
        """The boards below the frame's unit, ranked; none for the report of a single board."""
        return standings(board_table(self.reading)) if not self.frame.path else ()

    @cached_property
    def campaigns(self) -> Sequence[Campaign]:
        """The five actions."""
        return list(Campaign.objects.order_by("sort"))

    @cached_property
    def tasks(self) -> Sequence[Task]:
        """The double ten of the frame's year that its unit leads: for the city all, for a county most often none."""
        rows = self.frame.within().records(Task).in_year(self.frame.year)
        return list(rows.select_related("org").prefetch_related("notes").order_by("group", "number"))

    @property
    def overdue(self) -> list[Task]:
        """Tasks past their deadline."""
        return [task for task in self.tasks if task.is_overdue(self.frame.today)]

    @property
    def unfinished(self) -> list[Task]:
        """Tasks that were not completed on the frame's day."""
        return [task for task in self.tasks if task.state_on(self.frame.today) != TaskState.DONE]

    @property
    def unit(self) -> str:
        """The unit as a sentence names it: 全市各级劳模协会, or the unit as it signs."""
        return "全市各级劳模协会" if not self.frame.org_code else self.frame.org.signature
