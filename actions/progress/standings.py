"""How units stand against their own targets, ranked: one order for pages, the wall and reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.progress.breakdown import BoardRow, BoardTable
from actions.progress.status import mean, places
from actions.progress.targets import Progress
from mofu.accounts.models import Organization


@dataclass(frozen=True)
class Standing:
    """One unit: the progress of its own targets, their average in per cent, its rank (equal averages share one)."""

    board: Organization
    rows: Sequence[Progress]
    average: Decimal
    rank: int = 0

    @property
    def name(self) -> str:
        """The unit's name as tables show it."""
        return str(self.board)

    @property
    def share(self) -> str:
        """The average as text, always with one digit, so that columns and sentences agree: 87.5%, 75.0%."""
        return f"{self.average}%"


def standings(boards: BoardTable) -> list[Standing]:
    """Return the units of a table that have targets due, the best first; empty where there is nothing to compare."""
    found = [_standing(row.unit, row) for row in boards.rows if row.unit]
    judged = sorted((one for one in found if one.rows), key=lambda one: -one.average)
    ranks = places([one.average for one in judged])
    return [replace(one, rank=rank) for one, rank in zip(judged, ranks, strict=True)]


def _standing(unit: Organization, row: BoardRow) -> Standing:
    due = [cell.progress for cell in row.cells if cell.progress and cell.progress.status]
    return Standing(unit, due, mean([progress.percent for progress in due]))
