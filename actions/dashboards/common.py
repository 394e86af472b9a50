"""Panels that several pages share: months, the path to a yearly number, boards in order."""

from __future__ import annotations

from decimal import Decimal

from actions.dashboards.panel import COLOUR, Cell, Panel
from actions.models import Target, TargetPeriod
from actions.progress.breakdown import BoardTable
from actions.progress.indicator import INDICATORS, Number
from actions.progress.reading import Reading
from actions.progress.slices import Facets, Slice
from actions.progress.status import Status
from mofu.documents.chart import Chart, Datum, Series, running
from mofu.documents.charts import columns, ranking
from mofu.registers.columns import shown

MONTHS = [f"{month}月" for month in range(1, 13)]


def by_month(reading: Reading, code: str, title: str, *, floor: Target | None = None) -> Panel:
    """Return the months of one figure beside those of the year before; months below ``floor`` are red once they are over."""
    frame, indicator = reading.frame, INDICATORS[code]
    now, before = reading.figures.by_month(code), reading.figures.by_month(code, "before")
    least = floor.value if floor and floor.period == TargetPeriod.MONTH else None
    late = [month for month in frame.months.full if least is not None and now[month] < least]
    links = {month: frame.link(indicator, month=month) for month in range(1, 13)}
    bars = [
        Datum(now[month], links[month], COLOUR[Status.FAR_BEHIND] if month in late else "")
        for month in range(1, 13)
    ]
    line = Series(
        f"{frame.year - 1}年", [Datum(before[month]) for month in range(1, 13)], line=True, dashed=True
    )
    chart = columns(title, MONTHS, [Series(f"{frame.year}年", bars), line], floor=least)
    rows = [
        (Cell(MONTHS[month - 1]), Cell(now[month], links[month] if now[month] else ""), Cell(before[month]))
        for month in range(1, 13)
    ]
    heads = ("月份", f"{frame.year}年（{indicator.unit}）", f"{frame.year - 1}年（{indicator.unit}）")
    words = (
        f"不足{shown(least)}{indicator.unit}的月份：{'、'.join(MONTHS[month - 1] for month in late)}"
        if late
        else ""
    )
    return Panel(title, heads, rows, chart, note=words)


def path_to_target(reading: Reading, code: str, title: str) -> Panel | None:
    """Return the running sum by month against the straight line to the year's number; None without such a target."""
    frame, indicator = reading.frame, INDICATORS[code]
    target = reading.target(indicator)
    if target is None or target.period != TargetPeriod.YEAR:
        return None
    counts = reading.figures.by_month(code)
    sums = list(running(counts[month] for month in range(1, 13)))
    pace = _pace(reading, target.value)
    last = frame.months.begun[-1] if frame.months.begun else 0
    drawn = [Datum(value if month <= last else None) for month, value in enumerate(sums, start=1)]
    chart = columns(title, MONTHS, [
        Series("累计完成", drawn, line=True),
        Series("序时进度", [Datum(value) for value in pace], line=True, dashed=True),
    ], floor=target.value)  # fmt: skip
    rows = [
        (Cell(name), Cell(sums[at] if at < last else None), Cell(pace[at])) for at, name in enumerate(MONTHS)
    ]
    return Panel(title, ("月份", f"累计完成（{indicator.unit}）", "序时应完成"), rows, chart)


def _pace(reading: Reading, value: Decimal) -> list[Decimal | None]:
    """The straight line: what should be done by the end of each month since the programme began."""
    months = reading.frame.months
    bound = [month for month in range(1, 13) if month not in months.idle]
    return [
        (value * (bound.index(month) + 1) / len(bound)).quantize(Decimal("0.1")) if month in bound else None
        for month in range(1, 13)
    ]


def board_ranking(boards: BoardTable, code: str, title: str) -> Panel | None:
    """Return the units in the order of one figure, the first on top; None where there are not two."""
    at = next((place for place, column in enumerate(boards.columns) if column.indicator.code == code), None)
    if at is None or len(boards.rows) < 2:
        return None
    ordered = sorted(boards.rows, key=lambda row: -row.cells[at].value)[:20]
    rows = [
        (
            Cell(place),
            Cell(row.name),
            Cell(row.cells[at].value, row.cells[at].url),
            Cell(row.cells[at].target or "—"),
        )
        for place, row in enumerate(ordered, start=1)
    ]
    chart = _ranked(title, [(row.name, row.cells[at].value, row.cells[at].url) for row in ordered])
    unit = boards.columns[at].unit
    return Panel(title, ("名次", "单位", f"完成（{unit}）", "目标"), rows, chart)


def _ranked(title: str, rows: list[tuple[str, Number, str]]) -> Chart:
    return ranking(title, [(name, Datum(value, url)) for name, value, url in rows])


def crossed(facets: Facets, title: str, down: Slice, across: Slice, **more: str) -> Panel:
    """Return one quality by another: a bar for every part of ``down``, stacked by the parts of ``across``."""
    heads, lines = facets.crossed(down, across)
    stacks = [Series(head, [Datum(counts[at]) for _, counts in lines]) for at, head in enumerate(heads)]
    chart = columns(title, [label for label, _ in lines], stacks, stacked=True) if lines else None
    rows = [(Cell(label), *(Cell(count) for count in counts), Cell(sum(counts))) for label, counts in lines]
    return Panel(title, (down.title, *heads, "合计"), rows, chart, **more)
