"""Tables of a report in Word, written straight into the XML: a thousand rows take a second, not a minute."""

from collections.abc import Sequence

from docx.document import Document as DocumentType
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.table import CT_Row, CT_Tc
from docx.shared import Mm
from docx.table import Table as WordTable

from mofu.documents import word_xml
from mofu.documents.report import Table
from mofu.documents.spreadsheetml import ILLEGAL
from mofu.documents.word_styles import TABLE_TEXT

_EMPTY = "无记录"


def add_table(document: DocumentType, table: Table, *, width: float) -> None:
    """Add a table ``width`` millimetres wide, with repeated header and rows that do not split."""
    body = list(table.text_rows) or [[_EMPTY, *[""] * (len(table.columns) - 1)]]
    grid = document.add_table(1 + len(body), len(table.columns), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    margins = parse_xml(word_xml.cell_margins(50).replace("<w:tblCellMar>", f"<w:tblCellMar {nsdecls('w')}>"))
    grid._tbl.tblPr.append(margins)  # python-docx knows no cell margins
    _set_widths(grid, table, Mm(width))
    rows = grid._tbl.tr_lst  # Table.rows walks the whole table for every cell
    style = document.styles[TABLE_TEXT].style_id
    _fill(rows[0], table.columns, ["center"] * len(table.columns), style, bold=False)
    _mark(rows[0], "w:tblHeader")
    sides = ["right" if table.is_numeric(column) else "left" for column in range(len(table.columns))]
    for row, texts in zip(rows[1:], body, strict=True):
        _fill(row, texts, sides, style, bold=table.total_row and row is rows[-1])
    for row in (*rows[:3], *rows[-3:-1]):  # three rows or more on either side of a page's end
        _keep_with_next(row)
    if not table.rows:
        _span_row(rows[1])


def _set_widths(grid: WordTable, table: Table, room: int) -> None:
    """Column widths in the grid and in every cell (WPS reads the one, Word the other)."""
    widths = [int(room * share) for share in table.shares]
    for column, width in zip(grid._tbl.tblGrid.gridCol_lst, widths, strict=True):  # as above
        column.w = width
    for row in grid._tbl.tr_lst:  # as above
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = width


def _fill(row: CT_Row, texts: Sequence[str], sides: Sequence[str], style: str, *, bold: bool) -> None:
    _mark(row, "w:cantSplit")
    for cell, text, side in zip(row.tc_lst, texts, sides, strict=True):
        _write_cell(cell, ILLEGAL.sub("\ufffd", text), style, side, bold=bold)


def _write_cell(cell: CT_Tc, text: str, style: str, side: str, *, bold: bool) -> None:
    """Text, style and alignment straight into the cell."""
    paragraph = cell.p_lst[0]
    paragraph.style = style
    if side != "left":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_r()
    run.text = text
    if bold:
        run.get_or_add_rPr().append(OxmlElement("w:b"))
    centred = OxmlElement("w:vAlign")
    centred.set(qn("w:val"), "center")
    cell.get_or_add_tcPr().append(centred)


def _keep_with_next(row: CT_Row) -> None:
    for cell in row.tc_lst:
        cell.p_lst[0].get_or_add_pPr().get_or_add_keepNext()


def _span_row(row: CT_Row) -> None:
    """Let the first cell take the whole row."""
    first, *others = row.tc_lst
    first.grid_span = 1 + len(others)
    for cell in others:
        row.remove(cell)


def _mark(row: CT_Row, name: str) -> None:
    """Switch a row property on: ``w:tblHeader`` (repeat on every page) or ``w:cantSplit``."""
    row.get_or_add_trPr().append(OxmlElement(name))
