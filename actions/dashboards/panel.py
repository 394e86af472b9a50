"""A panel: one question, answered by a chart and the table behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from actions.progress.breakdown import BoardTable, MonthTable
from actions.progress.frame import Frame
from actions.progress.indicator import Number
from actions.progress.slices import Share
from actions.progress.status import Status
from actions.progress.targets import Progress
from mofu.documents.chart import LIGHT, Chart, Datum, Palette
from mofu.documents.charts import heat
from mofu.documents.report import Report, Section, Table
from mofu.documents.values import Kind

COLOUR = {
    Status.DONE: "#1a6b3c",
    Status.ON_TRACK: "#1d4f86",
    Status.BEHIND: "#c98700",
    Status.FAR_BEHIND: "#b5121b",
}
AT_MOST = 12  # rows of a table on a page; the link above it opens all


@dataclass(frozen=True)
class Cell:
    """A figure or a word of a table, with the address of what is behind it."""

    value: Number | str | date | None
    url: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is set flush right."""
        return not isinstance(self.value, str | date)


@dataclass(frozen=True)
class Panel:
    """``note`` says in words what to see; ``more`` opens all rows where the table shows some; ``wide`` takes both columns."""

    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    chart: Chart | None = None
    note: str = ""
    empty: str = "暂无数据"
    more: str = ""
    wide: bool = False

    @property
    def table(self) -> Table | None:
        """The panel's figures as a block of a report, None for a panel without any."""
        if not self.columns:
            return None
        kinds = [self._kind(place) for place in range(len(self.columns))]
        values = [[cell.value for cell in row] for row in self.rows]
        return Table(self.title, self.columns, values, kinds=kinds, note=self.note)

    def _kind(self, column: int) -> Kind:
        cells = [row[column].value for row in self.rows]
        if cells and all(isinstance(value, date) or value is None for value in cells):
            return "date"
        return "number" if cells and all(not isinstance(value, str | date) for value in cells) else "text"


def of_shares(
    title: str, chart: Chart | None, name: str, unit: str, parts: Sequence[Share], **more: bool
) -> Panel:
    """Return the panel of the parts of a figure."""
    rows = [(Cell(part.label), Cell(part.count, part.url)) for part in parts]
    return Panel(title, (name, f"数量（{unit}）"), rows, chart if parts else None, **more)


def slices(parts: Iterable[Share]) -> list[Datum]:
    """Return parts as the data of a ring."""
    return [Datum(part.count, part.url, name=part.label) for part in parts]


def bars(parts: Iterable[Share]) -> list[tuple[str, Datum]]:
    """Return parts as the rows of a ranking, the largest first."""
    ordered = sorted(parts, key=lambda part: -part.count)
    return [(part.label, Datum(part.count, part.url)) for part in ordered]


def heat_of(title: str, boards: BoardTable, *, palette: Palette = LIGHT) -> Chart:
    """Return the boards' share of their own targets by indicator; a cell without a target is left out."""
    columns = [column.label for column in boards.columns]
    rows = [
        (
            row.name,
            [
                Datum(cell.share, cell.url, _shade(cell.share)) if cell.share is not None else Datum(None)
                for cell in row.cells
            ],
        )
        for row in boards.rows
    ]
    return heat(title, columns, rows, palette=palette)


def _shade(share: int) -> str:
    steps = ((100, COLOUR[Status.DONE]), (75, "#3f7d57"), (50, "#f0d9a0"), (25, "#e9b98a"), (0, "#dd8a86"))
    return next(colour for least, colour in steps if share >= least)


def as_report(frame: Frame, title: str, progress: Sequence[Progress], months: MonthTable | None,
              boards: BoardTable | None, panels: Sequence[Panel]) -> Report:  # fmt: skip
    """Return what a page shows as a report, for its workbook."""
    sections = [Section("指标与进度", blocks=[_progress_table(progress)])] if progress else []
    sections += [Section(panel.title, blocks=[panel.table]) for panel in panels if panel.table]
    if boards and boards.rows:
        sections.append(Section("分单位情况", blocks=[_board_table(boards)], sheet="分单位"))
    if months and months.rows:
        sections.append(Section("分月情况", blocks=[_month_table(months)], sheet="分月"))
    return Report(
        title, f"{frame.org.name}　{frame.year}年　截至{frame.today}", frame.org.name, frame.today, sections
    )


def _progress_table(rows: Sequence[Progress]) -> Table:
    body = [
        (row.label, row.value, row.unit, row.goal or "—", f"{row.percent}%" if row.target else "—",
         row.status_label or "—", row.forecast.words if row.forecast else row.note)
        for row in rows
    ]  # fmt: skip
    kinds: list[Kind] = ["text", "number", "text", "text", "text", "text", "text"]
    return Table(
        "指标与进度", ("指标", "数量", "单位", "目标", "完成率", "状态", "说明与预计"), body, kinds=kinds
    )


def _board_table(boards: BoardTable) -> Table:
    body: list[list[Number | str]] = [[row.name, *(cell.value for cell in row.cells)] for row in boards.rows]
    body.append(["合计", *(cell.value for cell in boards.whole)])
    kinds: list[Kind] = ["text", *("number" for _ in boards.columns)]  # type: ignore[list-item]
    columns = ["单位", *(column.label for column in boards.columns)]
    return Table("分单位情况", columns, body, kinds=kinds, total_row=True)


def _month_table(months: MonthTable) -> Table:
    names = [f"{number}月" if number else "月份不详" for number in months.numbers]
    body = [[row.indicator.label, *(figure for _, figure, _ in row.months), row.total] for row in months.rows]
    kinds: list[Kind] = ["text", *("number" for _ in names), "number"]  # type: ignore[list-item]
    return Table("分月情况", ("指标", *names, "合计"), body, kinds=kinds)
