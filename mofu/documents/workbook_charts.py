"""Native Excel charts below the tables of a report: drawn by the reader's own program from the cells above."""

from __future__ import annotations

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.label import DataLabelList
from openpyxl.worksheet.worksheet import Worksheet

from mofu.documents.report import Table

ROWS = 17
"""Rows of ordinary height that a chart covers."""

_WIDTH, _HEIGHT = 24.0, 8.2  # centimetres
_FEW = 2  # series at most that bear their figures


def add_chart(sheet: Worksheet, table: Table, header: int, last: int) -> bool:
    """Draw the table whose header is in row ``header`` and whose last record (totals aside) is in ``last``.

    Returns whether there was anything to draw; the chart stands two rows below ``last``.
    """
    numeric = [column for column in range(1, len(table.columns)) if table.is_numeric(column)]
    if not table.chart or last <= header or not numeric:
        return False
    chart = LineChart() if table.chart == "line" else BarChart()
    if isinstance(chart, BarChart):
        chart.type, chart.gapWidth = ("bar" if table.chart == "bar" else "col"), 60
    series = (
        _by_row(sheet, table, numeric, header)
        if table.chart == "line"
        else _by_column(sheet, table, numeric, header, last)
    )
    chart.series.extend(series)
    chart.set_categories(_categories(sheet, table, numeric, header, last))
    chart.title, chart.width, chart.height = table.caption or None, _WIDTH, _HEIGHT
    chart.legend.position = "b"
    chart.x_axis.delete = chart.y_axis.delete = False  # some programs hide axes that are not spoken of
    if len(series) <= _FEW:
        chart.dataLabels = DataLabelList(
            showVal=True, showSerName=False, showCatName=False, showLegendKey=False
        )
    sheet.add_chart(chart, f"A{last + 3}")
    return True


def _by_column(sheet: Worksheet, table: Table, numeric: list[int], header: int, last: int) -> list[Series]:
    chosen = [column for column in numeric if column in table.chart_picks] or numeric
    return [
        Series(
            Reference(sheet, min_col=column + 1, min_row=header + 1, max_row=last),
            title_from_data=False,
            title=table.columns[column],
        )
        for column in chosen
    ]


def _by_row(sheet: Worksheet, table: Table, numeric: list[int], header: int) -> list[Series]:
    records = range(len(table.rows) - table.total_row)
    chosen = [row for row in records if row in table.chart_picks] or records
    found = [
        Series(
            Reference(sheet, min_col=numeric[0] + 1, max_col=numeric[-1] + 1, min_row=header + 1 + row),
            title=str(table.rows[row][0]),
        )
        for row in chosen
    ]
    for series in found:
        series.smooth = False  # a curve between two months claims what nobody counted
    return found


def _categories(sheet: Worksheet, table: Table, numeric: list[int], header: int, last: int) -> Reference:
    if table.chart == "line":
        return Reference(sheet, min_col=numeric[0] + 1, max_col=numeric[-1] + 1, min_row=header)
    return Reference(sheet, min_col=1, min_row=header + 1, max_row=last)
