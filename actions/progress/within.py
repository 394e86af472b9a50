"""Within what a figure is counted: for whom, in which period, below which unit, as of which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from mofu.accounts.models import User
from mofu.accounts.scope import ScopedModel, SystemActor, scope_path_of
from mofu.registers.periods import Period, start_of
from mofu.registers.records import ReviewedRecord


@dataclass(frozen=True)
class Within:
    """The frame of a figure.

    ``user`` sees only rows in scope; ``period`` bounds the records' dates; ``path`` narrows to the units at or
    below it ("" for all the user sees); ``today`` is the day on which “current” is judged. ``known_by`` leaves out what
    was approved after that day, so that a past day is shown as it was known then.
    """

    user: User | SystemActor
    period: Period
    today: date
    path: str = ""
    known_by: date | None = None

    def records(self, model: type[ScopedModel]) -> QuerySet:
        """Return the records of ``model`` that count: in scope, below the unit, approved."""
        return self.known(model.objects.visible_to(self.user).at_home(self.path)).approved()

    def known(self, rows: QuerySet) -> QuerySet:
        """Leave out what was not known yet: approved, or for records nobody reviews entered, after ``known_by``."""
        if self.known_by is None:
            return rows
        since = "reviewed_at" if issubclass(rows.model, ReviewedRecord) else "created_at"
        return rows.filter(**{f"{since}__lt": start_of(self.known_by + timedelta(days=1))})

    def dated(self, model: type[ScopedModel], field: str = "") -> QuerySet:
        """Return the records that count and whose date lies in the period."""
        return self.records(model).dated(self.period, field)

    @property
    def reach(self) -> str:
        """The path that bounds what can be counted: the unit's, or the user's own where that is narrower."""
        return max(self.path, scope_path_of(self.user) or "", key=len)

    @property
    def as_of(self) -> date:
        """The day for “current” figures: today, or the period's last day when that has passed."""
        return min(self.today, self.period.end)
