"""The frame of a page or report: for whom, which year, which unit, with the programme's settings read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from actions.models import ProgrammeSettings
from actions.progress.indicator import Indicator
from actions.progress.months import Months, in_words
from actions.progress.status import Thresholds
from actions.progress.within import Within
from mofu.accounts.models import Organization, User
from mofu.accounts.models.organization import STEP
from mofu.accounts.policy import Right, may
from mofu.accounts.scope import SystemActor
from mofu.registers.periods import Period

FRESH_DAYS = 30


@dataclass(frozen=True)
class Frame:
    """For whom and for which year a page or report is made, with the settings read once.

    ``today`` is the day progress is judged on; a past one goes with ``known_by``, which leaves out what came later.
    """

    user: User | SystemActor
    year: int
    today: date
    org: Organization
    settings: ProgrammeSettings
    known_by: date | None = None

    @property
    def thresholds(self) -> Thresholds:
        """The shares that part 序时 from 滞后."""
        return Thresholds(self.settings.on_track, self.settings.behind, self.settings.about)

    @property
    def is_past(self) -> bool:
        """Whether the year is over."""
        return self.year < self.today.year

    def within(self, *, programme: bool = False) -> Within:
        """Return the counting frame of the year, or of the whole programme: of a past year as it stood at its end."""
        whole = self.settings.period_until(self.year) if self.is_past else self.settings.period
        period = whole if programme else Period.of_year(self.year)
        return Within(self.user, period, self.today, self.path, self.known_by)

    @property
    def before(self) -> Within:
        """The counting frame of the year before, to compare with."""
        return Within(self.user, Period.of_year(self.year - 1), self.today, self.path, self.known_by)

    @property
    def before_words(self) -> str:
        """The part of the year before that is compared with: of a running year the months up to its own."""
        if self.year != self.today.year:
            return "上年"
        return f"上年{in_words(list(range(1, self.today.month + 1)))}"

    @property
    def depth(self) -> int:
        """How much of a path tells the units right below the frame's unit apart."""
        return len(self.org.path or "") + STEP

    def elapsed(self, *, programme: bool = False) -> float:
        """Return the share (0 to 1) of the year, or of the whole programme, that had passed by today or the year's end.

        0 in a year that has not begun.
        """
        year = Period.of_year(self.year)
        if self.today < year.start:
            return 0.0
        running = self._running(programme=programme)
        return running.elapsed(min(self.today, year.end)) if running else 0.0

    def is_fresh(self, *, programme: bool = False) -> bool:
        """Whether work on the year, or on the whole programme, began less than a month ago: too early to call it late."""
        running = self._running(programme=programme)
        return running is not None and 0 <= (self.today - running.start).days < FRESH_DAYS

    def elapsed_at_end_of(self, year: int) -> float:
        """Return the share (0 to 1) of the whole programme that has passed when ``year`` ends."""
        running = self._running(programme=True)
        return running.elapsed(Period.of_year(year).end) if running else 0.0

    def _running(self, *, programme: bool) -> Period | None:
        """Return the part of the year, or of the whole programme, since work began; None where that was later."""
        whole = self.settings.period if programme else Period.of_year(self.year)
        return whole.since(self.settings.started_on)

    @property
    def months(self) -> Months:
        """The months of the year, before and since the programme started."""
        return Months(self.year, self.today, self.settings.started_on)

    @cached_property
    def boards(self) -> list[Organization]:
        """The boards in sight, in their official order; read once."""
        return list(Organization.objects.visible_to(self.user).boards())

    @property
    def path(self) -> str:
        """The subtree that is counted: "" for the whole city."""
        return "" if self.org.parent_id is None else self.org.path

    @property
    def org_code(self) -> str:
        """The unit in addresses: empty for the whole city."""
        return "" if self.org.parent_id is None else self.org.code

    @property
    def query(self) -> str:
        """The frame as the query of another page's address: the same year, unit and day."""
        day = self.known_by.isoformat() if self.known_by else ""
        words = {"year": self.year, "org": self.org_code, "as_of": day}
        return urlencode({name: word for name, word in words.items() if word})

    def link(
        self,
        indicator: Indicator,
        *,
        programme: bool = False,
        org: str = "",
        month: int | None = None,
        year: int | None = None,
    ) -> str:
        """Return the address of the rows behind a figure, empty for who may see figures but no records.

        ``year`` asks for another year than the frame's.
        """
        if not self._shows_records:
            return ""
        of = None if programme and not self.is_past else year or self.year
        return indicator.url(
            year=of, programme=programme, org=org or self.org_code, month=month, as_of=self.known_by
        )

    def list_link(self, slug: str, **words: Any) -> str:
        """Return the address of a register's list in the frame's year, empty for who may see figures but no records."""
        query = {name: word for name, word in {"year": self.year, **words}.items() if word}
        return f"/{slug}/?{urlencode(query)}" if self._shows_records else ""

    @cached_property
    def _shows_records(self) -> bool:
        return not isinstance(self.user, User) or may(self.user, Right.SEE_RECORDS)
