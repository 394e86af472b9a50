"""Figures by board, or by the units below one, and by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.functions import Substr

from actions.models import TargetPeriod
from actions.progress.frame import Frame
from actions.progress.indicator import Indicator, Number
from actions.progress.reading import Reading
from actions.progress.targets import Progress, measured_in
from mofu.accounts.models import Organization
from mofu.accounts.models.organization import BOARD_DEPTH, STEP
from mofu.registers.columns import shown

OTHER = "市直及产业"
_SPANS = {TargetPeriod.MONTH: "每月", TargetPeriod.YEAR: "每年", TargetPeriod.PROGRAMME: "全程"}
OUTSIDE = "outside"  # stands for a unit code in addresses: everything outside the boards


@dataclass(frozen=True)
class BoardRow:
    """One board in a table of several indicators: its figures, targets and links in the indicators' order.

    ``unit`` is None for the row of what lies in no unit below.
    """

    name: str
    cells: list[BoardCell]
    unit: Organization | None = None


@dataclass(frozen=True)
class BoardCell:
    """One figure of one board; ``progress`` holds it against the board's own target, None where there is none.

    ``target`` is that target as text; it names its span where that is not the column's.
    """

    value: Number
    url: str
    progress: Progress | None = None
    target: str = ""

    @property
    def share(self) -> int | None:
        """The whole per cent reached of that target; None where there is none, or nothing was due yet."""
        return self.progress.percent if self.progress and self.progress.status else None


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

    def aim(self, period: str, value: Decimal) -> str:
        """Return a target as text, with its span where another one is counted in this column."""
        own = TargetPeriod.PROGRAMME if self.programme else TargetPeriod.YEAR
        return f"{'' if period == own else _SPANS[TargetPeriod(period)]}{shown(value)}"


@dataclass(frozen=True)
class BoardTable:
    """Indicators by board; the parts' sums stand against the whole."""

    columns: list[BoardColumn]
    rows: list[BoardRow]
    whole: list[BoardCell]
    parts_targets: list[str]


def board_table(reading: Reading, indicators: Sequence[Indicator] | None = None) -> BoardTable:
    """Return the table of the units right below the frame's that the user sees, and of what lies beside them.

    ``indicators``: some of those read, by default all.

    For the whole city these are the boards. An indicator whose target binds the whole programme is counted over the
    whole programme.
    """
    frame = reading.frame
    columns = [_column(reading, found) for found in indicators or reading.indicators]
    units = _units_below(frame, columns)
    rows = [BoardRow(str(unit), [_cell(reading, column, unit) for column in columns], unit) for unit in units]
    paths = {unit.path for unit in units}
    rest = [sum((n for path, n in column.counts.items() if path not in paths), start=0) for column in columns]
    if any(rest):
        name, code = (frame.org.name + "本级", None) if frame.path else (OTHER, OUTSIDE)
        cells = [_sum(frame, column, figure, code) for column, figure in zip(columns, rest, strict=True)]
        rows.append(BoardRow(name, cells))
    whole = [_sum(frame, column, sum(column.counts.values(), start=0)) for column in columns]
    return BoardTable(
        columns, rows, whole, [_sum_of_targets(rows, at, column) for at, column in enumerate(columns)]
    )


def _units_below(frame: Frame, columns: Sequence[BoardColumn]) -> list[Organization]:
    """Return the boards; below a board the units that have any figure, those active in most first."""
    if not frame.path:
        return frame.boards
    counted = {path for column in columns for path, count in column.counts.items() if count}
    visible = Organization.objects.visible_to(frame.user)
    found = visible.filter(parent=frame.org, path__in=counted).order_by("path")
    return sorted(found, key=lambda unit: -sum(column.counts.get(unit.path, 0) > 0 for column in columns))


def _with_board(indicator: Indicator, rows: QuerySet) -> QuerySet:
    """Annotate ``board``: the path of the unit right below the city that a row belongs to."""
    path = "path" if indicator.home == "self" else f"{indicator.home}__path"
    return rows.annotate(board=Substr(path, 1, STEP * BOARD_DEPTH))


def outside_boards(indicator: Indicator, rows: QuerySet) -> QuerySet:
    """Keep the rows that belong to no board: the city's own, unions, direct units."""
    boards = Organization.objects.unscoped("the tree's own boards, no personal data").boards()
    return _with_board(indicator, rows).exclude(board__in=list(boards.values_list("path", flat=True)))


def _sum(frame: Frame, column: BoardColumn, figure: Number, org: str | None = "") -> BoardCell:
    """A figure with the address of its rows; ``org`` None: they have none of their own."""
    url = "" if org is None else frame.link(column.indicator, programme=column.programme, org=org)
    return BoardCell(figure, url)


def _column(reading: Reading, indicator: Indicator) -> BoardColumn:
    span = reading.span(indicator)
    return BoardColumn(indicator, span == "programme", reading.figures.by_part(indicator.code, span))


def _cell(reading: Reading, column: BoardColumn, board: Organization) -> BoardCell:
    progress = measured_in(reading, column.indicator, board)
    return BoardCell(
        column.counts.get(board.path, 0),
        reading.frame.link(column.indicator, programme=column.programme, org=board.code),
        progress,
        column.aim(progress.target.period, progress.target.value) if progress else "",
    )


def _sum_of_targets(rows: Sequence[BoardRow], at: int, column: BoardColumn) -> str:
    """Return the sum of the units' targets in one column as text; empty where there are none, or spans differ."""
    aims = [cell.progress.target for row in rows if (cell := row.cells[at]).progress]
    spans = {aim.period for aim in aims}
    if len(spans) != 1:
        return ""
    return column.aim(spans.pop(), sum((aim.value for aim in aims), start=Decimal(0)))


@dataclass(frozen=True)
class MonthRow:
    """One indicator over the twelve months, each figure with the address of its rows."""

    indicator: Indicator
    months: list[tuple[int, Number, str]]
    total: Number
    url: str


@dataclass(frozen=True)
class MonthTable:
    """Indicators by month. ``numbers`` are the months, 0 for what has none; ``idle`` those before the programme."""

    numbers: list[int]
    idle: list[int]
    rows: list[MonthRow]


def month_table(reading: Reading) -> MonthTable:
    """Return the months of all indicators that have dates; a column for unknown months only where one is needed."""
    dated = [(found, reading.figures.by_month(found.code)) for found in reading.indicators if found.dated]
    unknown = [0] if any(counts.get(0) for _, counts in dated) else []
    numbers = [*range(1, 13), *unknown]
    rows = [_month_row(reading.frame, *row, numbers) for row in dated]
    return MonthTable(numbers, reading.frame.months.idle, rows)


def _month_row(frame: Frame, indicator: Indicator, counts: dict[int, Number], numbers: list[int]) -> MonthRow:
    cells = [(month, counts.get(month, 0), frame.link(indicator, month=month)) for month in numbers]
    return MonthRow(indicator, cells, sum(counts.values(), start=0), frame.link(indicator))
