"""How the boards stand against their own targets, ranked: the same progress as on their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.progress.frame import Frame
from actions.progress.reading import Reading
from actions.progress.status import Status, mean, places
from actions.progress.targets import Progress, progress_of
from mofu.accounts.models import Organization

LATE = (Status.BEHIND, Status.FAR_BEHIND)


@dataclass(frozen=True)
class Standing:
    """One board: its progress rows, its rank (1 the best, equal averages share one) and their average in per cent."""

    board: Organization
    rows: Sequence[Progress]
    average: Decimal
    rank: int = 0

    @property
    def name(self) -> str:
        """The board's name as tables show it."""
        return str(self.board)

    @property
    def late(self) -> list[Progress]:
        """What lags, the farthest behind first."""
        return sorted((row for row in self.rows if row.status in LATE), key=lambda row: row.percent)

    def count(self, status: Status) -> int:
        """How many of its targets have a status."""
        return sum(row.status == status for row in self.rows)


def standings_of(frame: Frame) -> list[Standing]:
    """Return the boards in the frame that have targets, the best first; empty where there is nothing to compare."""
    boards = Organization.objects.visible_to(frame.user).within(frame.path).boards()
    found = [_standing(board, _progress(replace(frame, org=board))) for board in boards]
    judged = sorted((one for one in found if one.rows), key=lambda one: -one.average)
    ranks = places([one.average for one in judged])
    return [replace(one, rank=rank) for one, rank in zip(judged, ranks, strict=True)]


def _progress(frame: Frame) -> list[Progress]:
    """Return the progress of what the frame's unit has targets for."""
    return progress_of(Reading(frame).only(bound=True))


def _standing(board: Organization, rows: list[Progress]) -> Standing:
    judged = [row for row in rows if row.status]
    return Standing(board, judged, mean([row.percent for row in judged]))
