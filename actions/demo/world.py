"""What the demo data is made in: the chance, the day, the units, the staff and the people made so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle
from random import Random

from django.utils import timezone

from models_app.models import Laureate
from mofu.accounts.models import Organization, Role, User
from mofu.registers.records import Record, ReviewedRecord, ReviewState

FIRST_DAY = date(2024, 7, 1)  # the programme was adopted on 22 June 2024
FULL_SIZE = 300
RECENT = timedelta(days=100)
_RECENT_STATES = (
    ReviewState.PENDING, ReviewState.APPROVED, ReviewState.DRAFT, ReviewState.PENDING, ReviewState.RETURNED,
    ReviewState.APPROVED,
)  # fmt: skip
_REASONS = (
    "缺少佐证材料，请补充签到表和照片。",
    "日期与通知不一致，请核对。",
    "参加人员不全，请补录后再报。",
)


@dataclass
class World:
    """Everything the makers of demo records share; all chance comes from ``rng``.

    ``units`` holds the units below each board by the board's path; ``staff`` the demo accounts by user name;
    ``births`` counts the people given a number by birth date and sex; ``without_number`` holds who goes without (kind of
    record, unit, name, birth date): two of them in one unit have to differ.
    """

    rng: Random
    today: date
    size: int
    city: Organization
    boards: list[Organization]
    staff: dict[str, User]
    units: dict[str, list[Organization]] = field(default_factory=dict)
    unions: list[Organization] = field(default_factory=list)
    laureates: list[Laureate] = field(default_factory=list)
    births: Counter[tuple[str, str]] = field(default_factory=Counter)
    without_number: set[tuple[str, int, str, str]] = field(default_factory=set)
    _states: Iterator[str] = field(default_factory=lambda: cycle(_RECENT_STATES))

    @property
    def years(self) -> range:
        """The years of the programme that have begun."""
        return range(FIRST_DAY.year, self.today.year + 1)

    def scaled(self, number: int, least: int = 1) -> int:
        """Return how many to make of what the full demo (300 laureates) has ``number``; never more than that."""
        return max(least, round(number * min(1.0, self.size / FULL_SIZE)))

    def share_of(self, year: int, number: int, least: int = 1) -> int:
        """Return the part of a year's ``number`` that has happened by today, scaled."""
        first = FIRST_DAY if year == FIRST_DAY.year else date(year, 1, 1)
        whole, gone = (date(year, 12, 31) - first).days + 1, (self.today - first).days + 1
        return max(least, round(self.scaled(number) * min(1.0, max(0, gone) / whole)))

    def day(self, first: date, last: date) -> date:
        """Return a day between two days, never after today."""
        first = min(first, self.today)
        last = max(first, min(last, self.today))
        return first + timedelta(days=self.rng.randint(0, (last - first).days))

    def day_in(self, year: int) -> date:
        """Return a day of a programme year, not after today and where possible no weekend."""
        found = self.day(max(date(year, 1, 4), FIRST_DAY), date(year, 12, 28))
        friday = found - timedelta(days=max(0, found.weekday() - 4))
        return friday if friday.year == year else found

    def board(self) -> Organization:
        """Return a board; the two with demo accounts come up more often."""
        return self.rng.choices(self.boards, [3 if self._clerk(board) else 1 for board in self.boards])[0]

    def unit(self, board: Organization, *kinds: str) -> Organization:
        """Return a unit below a board, of one of ``kinds`` where given."""
        units = [unit for unit in self.units[board.path] if not kinds or unit.kind in kinds]
        return self.rng.choice(units)

    def counted(self, board: Organization | None = None) -> list[Laureate]:
        """Return the laureates that take part in things: approved, in good standing, of a board where given."""
        people = [one for one in self.laureates if one.counts and one.review_state == ReviewState.APPROVED]
        near = [one for one in people if board and one.org.board_path == board.path]
        return near or people

    def settle(self, record: Record, org: Organization, on: date | None = None) -> None:
        """Give a record its clerk and, where it is reviewed, a state with who and when: ``on``, else from the start."""
        clerk = self._clerk(org)
        record.created_by = clerk or self.staff["city"]
        if isinstance(record, ReviewedRecord):
            self._review(record, clerk, on or min(FIRST_DAY, self.today - 2 * RECENT))

    def _review(self, record: ReviewedRecord, clerk: User | None, on: date) -> None:
        recent = clerk is not None and on > self.today - RECENT
        record.review_state = next(self._states) if recent else ReviewState.APPROVED
        handed_in, decided = self._moment(on, 2), self._moment(on, 5)
        if clerk and record.review_state != ReviewState.DRAFT:
            record.submitted_by, record.submitted_at = clerk, handed_in
        if record.review_state in (ReviewState.APPROVED, ReviewState.RETURNED):
            record.reviewed_by, record.reviewed_at = self.staff["city"], decided
        if record.review_state == ReviewState.RETURNED:
            record.return_reason = self.rng.choice(_REASONS)

    def _moment(self, on: date, days: int) -> datetime:
        day = min(on + timedelta(days=days), self.today)
        return timezone.make_aware(datetime.combine(day, time(9, 30)))

    def _clerk(self, org: Organization) -> User | None:
        """Return the demo clerk of the board that ``org`` belongs to."""
        for user in self.staff.values():
            if user.role == Role.COUNTY and org.board_path == user.organization.path:
                return user
        return None
