"""Figures by board and by month, each with one query per indicator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.db.models.functions import ExtractMonth, Substr

from actions.models import Target
from actions.progress.indicator import Indicator, Number
from actions.progress.within import Within
from mofu.accounts.models import Organization
from mofu.accounts.models.organization import BOARD_DEPTH, STEP
from mofu.registers.columns import shown
from mofu.registers.partial_dates import PartialDateField

OTHER = "市直及产业"


def by_board(indicator: Indicator, within: Within) -> dict[str, Number]:
    """Return the figure by the path of the unit right below the city; city-level rows under their own path."""
    path = "path" if indicator.home == "self" else f"{indicator.home}__path"
    rows = indicator.rows(within).order_by().annotate(board=Substr(path, 1, STEP * BOARD_DEPTH))
    return {
        board: figure or 0
        for board, figure in rows.values("board").annotate(n=indicator.measure).values_list("board", "n")
    }


def by_month(indicator: Indicator, within: Within) -> dict[int, Number]:
    """Return the figure of each month 1–12 of the frame's year; only for indicators with a date."""
    rows = indicator.in_month(within, within.period).order_by()
    column = rows.model._meta.get_field(indicator.dated)
    month = (
        Substr(F(indicator.dated), 6, 2)
        if isinstance(column, PartialDateField)
        else ExtractMonth(indicator.dated)
    )
    counts: dict[int, Number] = dict.fromkeys(range(1, 13), 0)
    for found, figure in (
        rows.annotate(month=month).values("month").annotate(n=indicator.measure).values_list("month", "n")
    ):
        if found:  # a date known to the year only belongs to no month
            counts[int(found)] = figure or 0
    return counts


@dataclass(frozen=True)
class BoardRow:
    """One board in a table of several indicators: its figures, targets and links in the indicators' order."""

    name: str
    cells: list[BoardCell]


@dataclass(frozen=True)
class BoardCell:
    """One figure of one board; ``target`` is its own target's number as text, empty for none."""

    value: Number
    url: str
    target: str = ""


@dataclass(frozen=True)
class BoardTable:
    """Indicators by board; the parts' sums stand against the whole."""

    indicators: Sequence[Indicator]
    rows: list[BoardRow]
    whole: list[Number]
    parts_targets: list[str]


def board_table(indicators: Sequence[Indicator], within: Within, year: int) -> BoardTable:
    """Return the table of the boards the user sees, and one row for everything outside the boards."""
    boards = list(Organization.objects.visible_to(within.user).within(within.path).boards())
    figures = [by_board(found, within) for found in indicators]
    targets = _board_targets(boards, year)
    rows = [
        BoardRow(
            str(board),
            [
                _cell(found, counts, board, targets, year)
                for found, counts in zip(indicators, figures, strict=True)
            ],
        )
        for board in boards
    ]
    paths = {board.path for board in boards}
    rest = [sum((n for path, n in counts.items() if path not in paths), start=0) for counts in figures]
    if any(rest):
        rows.append(BoardRow(OTHER, [BoardCell(figure, "") for figure in rest]))
    whole = [sum(counts.values(), start=0) for counts in figures]
    return BoardTable(indicators, rows, whole, [_sum_of_parts(found, targets) for found in indicators])


def _cell(
    indicator: Indicator,
    counts: dict[str, Number],
    board: Organization,
    targets: dict[tuple[int, str], Target],
    year: int,
) -> BoardCell:
    target = targets.get((board.pk, indicator.code))
    return BoardCell(
        counts.get(board.path, 0),
        indicator.url(year=year, org=board.code),
        shown(target.value) if target else "",
    )


def _board_targets(boards: Sequence[Organization], year: int) -> dict[tuple[int, str], Target]:
    rows = Target.objects.unscoped("targets are orders given to units, no personal data").filter(
        org__in=boards
    )
    return {(target.org_id, target.indicator): target for target in rows.in_year(year)}


def _sum_of_parts(indicator: Indicator, targets: dict[tuple[int, str], Target]) -> str:
    values = [target.value for (_, code), target in targets.items() if code == indicator.code]
    return shown(sum(values)) if values else ""
