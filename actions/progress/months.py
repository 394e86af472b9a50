"""The months of a year in the programme: which had not started, which have begun, which are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mofu.registers.periods import Period


@dataclass(frozen=True)
class Months:
    """The months (1–12) of ``year`` as they stand on ``today``, the programme having started on ``started_on``.

    Months before the start bind nobody (未启动). The month of the start and the running one are no full months: they
    count when they reach a target and are not held against anybody when they do not.
    """

    year: int
    today: date
    started_on: date

    @property
    def idle(self) -> list[int]:
        """Months that were over when the programme started."""
        return [month for month in range(1, 13) if self._period(month).end < self.started_on]

    @property
    def binding(self) -> list[int]:
        """Months that lie in the programme from their first day on."""
        return [month for month in range(1, 13) if self._period(month).start >= self.started_on]

    @property
    def begun(self) -> list[int]:
        """Months in which the programme has been at work, full or not."""
        return [
            month
            for month in range(1, 13)
            if month not in self.idle and max(self._period(month).start, self.started_on) <= self.today
        ]

    @property
    def full(self) -> list[int]:
        """Binding months that are over."""
        return [month for month in self.binding if self._period(month).end <= self.today]

    @property
    def running(self) -> int:
        """The month that is not over yet, 0 when there is none in this year."""
        last = self.begun[-1] if self.begun else 0
        return last if last and self._period(last).end > self.today else 0

    def _period(self, month: int) -> Period:
        return Period.of_month(self.year, month)


def in_words(months: list[int]) -> str:
    """Return months as text: ``3月、5月``, a longer run as ``1—5月``."""
    if len(months) > 2 and months[-1] - months[0] == len(months) - 1:
        return f"{months[0]}—{months[-1]}月"
    return "、".join(f"{month}月" for month in months)
