"""All five actions at a glance: rings of the targets, boards against their own targets, boards in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from actions.dashboards.panel import COLOUR, Cell, Panel, heat_of
from actions.progress.breakdown import BoardTable
from actions.progress.standings import standings
from actions.progress.targets import Progress
from mofu.documents.chart import LIGHT, Datum, Palette
from mofu.documents.charts import ranking, rings


def panels(rows: Sequence[Progress], boards: BoardTable) -> Iterator[Panel | None]:
    """Yield the panels of the page."""
    yield _targets(rows)
    yield matrix(boards)
    yield standing(boards)


def _targets(rows: Sequence[Progress], *, palette: Palette = LIGHT) -> Panel:
    title = "主要目标完成率"
    bound = [row for row in rows if row.target]
    data = [
        (row.label, Datum(row.percent, row.url, COLOUR[row.status] if row.status else palette.series[7]))
        for row in bound
    ]
    lines = [
        (
            Cell(row.label),
            Cell(row.shown + row.unit, row.url),
            Cell(row.goal),
            Cell(f"{row.percent}%"),
            Cell(row.status_label),
        )
        for row in bound
    ]
    heads = ("指标", "完成", "目标", "完成率", "状态")
    return Panel(title, heads, lines, rings(title, data, palette=palette) if data else None, wide=True,
                 empty="本单位没有设定数字目标。")  # fmt: skip


def matrix(boards: BoardTable, *, palette: Palette = LIGHT) -> Panel | None:
    """Return the boards' shares of their own targets, indicator by indicator; None where no board has a target."""
    title = "各单位分解目标完成率（%）"
    bound = _bound(boards)
    if not bound.columns or not bound.rows:
        return None
    rows = [
        (
            Cell(row.name),
            *(Cell(None if cell.share is None else f"{cell.share}%", cell.url) for cell in row.cells),
        )
        for row in bound.rows
    ]
    heads = ("单位", *(column.label for column in bound.columns))
    return Panel(title, heads, rows, heat_of(title, bound, palette=palette), wide=True)


def own_targets(rows: Sequence[Progress], *, palette: Palette = LIGHT) -> Panel:
    """Return how far the targets of the frame's own unit are reached, as bars that read from afar."""
    title = "各项目标完成率"
    data = [(row.label, Datum(row.percent, row.url)) for row in rows if row.target]
    chart = ranking(title, data, unit="%", palette=palette) if data else None
    return Panel(
        title, ("指标", "完成率（%）"), [(Cell(name), Cell(one.value, one.url)) for name, one in data], chart
    )


def standing(boards: BoardTable, *, palette: Palette = LIGHT) -> Panel | None:
    """Return the boards by the mean share of their targets, the first on top; None where no board has a target."""
    title = "各单位综合完成率排名"
    ordered = standings(boards)
    if not ordered:
        return None
    chart = ranking(title, [(one.name, Datum(one.average)) for one in ordered], unit="%", palette=palette)
    rows = [(Cell(one.rank), Cell(one.name), Cell(one.average)) for one in ordered]
    note = "综合完成率是该单位各项分解目标完成率（每项最高计100%）的平均数。"
    return Panel(title, ("名次", "单位", "综合完成率（%）"), rows, chart, note=note, wide=True)


def _bound(boards: BoardTable) -> BoardTable:
    """Keep the columns in which some board has a target, and the boards with one."""
    kept = [
        at for at in range(len(boards.columns)) if any(row.cells[at].share is not None for row in boards.rows)
    ]
    rows = [replace(row, cells=[row.cells[at] for at in kept]) for row in boards.rows]
    rows = [row for row in rows if any(cell.share is not None for cell in row.cells)]
    return BoardTable([boards.columns[at] for at in kept], rows, [boards.whole[at] for at in kept], [])
