"""Figures by board and by month, each with one query per indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Substr

from actions.models import Target, TargetPeriod
from actions.progress.frame import Frame
from actions.progress.indicator import Indicator, Number
from actions.progress.within import Within
from mofu.accounts.models import Organization
from mofu.accounts.models.organization import BOARD_DEPTH, STEP
from mofu.registers.columns import shown

OTHER = "市直及产业"
OUTSIDE = "outside"  # stands for a unit code in addresses: everything outside the boards


def by_board(indicator: Indicator, within: Within) -> dict[str, Number]:
    """Return the figure by the path of the unit right below the city; city-level rows under their own path.

    The database groups by unit, which can follow an index; units are folded into boards here.
    """
    path = "path" if indicator.home == "self" else f"{indicator.home}__path"
    rows = indicator.rows(within).order_by().values(path).annotate(n=indicator.measure)
    counts: dict[str, Number] = {}
    for unit, figure in rows.values_list(path, "n"):
        board = unit[: STEP * BOARD_DEPTH]
        counts[board] = counts.get(board, 0) + (figure or 0)
    return counts


def _with_board(indicator: Indicator, rows: QuerySet) -> QuerySet:
    """Annotate ``board``: the path of the unit right below the city that a row belongs to."""
    path = "path" if indicator.home == "self" else f"{indicator.home}__path"
    return rows.annotate(board=Substr(path, 1, STEP * BOARD_DEPTH))


def by_month(indicator: Indicator, within: Within) -> dict[int, Number]:
    """Return the figure of each month 1–12 of the frame's year, and under 0 of what is known to the year only.

    Only for indicators with a date; 0 is there only when something falls under it. The database groups by day, which
    needs no function call per row; days are folded into months here.
    """
    rows, period = indicator.rows(within), within.period
    if not indicator.may_lack_date(rows):
        rows = indicator.in_month(within, period)
    rows = rows.order_by().values(indicator.dated)
    counts: dict[int, Number] = dict.fromkeys(range(1, 13), 0)
    for day, figure in rows.annotate(n=indicator.measure).values_list(indicator.dated, "n"):
        if isinstance(day, date) and not period.start <= day <= period.end:
            continue
        month = int(str(day or "")[5:7] or 0)
        counts[month] = counts.get(month, 0) + (figure or 0)
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
class BoardColumn:
    """One indicator of the table: its figures by board path, of the year or of the whole programme."""

    indicator: Indicator
    programme: bool
    counts: Mapping[str, Number]

    @property
    def label(self) -> str:
        """The head of the column."""
        return f"{self.indicator.label}（全程）" if self.programme else self.indicator.label

    @property
    def unit(self) -> str:
        """The unit of the figures."""
        return self.indicator.unit


@dataclass(frozen=True)
class BoardTable:
    """Indicators by board; the parts' sums stand against the whole."""

    columns: list[BoardColumn]
    rows: list[BoardRow]
    whole: list[BoardCell]
    parts_targets: list[str]


def board_table(indicators: Sequence[Indicator], frame: Frame, targets: Mapping[str, Target]) -> BoardTable:
    """Return the table of the boards the user sees, and one row for everything outside the boards.

    An indicator whose target binds the whole programme is counted over the whole programme.
    """
    boards = list(Organization.objects.visible_to(frame.user).within(frame.path).boards())
    columns = [_column(found, frame, targets.get(found.code)) for found in indicators]
    parts = _board_targets(boards, frame.year)
    rows = [
        BoardRow(str(board), [_cell(frame, column, board, parts) for column in columns]) for board in boards
    ]
    paths = {board.path for board in boards}
    rest = [sum((n for path, n in column.counts.items() if path not in paths), start=0) for column in columns]
    if any(rest) and not frame.path:
        cells = [_sum(frame, column, figure, OUTSIDE) for column, figure in zip(columns, rest, strict=True)]
        rows.append(BoardRow(OTHER, cells))
    whole = [_sum(frame, column, sum(column.counts.values(), start=0)) for column in columns]
    return BoardTable(columns, rows, whole, [_sum_of_parts(column.indicator, parts) for column in columns])


def outside_boards(indicator: Indicator, rows: QuerySet) -> QuerySet:
    """Keep the rows that belong to no board: the city's own, unions, direct units."""
    boards = Organization.objects.unscoped("the tree's own boards, no personal data").boards()
    return _with_board(indicator, rows).exclude(board__in=list(boards.values_list("path", flat=True)))


def _sum(frame: Frame, column: BoardColumn, figure: Number, org: str = "") -> BoardCell:
    return BoardCell(figure, frame.link(column.indicator, programme=column.programme, org=org))


def _column(indicator: Indicator, frame: Frame, target: Target | None) -> BoardColumn:
    programme = target is not None and target.period == TargetPeriod.PROGRAMME
    counts = by_board(indicator, frame.within(programme=programme))
    return BoardColumn(indicator, programme, counts)


def _cell(
    frame: Frame, column: BoardColumn, board: Organization, parts: Mapping[tuple[int, str], Target]
) -> BoardCell:
    target = parts.get((board.pk, column.indicator.code))
    url = frame.link(column.indicator, programme=column.programme, org=board.code)
    return BoardCell(column.counts.get(board.path, 0), url, shown(target.value) if target else "")


def _board_targets(boards: Sequence[Organization], year: int) -> dict[tuple[int, str], Target]:
    rows = Target.objects.unscoped("targets are orders given to units, no personal data").filter(
        org__in=boards
    )
    return {(target.org_id, target.indicator): target for target in rows.for_year(year)}


def _sum_of_parts(indicator: Indicator, parts: Mapping[tuple[int, str], Target]) -> str:
    values = [target.value for (_, code), target in parts.items() if code == indicator.code]
    return shown(sum(values)) if values else ""
