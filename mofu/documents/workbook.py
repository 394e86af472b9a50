"""A report as a workbook: an overview sheet and the sheets its sections and tables name, all fit for printing."""

import datetime
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from mofu.documents.cached_values import Values, with_values
from mofu.documents.report import Block, Paragraph, Report, Section, Table, numbered
from mofu.documents.sheetnames import SheetNames
from mofu.documents.values import NUMERIC, Kind, as_text, is_number, local_time, long_date
from mofu.documents.values import Cell as Value
from mofu.documents.workbook_charts import ROWS, add_chart

OVERVIEW = "概览"
COLUMNS = 8
"""Columns a sheet without any table is taken to have: how far titles and paragraphs are merged."""

_PAGE_WIDTH = 110.0  # characters across a landscape A4 sheet at the body size
_FORMATS: dict[Kind, str] = {
    "text": "@",
    "int": "0",
    "number": "0.##",
    "date": 'yyyy"年"m"月"d"日"',  # as paper says it
    "percent": "0.0%",
}
_WIDEST = 40
_PAGE_ROWS = 36  # rows of a printed page, about
_BANNERS = 3  # lines at the head of a sheet
_LAST_FROZEN = 10  # a header further down would freeze most of the screen
_THIN = Side(style="thin", color="7F7F7F")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="EFEFEF")
_TITLE, _HEADING = Font(name="宋体", size=18, bold=True), Font(name="黑体", size=13)
_HEADER, _BODY, _BOLD = (
    Font(name="仿宋", size=11, bold=True),
    Font(name="宋体", size=10.5),
    Font(name="宋体", size=10.5, bold=True),
)


@dataclass
class _Page:
    """What goes on one sheet: the heading of each part (if any) and its blocks."""

    title: str
    parts: list[tuple[str, list[Block]]] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        return [block for _, blocks in self.parts for block in blocks if isinstance(block, Table)]


def to_xlsx(report: Report, step: Callable[[int, int], None] | None = None) -> bytes:
    """The report as an .xlsx file; numbers and dates are real ones, text stays text whatever it starts with.

    Totals that are sums are formulas, with their values beside them.
    """
    book, names = Workbook(), SheetNames()
    book.remove(book.active)
    book.properties.title, book.properties.creator = report.title, report.issuer
    book.properties.description = ILLEGAL_CHARACTERS_RE.sub("", report.mark) or None
    values: dict[int, Values] = {}
    pages = _pages(report)
    for number, (wanted, page) in enumerate(pages.items(), start=1):
        writer = _Writer(book.create_sheet(names.claim(wanted, OVERVIEW)), page, report)
        writer.write()
        values[number] = writer.values
        if step:
            step(number, len(pages))
    out = io.BytesIO()
    book.save(out)
    return with_values(out.getvalue(), values)


def _pages(report: Report) -> dict[str, _Page]:
    """Sheet name → page, in the order of the report, the overview first."""
    pages = {OVERVIEW: _Page(report.title)}
    for heading, section in report.sections_for("workbook"):
        own = section.sheet or OVERVIEW
        page = pages.setdefault(own, _Page(section.heading or own))
        page.parts.append(("" if section.heading == page.title else heading, list(_stay(section))))
        for table in section.blocks:
            if isinstance(table, Table) and table.sheet and table.sheet != own:
                pages.setdefault(table.sheet, _Page(table.caption or table.sheet)).parts.append(("", [table]))
    for annex in report.annexes:
        page = pages.setdefault(annex.title, _Page(annex.title))
        page.parts += [
            (heading, list(section.blocks)) for heading, section in numbered(annex.sections, "workbook")
        ]
    return {name: page for name, page in pages.items() if any(blocks for _, blocks in page.parts)}


def _stay(section: Section) -> Iterator[Block]:
    """The blocks that stay on the section's sheet; a table with a sheet of its own leaves a pointer."""
    own = section.sheet or OVERVIEW
    for block in section.blocks:
        if isinstance(block, Table) and block.sheet and block.sheet != own:
            yield Paragraph(f"{block.caption}：见工作表“{block.sheet}”。")
        else:
            yield block


class _Writer:
    """Writes one page onto one sheet, downwards."""

    def __init__(self, sheet: Worksheet, page: _Page, report: Report) -> None:
        self.sheet, self.page, self.report = sheet, page, report
        self.columns = max((len(table.columns) for table in page.tables), default=COLUMNS)
        self.widths = self._column_widths()
        self.row = 1
        self.values: dict[str, str] = {}  # what the formulas come to

    def write(self) -> None:
        """Title, issuing unit and date, the parts, then the print set-up."""
        self._print_setup()
        self._banner(self.page.title, _TITLE, "center", 36)
        if self.page.title == self.report.title and self.report.subtitle:
            self._banner(self.report.subtitle, _BODY, "center", 20)
        unit = f"填报单位：{self.report.issuer}　　" if self.report.issuer else ""
        self._banner(f"{unit}填报日期：{long_date(self.report.date)}", _BODY, "left", 20)
        for heading, blocks in self.page.parts:
            if heading:
                self._banner(heading, _HEADING, "left", 24)
            for block in blocks:
                self._block(block)

    def _column_widths(self) -> list[float]:
        """The share of the page each table asks for, or what its longest text needs, whichever is wider."""
        widths = [0.0] * self.columns
        for table in self.page.tables:
            longest = [
                max(map(_characters, texts)) for texts in zip(table.columns, *table.text_rows, strict=True)
            ]
            for index, (share, needed) in enumerate(zip(table.shares, longest, strict=True)):
                widths[index] = max(widths[index], share * _PAGE_WIDTH, min(needed + 2, _WIDEST))
        return [width or _PAGE_WIDTH / COLUMNS for width in widths]

    def _print_setup(self) -> None:
        sheet = self.sheet
        for index, width in enumerate(self.widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = round(width, 1)
        sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, "landscape"
        sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
        sheet.print_options.horizontalCentered = True
        sheet.oddFooter.center.text = "第 &P 页　共 &N 页"
        if self.report.mark:
            sheet.oddFooter.left.text = self.report.mark.replace("&", "&&")
            sheet.oddFooter.left.size = 8
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        sheet.page_margins.top = sheet.page_margins.bottom = 0.7

    def _banner(self, text: str, font: Font, align: str, height: float) -> None:
        """A line across the whole width."""
        cell = self._put(1, text, font, Alignment(horizontal=align, vertical="center", wrap_text=True))
        self.sheet.merge_cells(
            start_row=self.row, end_row=self.row, start_column=1, end_column=max(self.columns, 1)
        )
        self.sheet.row_dimensions[cell.row].height = height
        self.row += 1

    def _put(self, column: int, value: Value, font: Font, align: Alignment) -> Cell:
        cell = self.sheet.cell(self.row, column)
        cell.value = _plain(value)
        if isinstance(cell.value, str):
            cell.data_type = "s"  # openpyxl would make a formula of a leading "="
        cell.font, cell.alignment = font, align
        return cell

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            for line in block.lines:
                self._banner(line, _BODY, "left", 17 * _lines(line, sum(self.widths)))
        elif isinstance(block, Table):
            self._table(block)

    def _table(self, table: Table) -> None:
        if table.chart and _BANNERS < self.row > _PAGE_ROWS - len(table.rows) - ROWS:
            self.sheet.row_breaks.append(Break(self.row - 1))  # else the printer would cut the chart in two
        if table.caption and table.caption != self.page.title:
            self._banner(table.caption, _BOLD, "left", 20)
        header = self.row
        self._header(table)
        kinds = [table.kind(column) for column in range(len(table.columns))]
        body = table.rows[:-1] if table.total_row else table.rows
        for values in body:
            self._record(values, kinds)
        if table.total_row:
            self._totals(table, kinds, body)
        if not table.rows:
            self._banner("无记录", _BODY, "left", 18)
        if table.note:
            self._banner(f"注：{table.note}", _BODY, "left", 17 * _lines(table.note, sum(self.widths)))
        self.row += 1
        if add_chart(self.sheet, table, header, header + len(body)):
            self.row += ROWS

    def _totals(self, table: Table, kinds: list[Kind], body: Sequence[Sequence[Value]]) -> None:
        """The last row: a formula where the figures above add up to it, the plain figure where they do not (people)."""
        row, values = self.row, list(table.rows[-1])
        self._record(values, kinds, total=True)
        for column, value in enumerate(values):
            if is_sum(value, [record[column] for record in body]):
                cell = self.sheet.cell(row, column + 1)
                letter = cell.column_letter
                cell.value = f"=SUM({letter}{row - len(body)}:{letter}{row - 1})"
                self.values[cell.coordinate] = str(value)

    def _header(self, table: Table) -> None:
        align = Alignment(horizontal="center", vertical="center", wrap_text=True)
        for column, title in enumerate(table.columns, start=1):
            cell = self._put(column, title, _HEADER, align)
            cell.border, cell.fill = _GRID, _SHADE
        lines = max(_lines(title, width) for title, width in zip(table.columns, self.widths, strict=False))
        self.sheet.row_dimensions[self.row].height = 10 + 15 * lines
        if len(self.page.tables) == 1 and self.row <= _LAST_FROZEN:
            self.sheet.freeze_panes = f"A{self.row + 1}"
            self.sheet.print_title_rows = f"{self.row}:{self.row}"
        self.row += 1

    def _record(self, values: Sequence[Value], kinds: list[Kind], *, total: bool = False) -> None:
        for column, (value, kind) in enumerate(zip(values, kinds, strict=True), start=1):
            side = "right" if kind in NUMERIC and is_number(value) else "left"
            align = Alignment(horizontal=side, vertical="center", wrap_text=True)
            cell = self._put(column, value, _BOLD if total else _BODY, align)
            cell.border, cell.number_format = _GRID, _format(value, kind)
            if total:
                cell.fill = _SHADE
        texts = zip(values, self.widths, strict=False)
        lines = max((_lines(value, width) for value, width in texts if isinstance(value, str)), default=1)
        if lines > 1:
            self.sheet.row_dimensions[self.row].height = 4 + 14 * lines
        self.row += 1


def is_sum(total: Value, parts: Sequence[Value]) -> bool:
    """Whether ``total`` is a number and what the numbers in ``parts`` add up to, to the digit."""
    if not is_number(total) or not parts or not all(part is None or is_number(part) for part in parts):
        return False
    return sum(Decimal(str(part)) for part in parts if part is not None) == Decimal(str(total))


def _plain(value: Value) -> Value:
    """Finite numbers and dates as they are, moments in local time, everything else as the text paper shows."""
    if isinstance(value, datetime.datetime):
        return local_time(value)
    if is_number(value) or isinstance(value, datetime.date):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", as_text(value)) or None


def _format(value: Value, kind: Kind) -> str:
    """The number format of one cell: "0.##" would leave a lonely point behind a whole number."""
    if isinstance(value, str):
        return _FORMATS["text"]
    whole = kind == "number" and is_number(value) and value == int(value)  # type: ignore[arg-type]  # is_number says so
    return _FORMATS["int" if whole else kind]


def _characters(text: str) -> int:
    return len(text.encode("gb18030", "replace"))


def _lines(text: str, width: float) -> int:
    """How many lines the text takes in a column this wide (characters, a Chinese one counts twice)."""
    room = max(int(width) - 1, 2)
    return sum(max(1, -(-_characters(line) // room)) for line in text.split("\n"))
