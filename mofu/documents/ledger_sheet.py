"""One sheet of a 台账 workbook: a register on paper as the unions are used to it (facts.md C.3).

row 1   title, merged and centred
row 2   填报单位：…                                填报日期：2024年6月22日
row 3   filters in words, when there are any
header  序号 | 姓名 | …            frozen, filterable, repeated on every printed page
rows
合计    SUM cells that carry their value, when asked for
        单位负责人：        填表人：        联系电话：
        制表人：…　制表时间：…     who made the file and when, also at the foot of every printed page
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice

from mofu.documents import spreadsheetml as xml
from mofu.documents.spreadsheetml import Style, body_cell, column_letters, sum_cell, text_cell
from mofu.documents.values import Kind, as_text, is_number, long_date

NUMBER_HEADER = "序号"
NUMBER_WIDTH = 6.0
TOTAL_LABEL = "合计"
SIGN_OFF = ("单位负责人：", "填表人：", "联系电话：")
ROWS_AT_ONCE = 500
"""Rows joined before they are compressed; also how often a streamed download moves on."""

_SIGNS_ROWS = 4  # 合计, the gap, the sign-off line and who made the file
_NARROWEST: dict[Kind, float] = {"text": 9, "int": 7, "number": 10, "date": 12, "percent": 9}
_WIDEST = 36
_SAMPLE = 200  # rows looked at to choose the width of a column that states none
_FOOTER = 120  # characters of ``made`` on printed pages
_LINE = 14.5  # points per line of body text


class TooManyRows(ValueError):  # noqa: N818  # it is what happened, in the words of the page that reports it
    """The register does not fit on one Excel sheet."""

    def __init__(self) -> None:
        super().__init__("数据超出一张 Excel 工作表的容量，请缩小筛选范围后分批导出。")


@dataclass(frozen=True)
class LedgerColumn:
    """One column: header, kind of its values, summed or not.

    ``width`` counts characters of the default font, a Chinese one twice; 0 fits header and first rows.
    """

    header: str
    kind: Kind = "text"
    width: float = 0
    total: bool = False


@dataclass
class Ledger:
    """One sheet. ``rows`` hold one value per column and are read once, so a generator will do.

    With ``numbered`` a 序号 column is put in front of ``columns`` (the rows do not contain it). ``frozen`` is how
    many of ``columns`` stay in sight beside it. ``totals`` adds a 合计 row over the columns marked ``total``.
    ``unit`` is the reporting unit, ``date`` the day of reporting, ``filters`` what was selected, in words; ``made``
    says who made the file, when and how, also among the file's properties; ``code`` is the number of its mark.
    """

    title: str
    columns: Sequence[LedgerColumn]
    rows: Iterable[Sequence[object]]
    unit: str
    date: datetime.date
    filters: str = ""
    totals: bool = False
    sheet_name: str = ""
    numbered: bool = True
    frozen: int = 1
    made: str = ""
    code: str = ""
    written: int = field(default=0, init=False)
    """Number of rows written so far."""

    @property
    def header_row(self) -> int:
        """1-based row of the column headers; the data starts below it."""
        return 4 if self.filters else 3

    @property
    def all_columns(self) -> list[LedgerColumn]:
        """The columns as they stand on the sheet, 序号 included."""
        front = [LedgerColumn(NUMBER_HEADER, "int", NUMBER_WIDTH)] if self.numbered else []
        return [*front, *self.columns]


def sheet_xml(sheet: Ledger, *, selected: bool) -> Iterator[str]:
    """The sheet part in pieces; ``selected`` marks the sheet that is in front when the file is opened."""
    rows = iter(sheet.rows)
    sample = list(islice(rows, _SAMPLE))
    widths = _fitted_widths(sheet, sample)
    sums = {n: Decimal(0) for n, column in enumerate(sheet.all_columns) if sheet.totals and column.total}
    yield _sheet_head(sheet, widths, selected=selected)
    yield _head_rows(sheet, widths)
    yield from _body_rows(sheet, chain(sample, rows), widths, sums)
    yield _closing_rows(sheet, sums)
    yield _sheet_tail(sheet, _right_half(widths))


def _characters(text: str) -> int:
    """Width in characters: GB 18030 spends two bytes on what is two characters wide (four on rare ones)."""
    return len(text.encode("gb18030", "replace"))


def _fitted_widths(sheet: Ledger, sample: Sequence[Sequence[object]]) -> list[float]:
    """Width of every column on the sheet; ``ValueError`` when a row has not one value per column."""
    held = list(zip(*sample, strict=True)) or [()] * len(sheet.columns)
    widths = [NUMBER_WIDTH] if sheet.numbered else []
    for column, values in zip(sheet.columns, held, strict=True):
        longest = max((_characters(as_text(value, column.kind)) for value in values), default=0)
        fitting = max(longest + 2, _characters(column.header) + 3, _NARROWEST[column.kind])
        widths.append(column.width or min(fitting, _WIDEST))
    return widths


def _sheet_head(sheet: Ledger, widths: Sequence[float], *, selected: bool) -> str:
    across = min(sheet.frozen + sheet.numbered, len(widths) - 1)
    corner = f"{column_letters(across)}{sheet.header_row + 1}"
    pane = "bottomRight" if across else "bottomLeft"
    split = f'xSplit="{across}" ' if across else ""
    cols = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, start=1)
    )
    return (
        f'{xml.HEAD}<worksheet xmlns="{xml.MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView {'tabSelected="1" ' if selected else ""}workbookViewId="0">'
        f'<pane {split}ySplit="{sheet.header_row}" topLeftCell="{corner}" activePane="{pane}"'
        ' state="frozen"/>'
        f'<selection pane="{pane}" activeCell="{corner}" sqref="{corner}"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="16.5"/><cols>{cols}</cols><sheetData>'
    )


def _row(number: int, cells: str, height: float = 0) -> str:
    size = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{number}"{size}>{cells}</row>'


def _head_rows(sheet: Ledger, widths: Sequence[float]) -> str:
    columns = sheet.all_columns
    unit, day = f"填报单位：{sheet.unit}", f"填报日期：{long_date(sheet.date)}"
    if len(columns) == 1:
        second = text_cell("A2", f"{unit}　{day}", Style.LEFT)
    else:
        second = text_cell("A2", unit, Style.LEFT) + text_cell(
            f"{column_letters(_right_half(widths))}2", day, Style.RIGHT
        )
    rows = [_row(1, text_cell("A1", sheet.title, Style.TITLE), 36), _row(2, second, 20)]
    if sheet.filters:
        rows.append(_row(3, text_cell("A3", f"筛选条件：{sheet.filters}", Style.LEFT), 20))
    headers = (
        text_cell(f"{column_letters(index)}{sheet.header_row}", column.header, Style.HEADER)
        for index, column in enumerate(columns)
    )
    rows.append(_row(sheet.header_row, "".join(headers), _header_height(columns, widths)))
    return "".join(rows)


def _right_half(widths: Sequence[float]) -> int:
    """0-based column where the right half of row 2 starts: past half of the width, at least one column in."""
    half, so_far = sum(widths) / 2, 0.0
    for index, width in enumerate(widths):
        so_far += width
        if so_far > half:
            return max(1, min(index, len(widths) - 1))
    return len(widths) - 1


def _header_height(columns: Sequence[LedgerColumn], widths: Sequence[float]) -> float:
    lines = max(_lines(column.header, width / 1.15) for column, width in zip(columns, widths, strict=True))
    return 14 + 15 * lines


def _lines(text: str, width: float) -> int:
    """How many lines the text takes in a column this wide (characters)."""
    if len(text) < width - 1 and text.isascii() and "\n" not in text:
        return 1
    return sum(max(1, -(-_characters(line) // max(int(width - 1), 1))) for line in text.split("\n"))


def _body_rows(
    sheet: Ledger, rows: Iterable[Sequence[object]], widths: Sequence[float], sums: dict[int, Decimal]
) -> Iterator[str]:
    first, room = sheet.header_row + 1, xml.LAST_ROW - sheet.header_row - _SIGNS_ROWS
    own = widths[sheet.numbered :]
    data = [(column_letters(n), column.kind) for n, column in enumerate(sheet.columns, start=sheet.numbered)]
    block: list[str] = []
    for count, values in enumerate(rows):
        if count >= room:
            raise TooManyRows
        row = first + count
        pairs = zip(data, values, strict=True)
        cells = [body_cell(f"{letters}{row}", value, kind) for (letters, kind), value in pairs]
        if sheet.numbered:
            cells.insert(0, f'<c r="A{row}" s="{Style.CENTRE:d}"><v>{count + 1}</v></c>')
        block.append(f'<row r="{row}"{_row_height(values, own)}>{"".join(cells)}</row>')
        _add_up(sums, values, sheet.numbered)
        sheet.written = count + 1
        if len(block) >= ROWS_AT_ONCE:
            yield "".join(block)
            block.clear()
    yield "".join(block)


def _row_height(values: Sequence[object], widths: Sequence[float]) -> str:
    """A stated height for a row whose text wraps: not every program works it out when it opens the file."""
    lines = 1
    for value, width in zip(values, widths, strict=True):
        if type(value) is str and (2 * len(value) >= width or "\n" in value):
            needed = _lines(value, width)
            lines = max(lines, needed)
    return f' ht="{min(3 + _LINE * lines, 400)}"' if lines > 1 else ""


def _add_up(sums: dict[int, Decimal], values: Sequence[object], offset: int) -> None:
    for index in sums:
        value = values[index - offset]
        if is_number(value):
            sums[index] += Decimal(str(value))


def last_data_row(sheet: Ledger) -> int:
    """1-based row of the last record written so far."""
    return sheet.header_row + sheet.written


def _closing_rows(sheet: Ledger, sums: dict[int, Decimal]) -> str:
    row, rows = last_data_row(sheet), []
    if sheet.totals:
        row += 1
        rows.append(_row(row, _total_cells(sheet, sums, row)))
    row += 2
    rows.append(_row(row, text_cell(f"A{row}", ("　" * 12).join(SIGN_OFF), Style.LEFT), 24))
    if sheet.made:
        rows.append(_row(row + 1, text_cell(f"A{row + 1}", sheet.made, Style.LEFT), 20))
    return "".join(rows)


def _total_cells(sheet: Ledger, sums: dict[int, Decimal], row: int) -> str:
    cells = []
    for index, column in enumerate(sheet.all_columns):
        letters = column_letters(index)
        if index in sums:
            span = f"{letters}{sheet.header_row + 1}:{letters}{row - 1}" if sheet.written else ""
            cells.append(sum_cell(f"{letters}{row}", span, sums[index], column.kind))
        else:
            cells.append(text_cell(f"{letters}{row}", "" if index else TOTAL_LABEL, Style.TOTAL_TEXT))
    return "".join(cells)


def _sheet_tail(sheet: Ledger, right: int) -> str:
    columns = sheet.all_columns
    last, head, end = column_letters(len(columns) - 1), sheet.header_row, last_data_row(sheet)
    merges = _merged_ranges(sheet, right)
    merged = "".join(f'<mergeCell ref="{span}"/>' for span in merges)
    return (
        f'</sheetData><autoFilter ref="A{head}:{last}{end}"/>'
        + (f'<mergeCells count="{len(merges)}">{merged}</mergeCells>' if merges else "")
        + '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>{_footer(sheet)}</oddFooter></headerFooter>"
        f'<ignoredErrors><ignoredError sqref="A{head}:{last}{end + 1}" numberStoredAsText="1"/>'
        "</ignoredErrors></worksheet>"
    )


def _footer(sheet: Ledger) -> str:
    """The foot of every printed page; Excel allows 255 characters, and reads an ampersand as a code."""
    made = xml.safe_text(sheet.made[:_FOOTER].replace("&", "&&"))
    return (f"&amp;L&amp;8{made}" if made else "") + "&amp;C第 &amp;P 页　共 &amp;N 页"


def _merged_ranges(sheet: Ledger, right: int) -> list[str]:
    width = len(sheet.all_columns)
    if width == 1:
        return []
    last = column_letters(width - 1)
    sign = last_data_row(sheet) + sheet.totals + 2
    signs = (sign, sign + 1) if sheet.made else (sign,)
    spans = [(f"A{row}", f"{last}{row}") for row in (1, *range(3, sheet.header_row), *signs)]
    spans.append(("A2", f"{column_letters(right - 1)}2"))
    spans.append((f"{column_letters(right)}2", f"{last}2"))
    return [f"{start}:{end}" for start, end in spans if start != end]
